import { createRoute, z } from '@hono/zod-openapi'
import { etagOf } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { namesAt } from '../facilities/naming.js'
import { type Answer, command } from '../http/command.js'
import { ABOUT, behind, cursorOf, filterBy, pageShape } from '../http/lists.js'
import { both, jsonBody, jsonRequest, keyHeaders, otherBody, reads, readsOne, refused, told, unsafeHeaders, writes, writesBody } from '../http/openapi.js'
import { idParams, ONE_PAGE, pageOf, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { notFound } from '../kernel/refusal.js'
import { isWithin, type Reach } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { instantOf, instantOrNull, instantOrNullSchema, instantSchema, momentOf } from '../kernel/time.js'
import { givingSchema, openSchema, shiftOf } from './handover.js'
import { give, takeOver, versionOf } from './handoverCommands.js'
import { handoverPaper, namedIn } from './handoverPaper.js'
import { readShift } from './shiftReading.js'
import { type Handover, handoverById, listHandovers } from './store.js'

const tags = ['Day 日报与交接班']

const { place, toPost, exceptions, note } = givingSchema.shape
const headShape = {
  id: z.string(), version: z.int(), place: place.unwrap(), toPost, givenAt: instantSchema, givenBy: z.string(),
  takenAt: instantOrNullSchema, takenBy: z.string().nullable(),
  hash: z.string().describe(both('冻结内容的 SHA-256', 'SHA-256 of what is frozen')),
}
const handoverSchema = z.object({ ...headShape, exceptions: exceptions.unwrap(), note: note.unwrap(), ...openSchema.shape }).meta({ id: 'ShiftHandover' })
const shortSchema = z.object({
  ...headShape,
  orders: z.int().describe(both('未了的指令数', 'How many orders were open')), exceptions: z.int().describe(both('例外事项数', 'How many exceptions were named')),
}).meta({ id: 'ShiftHandoverInList' })

const giving = createRoute({
  method: 'post', path: '/handovers', tags, operationId: 'giveHandover',
  ...told(text('交班', 'Hand a shift over'), text(
    '记下此刻未了的事并冻结：有效指令与逾期、等候而无指令的患者、隔离人员未处置的发热与症状、预占与调整、有效方案与待批的草案、未补书面的电话批准与方案外指令、在办的调拨单、未办的申领、过旧的数字与先打的电话，另加例外事项。place 为空是全市的班，否则为该场所的班。',
    'Freezes what is open at this moment: orders and what rings about them, patients who wait without an order, fever and symptoms in isolation that nobody answered, promised beds and reliefs, the plan in force and drafts that wait, calls and orders outside any plan whose paper is to follow, allocation '
      + 'orders under way and requests for material in hand, figures that are too old and whom to call, beside the exceptions that are named. Without a place it is the city’s shift, with one that of the place.',
  )),
  request: { headers: keyHeaders, body: jsonRequest(givingSchema, {
    place: null, toPost: 'day-desk', exceptions: [{ about: 'v-qianjiang-7', text: '车辆送修，下午四时取回' }], note: '夜间来电均已登记',
  }) },
  responses: { 201: jsonBody(handoverSchema, text('已交班', 'Handed over')), 403: refused[403], ...writesBody },
})
const taking = createRoute({
  method: 'post', path: '/handovers/{id}/take-over', tags, operationId: 'takeOverShift',
  ...told(text('接班', 'Take a shift over'), text('由接班的岗位办理一次，绝不由交班者自己；记其时间。', 'Once, by the post that comes on, never by the one that gave it; the time is written down.')),
  request: { params: idParams, headers: unsafeHeaders },
  responses: { 200: jsonBody(handoverSchema, text('已接班', 'Taken over')), 403: refused[403], ...writes, 404: refused[404], 409: refused[409], 412: refused[412] },
})
const list = createRoute({
  method: 'get', path: '/handovers', tags, operationId: 'listHandovers',
  ...told(text('交接班一览', 'List handovers'), text('新的在前；taken=false 只看无人接的。', 'The newest first; taken=false shows those that nobody has taken over.')),
  request: { query: z.strictObject({
    ...pageShape, place: filterBy('places'), taken: z.enum(['true', 'false']).optional().describe(both('是否已接班', 'Whether somebody has taken it over')),
  }) },
  responses: { 200: jsonBody(pageOf(shortSchema), ONE_PAGE), ...reads },
})
const get = createRoute({
  method: 'get', path: '/handovers/{id}', tags, operationId: 'getHandover', [ABOUT]: text('交接班', 'handover'),
  ...told(text('一次交接班', 'One handover'), text('当时未了的事，由谁交、由谁何时接。', 'What was open then, who gave it, and who took it over when.')),
  request: { params: idParams }, responses: { 200: jsonBody(handoverSchema, text('交接班记录', 'The handover')), ...readsOne },
})
const print = createRoute({
  method: 'get', path: '/handovers/{id}/print', tags, operationId: 'printHandover',
  ...told(text('打印交接班记录', 'Print a handover'), text('可打印的 HTML，中英对照。', 'HTML to be printed, in both languages.')),
  request: { params: idParams }, responses: { 200: otherBody('text/html', text('交接班记录', 'The handover')), ...readsOne },
})


function headOut(handover: Handover) {
  const { id, contentHash, givenAt, givenBy, takenAt, takenBy } = handover
  const { place: of, toPost: to } = shiftOf(handover)
  return {
    id, version: versionOf(handover), place: of, toPost: to, givenAt: instantOf(givenAt), givenBy, takenAt: instantOrNull(takenAt), takenBy, hash: contentHash,
  }
}
const handoverOut = (handover: Handover): z.infer<typeof handoverSchema> => ({ ...shiftOf(handover), ...headOut(handover) })

const answer = <S extends 200 | 201>(handover: Handover, status: S): Answer<z.infer<typeof handoverSchema>, S> =>
  ({ status, body: handoverOut(handover), headers: { etag: etagOf(versionOf(handover)) } })

/** Shifts handed over, over HTTP. */
export function handoverRoutes(service: Service) {
  const { db, clock, isDrill } = service
  const seen = async (tx: Tx, id: string, reach: Reach): Promise<Handover> => {
    const handover = await handoverById(tx, id)
    if (handover === null || !isWithin(reach, { place: handover.place })) throw notFound(id)
    return handover
  }
  const app = routesOf(service)
  app.openAPIRegistry.registerPath(print)
  return app
    .openapi(giving, async (c) => {
      const given = c.req.valid('json')
      const open = await db.inSnapshot((tx) => readShift(tx, given.place, clock.now()))
      return send(c, await command(c, service, async (act) => answer(await give(act, given, open), 201)))
    })
    .openapi(taking, async (c) => send(c, await command(c, service, async (act) => answer(await takeOver(act, c.req.valid('param').id), 200))))
    .openapi(list, async (c) => {
      const { limit, cursor, place: of, taken } = c.req.valid('query')
      const rows = await db.inSnapshot((tx) => listHandovers(tx, {
        place: of, taken: taken === undefined ? undefined : taken === 'true', reach: c.get('reach'), after: behind(cursor, 'handovers')?.id ?? null, limit: limit + 1,
      }))
      const page = rows.slice(0, limit)
      const last = rows.length > limit ? page.at(-1) : undefined
      const items = page.map((handover) => {
        const { orders, exceptions: named } = shiftOf(handover)
        return { ...headOut(handover), orders: orders.length, exceptions: named.length }
      })
      return c.json({ items, next: cursorOf(last === undefined ? null : { key: '', id: last.id }, 'handovers') }, 200)
    })
    .openapi(get, async (c) => {
      const handover = await db.inSnapshot((tx) => seen(tx, c.req.valid('param').id, c.get('reach')))
      c.header('ETag', etagOf(versionOf(handover)))
      return c.json(handoverOut(handover), 200)
    })
    .get('/handovers/:id/print', async (c) => {
      const [handover, names] = await db.inSnapshot(async (tx) => {
        const found = await seen(tx, c.req.param('id'), c.get('reach'))
        const shift = shiftOf(found)
        // What is frozen does not change, and neither does what its places were called when it was.
        const then = momentOf(shift.knownAt)
        return [found, await namesAt(tx, namedIn(shift), { asOf: then, knownAt: then })] as const
      })
      return c.body(handoverPaper(handover, names, isDrill), 200, { 'content-type': 'text/html; charset=utf-8' })
    })
}
