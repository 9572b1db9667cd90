import { createRoute, z } from '@hono/zod-openapi'
import { etagOf } from '../db/act.js'
import { type Answer, command } from '../http/command.js'
import { ABOUT, behind, cursorOf, filterBy, idFilter, pageShape, pastOf, pastShape } from '../http/lists.js'
import { both, changes, jsonBody, jsonRequest, keyHeaders, reads, readsOne, refused, told, unsafeHeaders, writesBody } from '../http/openapi.js'
import { idParams, pageOf, send } from '../http/records.js'
import { notFound } from '../kernel/refusal.js'
import { routesOf, type Service } from '../http/service.js'
import { soundCommand } from '../http/soundly.js'
import { isWithin } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { instantOf, instantOrNull, instantOrNullSchema, instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { admit, end, move } from './commands.js'
import { type Ending, ENDINGS } from './stays.js'
import { listStays, type Stay, stayById } from './store.js'

const tags = ['Stays 住院']
const bedShape = {
  place: z.string().min(1).max(200),
  pool: z.string().min(1).max(200).nullable().default(null).describe(both('只知道场所时为 null', 'Null where only the place is known')),
}
const at = instantSchema.optional().describe(both('何时发生；不填即此刻', 'When it happened; now when left out'))

const staySchema = z.object({
  id: z.string(), version: z.int(), case: z.string(), place: z.string(), pool: z.string().nullable(),
  beganAt: instantSchema, beganRecordedAt: instantSchema, beganRecordedBy: z.string(),
  endedAt: instantOrNullSchema, ending: wordSchema(ENDINGS).nullable(),
  endedRecordedAt: instantOrNullSchema, endedRecordedBy: z.string().nullable(),
}).meta({ id: 'Stay' })

const admissionSchema = z.strictObject({ case: z.string().min(1).max(200), ...bedShape, at }).meta({ id: 'Admission' })
const moveSchema = z.strictObject({ ...bedShape, at }).meta({ id: 'MoveInside' })
const { moved: _byMoving, ...WAYS_TO_END } = ENDINGS
const endSchema = z.strictObject({ ending: wordSchema(WAYS_TO_END), at }).meta({ id: 'EndOfStay' })

const list = createRoute({
  method: 'get', path: '/stays', tags, operationId: 'listStays',
  ...told(text('住院一览', 'List stays'), text('一人一处。open=true 只看在院的；asOf 看某时在院的。', 'One person, one place. open=true shows those that have not ended, asOf those that were open at a moment.')),
  request: {
    query: z.strictObject({
      ...pastShape, ...pageShape, sort: z.enum(['id', '-id']).default('id'),
      case: idFilter, place: filterBy('places'), pool: idFilter,
      open: z.enum(['true', 'false']).optional().describe(both('true 只列在院的，false 只列已结束的；有 asOf 时，当时在院的全部在院', 'true: only those that have not ended; false: only those that have. With asOf all of them were open then')),
    }),
  },
  responses: { 200: jsonBody(pageOf(staySchema), text('一页；有 asOf 时为当时在院的', 'One page; with asOf those that were open then')), ...reads },
})
const get = createRoute({
  method: 'get', path: '/stays/{id}', tags, operationId: 'getStay', [ABOUT]: text('住院', 'stay'),
  ...told(text('一次住院', 'One stay'), text('从何时到何时、在哪里、怎样结束、谁登记的。', 'From when to when, where, how it ended, and who put it down.')),
  request: { params: idParams }, responses: { 200: jsonBody(staySchema, text('这次住院', 'The stay')), ...readsOne },
})
const admission = createRoute({
  method: 'post', path: '/stays', tags, operationId: 'admit',
  ...told(text('收治', 'Admit a case to a place and, where known, a pool of beds'), text(
    '占用一张床。此人已在别处为 409 alreadyInCare，请用转移；没有空床为 409 noFreeBed，已死亡为 409 notInCare，在途为 409 stepOutOfOrder。补记清点以前的收治不再占一次床。病例须已登记：示例中的就是登记病例的示例。',
    'Takes a bed. Somebody who has a place already is 409 alreadyInCare: move them instead. No free bed is 409 noFreeBed, who has died 409 notInCare, who is on the road 409 stepOutOfOrder. '
      + 'An admission from before the last count was counted by it. The case has to be put down before: the example is that of putting down a case.',
  )),
  request: { headers: keyHeaders, body: jsonRequest(admissionSchema, { case: '忠县-0031', place: 'sanxia', pool: 'sanxia/severe' }) },
  responses: { 201: jsonBody(staySchema, text('已收治', 'Admitted')), ...writesBody, 409: refused[409] },
})
const moving = createRoute({
  method: 'post', path: '/stays/{id}/move', tags, operationId: 'move',
  ...told(text('转移', 'Move somebody'), text(
    '一步之内结束这次住院、开始下一次；要么都成，要么都不成。按指令在途的为 409 stepOutOfOrder：在指令上办理。',
    'Ends this stay and begins the next elsewhere in one step: both, or neither. Who is on the road by an order is 409 stepOutOfOrder: the order says where they are.',
  )),
  request: { params: idParams, headers: unsafeHeaders, body: jsonRequest(moveSchema, { place: 'sanxia', pool: 'sanxia/ordinary' }) },
  responses: { 201: jsonBody(staySchema, text('新的住院', 'The new stay')), ...changes },
})
const ending = createRoute({
  method: 'post', path: '/stays/{id}/end', tags, operationId: 'endStay',
  ...told(text('结束住院', 'End a stay'), text(
    '出院、死亡，或离开本系统；床位随之空出。按指令在途的为 409 stepOutOfOrder：在指令上办理。',
    'Discharge, death, or leaving for elsewhere; the bed is free again. Who is on the road by an order is 409 stepOutOfOrder: the order says how that ended.',
  )),
  request: { params: idParams, headers: unsafeHeaders, body: jsonRequest(endSchema, { ending: 'discharged' }) },
  responses: { 200: jsonBody(staySchema, text('已结束', 'Ended')), ...changes },
})


const stayOut = (stay: Stay): z.infer<typeof staySchema> => ({
  id: stay.id, version: stay.version, case: stay.caseId, place: stay.place, pool: stay.pool,
  beganAt: instantOf(stay.beganAt), beganRecordedAt: instantOf(stay.beganRecordedAt), beganRecordedBy: stay.beganRecordedBy,
  endedAt: instantOrNull(stay.endedAt), ending: stay.ending as Ending | null,
  endedRecordedAt: instantOrNull(stay.endedRecordedAt), endedRecordedBy: stay.endedRecordedBy,
})

/** A stay as it was while it was open: what ended it later was not known, or was not so. */
const whileOpen = (stay: Stay): Stay =>
  ({ ...stay, version: 1, endedAt: null, ending: null, endedRecordedAt: null, endedRecordedBy: null })

const answer = <S extends 200 | 201>(stay: Stay, status: S): Answer<z.infer<typeof staySchema>, S> =>
  ({ status, body: stayOut(stay), headers: { etag: etagOf(stay.version) } })

/** Stays over HTTP: one person, one place. */
export const stayRoutes = (service: Service) => routesOf(service)
  .openapi(list, async (c) => {
    const query = c.req.valid('query')
    const ask = {
      caseId: query.case, place: query.place, pool: query.pool, open: query.open === undefined ? undefined : query.open === 'true',
      past: pastOf(query, service.clock.now()), reach: c.get('reach'), after: behind(query.cursor, query.sort)?.id ?? null,
      descending: query.sort === '-id', limit: query.limit + 1,
    }
    const found = await service.db.inSnapshot((tx) => listStays(tx, ask))
    const page = found.slice(0, query.limit)
    const last = found.length > query.limit ? page.at(-1) : undefined
    return c.json({ items: page.map((stay) => stayOut(ask.past === null ? stay : whileOpen(stay))), next: cursorOf(last === undefined ? null : { key: '', id: last.id }, query.sort) }, 200)
  })
  .openapi(get, async (c) => {
    const { id } = c.req.valid('param')
    const stay = await service.db.inSnapshot((tx) => stayById(tx, id))
    if (stay === null || !isWithin(c.get('reach'), { place: stay.place })) throw notFound(id)
    c.header('ETag', etagOf(stay.version))
    return c.json(stayOut(stay), 200)
  })
  .openapi(admission, async (c) => {
    const { case: caseId, at: when, ...bed } = c.req.valid('json')
    return send(c, await soundCommand(c, service, async (act) => answer(await admit(act, caseId, bed, when), 201)))
  })
  .openapi(moving, async (c) => {
    const { at: when, ...bed } = c.req.valid('json')
    return send(c, await command(c, service, async (act) => answer(await move(act, c.req.valid('param').id, bed, when), 201)))
  })
  .openapi(ending, async (c) => {
    const { at: when, ending: how } = c.req.valid('json')
    return send(c, await command(c, service, async (act) => answer(await end(act, c.req.valid('param').id, how, when), 200)))
  })
