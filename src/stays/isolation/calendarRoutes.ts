import { createRoute, z } from '@hono/zod-openapi'
import { allRecords } from '../../db/records.js'
import type { Tx } from '../../db/database.js'
import { REPORTED_FIGURES } from '../../facilities/beds.js'
import { bookedPools, PLACES } from '../../facilities/store.js'
import { filterBy, pageInOrder, pageShape } from '../../http/lists.js'
import { both, jsonBody, reads, told } from '../../http/openapi.js'
import { ONE_PAGE, pageOf } from '../../http/records.js'
import { routesOf, type Service } from '../../http/service.js'
import { isWithin, type Reach } from '../../kernel/roles.js'
import { text } from '../../kernel/text.js'
import { dayAfter, daySchema, dayOf, instantOf, instantSchema } from '../../kernel/time.js'
import { wordSchema } from '../../kernel/vocabulary.js'
import { dueObservations, LOOKED_BACK_DAYS, releaseCalendar, roomsByDay, seenKey, shortages, type UnknownRooms, unwellOf } from './calendar.js'
import { HALVES, SYMPTOM_ANSWERS, SYMPTOMS } from './contacts.js'
import { announcedNow, isolatedNow, remarkedNow, seenSince } from './store.js'

const tags = ['Isolation 隔离']
const windowShape = {
  ...pageShape,
  from: daySchema.optional().describe(both('自哪天起；不填即今天', 'From this day on; today when left out')),
  days: z.coerce.number().int().min(1).max(31).default(7).describe(both('几天', 'How many days')),
}
const unknownShape = {
  unknown: z.array(z.object({
    pool: z.string().describe(both('房间组', 'Pool of rooms')),
    figures: z.array(wordSchema(REPORTED_FIGURES)).describe(both('哪些数字', 'Which figures')),
  })).describe(both(
    '空房数未知的房间组，不是 0，也不在合计里，及其哪些数字无人报过；报床位数时补上（没有许给他人的，held 报 0），即计入',
    'Pools of which nobody knows how many rooms are free, not nought and not in the sum, and which of their figures nobody has reported; a report of beds with them (held 0 where none are promised) brings them in',
  )),
}
const unknownOut = (unknown: readonly UnknownRooms[]) => ({
  unknown: unknown.map(({ pool, figures }) => ({ pool, figures: [...figures] })),
})

const leavingSchema = z.object({
  day: daySchema, place: z.string(), unit: z.string(), count: z.int(),
  overdue: z.boolean().describe(both('早该解除，记在第一天', 'They ought to have been released before; counted on the first day')),
  contacts: z.array(z.string()),
}).meta({ id: 'Leaving' })
const siteDaySchema = z.object({
  place: z.string(), unit: z.string(), day: daySchema,
  free: z.int().nullable().describe(both('现在空房 + 至该日解除 − 至该日预告；各组都未知为 null，缺什么见 unknown', 'Free now, plus released by then, less announced by then; null where it is known of no pool: what is missing is in unknown')),
  released: z.int(), announced: z.int(), ...unknownShape,
}).meta({ id: 'RoomsOfDay' })
const shortageSchema = z.object({
  unit: z.string(), day: daySchema.describe(both('第一个不够的日子', 'The first day on which rooms do not suffice')),
  short: z.int().describe(both('那天缺几间', 'By how many on that day')),
  shortAtWorst: z.int().describe(both('期内最多缺几间', 'By how many at the worst')), ...unknownShape,
}).meta({ id: 'RoomShortage' })
const dueSchema = z.object({
  contact: z.string(), place: z.string(), pool: z.string(), day: daySchema, half: wordSchema(HALVES),
  overdue: z.boolean().describe(both('那半天已过', 'That half day has passed')),
}).meta({ id: 'ObservationDue' })
const unwellSchema = z.object({
  contact: z.string(), place: z.string(), pool: z.string(), day: daySchema, half: wordSchema(HALVES), temperatureTenths: z.int().nullable(), symptoms: z.array(wordSchema(SYMPTOMS)),
  recordedAt: instantSchema, recordedBy: z.string(),
  how: wordSchema(SYMPTOM_ANSWERS).nullable().describe(both('如何处置的；尚未处置为 null，列入逾期', 'What has answered it; null: nothing has, and it rings')), physician: z.string().nullable(), reason: z.string().nullable(),
}).meta({ id: 'SymptomsNow' })

const calendar = createRoute({
  method: 'get', path: '/isolation/release-calendar', tags, operationId: 'releaseCalendar',
  ...told(text('解除日历', 'Who is released when'), text('按日、隔离点、报告单位：几人、哪些编号。', 'By day, site and reporting unit: how many, and which ids.')),
  request: { query: z.object(windowShape) }, responses: { 200: jsonBody(pageOf(leavingSchema), ONE_PAGE), ...reads },
})
const rooms = createRoute({
  method: 'get', path: '/isolation/rooms-by-day', tags, operationId: 'roomsByDay',
  ...told(text('逐日空房', 'Rooms free by site and day'), text('现在空房，加至该日解除的，减至该日预告来的。', 'Free now, plus who is released by that day, less who is announced by it.')),
  request: { query: z.object(windowShape) }, responses: { 200: jsonBody(pageOf(siteDaySchema), ONE_PAGE), ...reads },
})
const lacking = createRoute({
  method: 'get', path: '/isolation/shortages', tags, operationId: 'roomShortages',
  ...told(text('房间将用尽的报告单位', 'Reporting units whose rooms run out'), text(
    '本单位各隔离点的空房，对照预告到这些隔离点的、以及本单位尚无去处的人：哪天起缺、缺几间。空房数未知的隔离点按没有空房算，缺什么数字见 unknown。',
    'Rooms free in the unit’s own sites against whoever is announced there, and whoever of the unit has no site yet: from which day on, and by how many. A site of which no room is known counts with none free; which figures are missing is in unknown.',
  )),
  request: { query: z.object(windowShape) }, responses: { 200: jsonBody(pageOf(shortageSchema), ONE_PAGE), ...reads },
})
const due = createRoute({
  method: 'get', path: '/isolation/observations-due', tags, operationId: 'observationsDue',
  ...told(text('待做的观察', 'Observations due now'), text('每人每日上午、下午各一次；未做的列出，早的在前，补至前两日。', 'Twice a day for everyone; those not taken are listed, the oldest first, two days back.')),
  request: {
    query: z.strictObject({
      ...pageShape, place: filterBy('places'),
      overdue: z.enum(['true', 'false']).optional().describe(both('false 只列此刻这半天尚未观察的，true 只列已过的半天', 'false: only those not yet seen in the half day that goes on; true: only half days that have passed')),
    }),
  },
  responses: { 200: jsonBody(pageOf(dueSchema), ONE_PAGE), ...reads },
})
const unwell = createRoute({
  method: 'get', path: '/isolation/symptoms', tags, operationId: 'listSymptoms',
  ...told(text('现有发热、症状的人', 'Who has fever or symptoms now'), text(
    '在隔离的人中，最近两个半天有 37.3 ℃ 以上或症状的，以及更早而至今未处置（延长或排除）的；每半天一行。',
    'Of those in isolation: 37.3 °C or more, or symptoms, in the last two half days, and what is older and has had no answer (extended or ruled out); a row for each half day.',
  )),
  request: { query: z.strictObject({ ...pageShape, place: filterBy('places') }) }, responses: { 200: jsonBody(pageOf(unwellSchema), ONE_PAGE), ...reads },
})

const isolationPicture = async (tx: Tx) => ({
  sites: await allRecords(tx, PLACES, null), rooms: await bookedPools(tx), inRooms: await isolatedNow(tx), announced: await announcedNow(tx),
})
/** What lies at a place that the asker looks after. */
const at = (reach: Reach) => ({ place }: { readonly place: string }): boolean => isWithin(reach, { place })

/** Isolation as a whole over HTTP: who leaves when, which rooms that frees, and what is to be done. */
export function calendarRoutes(service: Service) {
  const { db, clock } = service
  const windowOf = ({ from, days }: { from?: string | undefined; days: number }) => ({ from: from ?? dayOf(clock.now()), days })
  return routesOf(service)
    .openapi(calendar, async (c) => {
      const query = c.req.valid('query')
      const inRooms = (await db.inSnapshot(isolatedNow)).filter(at(c.get('reach')))
      const found = releaseCalendar(inRooms, windowOf(query))
      const { items, next } = pageInOrder(found, query, 'leaving')
      return c.json({ items: items.map(({ id: _, contacts, ...one }) => ({ ...one, count: contacts.length, contacts: [...contacts] })), next }, 200)
    })
    .openapi(rooms, async (c) => {
      const query = c.req.valid('query')
      const days = roomsByDay(await db.inSnapshot(isolationPicture), windowOf(query)).filter(at(c.get('reach')))
      const { items, next } = pageInOrder(days, query, 'rooms')
      return c.json({ items: items.map(({ id: _, unknown, ...one }) => ({ ...one, ...unknownOut(unknown) })), next }, 200)
    })
    .openapi(lacking, async (c) => {
      const query = c.req.valid('query')
      const picture = await db.inSnapshot(isolationPicture)
      const window = windowOf(query)
      const found = shortages(roomsByDay(picture, window), picture.announced, window).filter(({ id }) => isWithin(c.get('reach'), { unit: id }))
      const { items, next } = pageInOrder(found, query, 'shortages')
      return c.json({ items: items.map(({ id, unknown, ...one }) => ({ unit: id, ...one, ...unknownOut(unknown) })), next }, 200)
    })
    .openapi(due, async (c) => {
      const query = c.req.valid('query')
      const now = clock.now()
      const { inRooms, seen } = await db.inSnapshot(async (tx) => ({
        inRooms: await isolatedNow(tx), seen: await seenSince(tx, dayAfter(dayOf(now), -LOOKED_BACK_DAYS)),
      }))
      const asked = inRooms.filter(at(c.get('reach'))).filter(({ place }) => query.place === undefined || place === query.place)
      const found = dueObservations(asked, new Set(seen.map(seenKey)), now).filter(({ overdue }) => query.overdue === undefined || overdue === (query.overdue === 'true'))
      const { items, next } = pageInOrder(found, query, 'due')
      return c.json({ items: items.map(({ id: _, ...one }) => one), next }, 200)
    })
    .openapi(unwell, async (c) => {
      const query = c.req.valid('query')
      const { inRooms, remarked } = await db.inSnapshot(async (tx) => ({ inRooms: await isolatedNow(tx), remarked: await remarkedNow(tx) }))
      const asked = inRooms.filter(at(c.get('reach'))).filter(({ place }) => query.place === undefined || place === query.place)
      const { items, next } = pageInOrder(unwellOf(asked, remarked, clock.now()), query, 'symptoms')
      return c.json({ items: items.map(({ id: _, look: { day, half, temperatureTenths, symptoms, recordedAt, recordedBy }, answer, ...one }) => ({
        ...one, day, half, temperatureTenths, symptoms: [...symptoms], recordedAt: instantOf(recordedAt), recordedBy,
        how: answer?.how ?? null, physician: answer?.physician ?? null, reason: answer?.reason ?? null,
      })), next }, 200)
    })
}
