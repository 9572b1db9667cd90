import { createRoute, z } from '@hono/zod-openapi'
import { SEVERITIES } from '../cases/cases.js'
import { CASES } from '../cases/store.js'
import { recordAt } from '../db/records.js'
import { namesAt } from '../facilities/naming.js'
import { PLACES, POOLS } from '../facilities/store.js'
import { behind, cursorOf, pageShape } from '../http/lists.js'
import { both, jsonBody, otherBody, reads, readsOne, told } from '../http/openapi.js'
import { idParams, ONE_PAGE, pageOf } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { invariant } from '../kernel/invariant.js'
import { notFound } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { dayOf, instantOf, instantOrNull, instantOrNullSchema, instantSchema, momentOf } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { policyOn } from '../planning/store.js'
import { boardOf, STRETCHES, timingsOf } from './boards.js'
import { seenAt } from './clockwork.js'
import { eventsOf } from './eventStore.js'
import { formOf } from './form.js'
import { concerns, RELIEF_REASONS, STATES } from './orders.js'
import { listReliefs, type Relief } from './reliefStore.js'
import { orderById, ordersUnderWay, timesOfIssued } from './store.js'

const tags = ['Orders 转运指令']
/** Of one order there are some dozens. */
const STEPS_MAX = 10_000

const leadsTo = { toPlace: z.string().nullable(), outside: z.string().nullable() }

const boardSchema = z.object({
  rides: z.array(z.object({
    vehicle: z.string(), crew: z.string().nullable(), expectedBack: instantOrNullSchema,
    orders: z.array(z.object({ id: z.string(), state: wordSchema(STATES), patient: z.string(), ...leadsTo })),
  })).describe(both('每辆车的各趟', 'Each ride of each vehicle')),
}).meta({ id: 'VehicleBoard' })
const board = createRoute({
  method: 'get', path: '/vehicle-board', tags, operationId: 'getVehicleBoard',
  ...told(text('车辆看板', 'The vehicle board'), text('每辆车当前与将要执行的指令，预计何时洗消完毕返回。', 'What each vehicle does and is to do, and when it is expected clean and back.')),
  responses: { 200: jsonBody(boardSchema, text('看板', 'The board')), ...reads },
})

const clocksSchema = z.object({
  rows: z.array(z.object({ severity: wordSchema(SEVERITIES), stretch: wordSchema(STRETCHES), orders: z.int(),
    median: z.int().describe(both('用时中位数（分钟）；偶数个的取居中两个中较大的', 'Median, in minutes; of an even number the upper of the two in the middle')), worst: z.int().describe(both('最长用时（分钟）', 'Longest, in minutes')),
  }))
    .describe(both('各病情、各段', 'By severity and stretch')),
}).meta({ id: 'TransferClocks' })
const clocks = createRoute({
  method: 'get', path: '/transfer-clocks', tags, operationId: 'getTransferClocks',
  ...told(text('转运用时', 'How long transfers take'), text(
    '申请、批准、出车、交接各段的分钟数：中位数与最长，分病情。件数为偶数的，中位数取居中两个中较大的。随导入带来的指令不计：何时下达、出车无从得知。',
    'Minutes from request to approval, to dispatch, to handover: median and worst, by severity. Of an even number the median is the upper of the two in the middle. Orders that an import brought are left out: nobody knows when they were issued or left.',
  )),
  request: { query: z.object({
    from: instantSchema.optional().describe(both('此时起下达的', 'Issued from then on')), until: instantSchema.optional().describe(both('此时之前下达的', 'Issued before then')),
  }) },
  responses: { 200: jsonBody(clocksSchema, text('用时', 'The times')), ...reads },
})

const reliefSchema = z.object({
  order: z.string(), pool: z.string(), beds: z.int(), reason: wordSchema(RELIEF_REASONS),
  since: instantSchema, upheldBy: z.string(), liftedAt: instantOrNullSchema, liftedBy: z.string().nullable(), stoodMinutes: z.int(),
}).meta({ id: 'Relief' })
const reliefs = createRoute({
  method: 'get', path: '/reliefs', tags, operationId: 'listReliefs',
  ...told(text('调整一览', 'List reliefs'), text('成立的调整与所减床位，直到解除；场所只见本处床位的。', 'Reliefs that were upheld, with the beds they take out of the plans until they are lifted; a place reads those of its own beds.')),
  request: { query: z.object({ ...pageShape, open: z.enum(['true', 'false']).optional().describe(both('true 只列未解除的', 'true: only those that were not lifted')) }) },
  responses: { 200: jsonBody(pageOf(reliefSchema), ONE_PAGE), ...reads },
})

const form = createRoute({
  method: 'get', path: '/transfer-orders/{id}/form', tags, operationId: 'getTransferForm',
  ...told(text('病例转运交接单', 'The transfer form'), text('可打印的 HTML；姓名、证件号码、签字为空白。', 'HTML to be printed; name, identity number and signatures are blanks.')),
  request: { params: idParams }, responses: { 200: otherBody('text/html', text('交接单', 'The form')), ...readsOne },
})

const MINUTE = 60_000
const reliefOut = ({ order, pool, beds, reason, since, upheldBy, liftedAt, liftedBy }: Relief, now: Date): z.infer<typeof reliefSchema> => ({
  order, pool, beds, reason: reason as keyof typeof RELIEF_REASONS, since: instantOf(since), upheldBy, liftedAt: instantOrNull(liftedAt), liftedBy,
  stoodMinutes: Math.max(0, Math.floor(((liftedAt ?? now).getTime() - since.getTime()) / MINUTE)),
})

/** What people look at while orders are carried out, over HTTP. */
export function boardRoutes(service: Service) {
  const { db, clock, isDrill } = service
  const app = routesOf(service)
  app.openAPIRegistry.registerPath(form)
  return app
    .openapi(board, async (c) => {
      const orders = (await db.inSnapshot((tx) => ordersUnderWay(tx))).map((order) => seenAt(order, clock.now()))
      const rides = boardOf(orders.filter(({ state }) => state !== 'expired'))
      return c.json({ rides: rides.map(({ expectedBack, orders: shown, ...ride }) => ({ ...ride, orders: [...shown], expectedBack: instantOrNull(expectedBack) })) }, 200)
    })
    .openapi(clocks, async (c) => {
      const { from, until } = c.req.valid('query')
      const span = { from: from === undefined ? undefined : momentOf(from), until: until === undefined ? undefined : momentOf(until) }
      return c.json({ rows: timingsOf(await db.inSnapshot((tx) => timesOfIssued(tx, span))) }, 200)
    })
    .openapi(reliefs, async (c) => {
      const { limit, cursor, open } = c.req.valid('query')
      const after = behind(cursor, 'reliefs')?.id ?? null
      const found = await db.inSnapshot((tx) => listReliefs(tx, { open: open === undefined ? undefined : open === 'true', reach: c.get('reach'), after, limit: limit + 1 }))
      const page = found.slice(0, limit)
      const last = found.length > limit ? page.at(-1) : undefined
      const now = clock.now()
      return c.json({ items: page.map((one) => reliefOut(one, now)), next: cursorOf(last === undefined ? null : { key: '', id: last.order }, 'reliefs') }, 200)
    })
    .get('/transfer-orders/:id/form', async (c) => {
      const id = c.req.param('id')
      const page = await db.inSnapshot(async (tx) => {
        const order = await orderById(tx, id)
        if (order === null || !concerns(c.get('reach'), order)) throw notFound(id)
        const [person, from, to, pool] = [
          await recordAt(tx, CASES, order.patient, null), await recordAt(tx, PLACES, order.fromPlace, null),
          order.toPlace === null ? null : await recordAt(tx, PLACES, order.toPlace, null), order.pool === null ? null : await recordAt(tx, POOLS, order.pool, null),
        ]
        const events = await eventsOf(tx, id, { after: 0, limit: STEPS_MAX })
        const ledTo = events.flatMap(({ step, details }) => (step === 'divert' ? [details['from'], details['to']].map(String) : []))
        const there = to === null || pool === null ? null : { name: to.body.name, careLevel: pool.body.careLevel }
        invariant(person !== null && from !== null && (there === null) === (order.outside !== null), 'an order has its patient, places and pool')
        return formOf({
          order: seenAt(order, clock.now()), person: person.body, from: from.body.name, to: there, events, names: (await namesAt(tx, { places: [], pools: ledTo }, null)).pools,
          validHours: (await policyOn(tx, dayOf(clock.now())))?.fitnessValidHours ?? null, isDrill,
        })
      })
      return c.body(page, 200, { 'content-type': 'text/html; charset=utf-8' })
    })
}
