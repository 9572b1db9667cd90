import { createRoute, z } from '@hono/zod-openapi'
import type { Act } from '../db/act.js'
import type { Past } from '../db/records.js'
import { command } from '../http/command.js'
import { filterBy, pageInOrder, pageShape, pastOf, pastShape, recordedShape } from '../http/lists.js'
import { both, changes, jsonBody, jsonRequest, reads, refused, told, unsafeHeaders, writesBody } from '../http/openapi.js'
import { historyOut, idParams, listOut, oneOut, ONE_PAGE, pageOf, putAnswer, putOut, recordRoutes, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { invariant } from '../kernel/invariant.js'
import { refuse, wrongAt } from '../kernel/refusal.js'
import { isWithin } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { daySchema, instantOrNull, instantOrNullSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { mustBeForSomebody } from './earmarks.js'
import { LET_GO, mustRelease } from './releasing.js'
import { lotsOf } from './picture.js'
import { quarantine, quarantineSchema } from './quarantine.js'
import { keyOf, lockedAwayBy } from './quarantineStore.js'
import { AUTHORITIES, type LotRecord, lotRecordSchema } from './stock.js'
import { placeIn } from './stockBook.js'
import { stockAt } from './noteStore.js'
import { LOTS } from './store.js'


const lotOut = z.object({
  ...recordedShape, ...lotRecordSchema.shape,
  quarantinedAt: instantOrNullSchema, quarantinedBy: z.string().nullable(), quarantineReason: z.string().nullable(),
}).meta({ id: 'Lot' })
const EXAMPLE = 'L-20200118'
const example = {
  item: 'respirator', place: 'warehouse', lot: '20200118', expiresOn: '2022-01-17', quarantined: false, authority: 'city' as const, released: true, earmark: null, source: '省红十字会',
}
const lots = recordRoutes({
  path: '/lots', one: 'Lot', many: 'Lots', tag: 'Stock 库存',
  out: lotOut, body: lotRecordSchema, filters: { item: filterBy('items'), place: filterBy('places'), quarantined: z.enum(['true', 'false']).optional().describe(both('true 只列已封存的', 'true: only those in quarantine')) },
  named: {
    zh: '批次', one: 'lot', many: 'lots',
    about: text(
      '一个品目的一批货：批号、有效期、谁有权处置、是否放行、是否封存。数量见库存；货随入库单来，此处只改放行、封存与定向。',
      'One lot of one item: its number, expiry, who may dispose of it, whether it is released, and whether it is in quarantine. How much lies where is the stock; lots come in by receipts, and here they are released, put into quarantine or earmarked.',
    ),
  },
  example: { id: EXAMPLE, body: example },
})

const release = createRoute({
  method: 'put', path: '/lots/{id}', tags: ['Stock 库存'], operationId: 'putLot',
  ...told(text('放行、封存、定向一批货', 'Release a lot, put it into quarantine, earmark it'), text(
    '批次随入库单登记，此处只改谁有权处置、是否放行、是否封存、定向给谁与数据出处；品目、入库场所、批号、有效期不能改（422）。要带读到时的 ETag。',
    'Lots come in by receipts; here it changes who may dispose of one, whether it is released or in quarantine, to whom it is earmarked and the source of what is said. '
      + 'Its item, the place where it came in, its number and its expiry stay (422). Send the ETag that was read.',
  )),
  request: { params: idParams.extend({ id: idParams.shape.id.openapi({ example: EXAMPLE }) }), headers: unsafeHeaders, body: jsonRequest(lotRecordSchema.meta({ id: 'LotBody' }), example) },
  responses: { 200: jsonBody(lotOut, text('已改写', 'Replaced')), ...writesBody, 404: refused[404], 412: refused[412], 428: refused[428] },
})

const locking = createRoute({
  method: 'post', path: '/lots/{id}/quarantine', tags: ['Stock 库存'], operationId: 'quarantineLot',
  ...told(text('封存一批货', 'Put a lot into quarantine'), text(
    '此批现存何处，该处的物资管理员即可封存，不必先问；物资保障组、指挥长亦可。封存即在全市生效，别处以同一批号、同一有效期入库的一并封存，其后入库的亦作已封存：不再使用，不再计划，已下达未发运的调拨单不能发运（见逾期），在途的不再计入。'
      + '已封存的为 409 stepOutOfOrder，并说明由谁、何时、为何；自己的场所没有此批的为 404。解除由市级以 putLot 办理。',
    'By the supply officer of any place where some of the lot lies, who asks nobody first, and by the supplies group or the commander. It holds for the whole city, with what came in elsewhere under the same number and expiry and what comes in later: the lot is neither used nor planned with, '
      + 'orders that have not left refuse to ship it and ring, and what is on the road counts for nothing. '
      + 'One that is in quarantine already is 409 stepOutOfOrder, which says who put it there, when and why; one of which nothing lies at a place of the asker is 404. The city lifts it by putLot.',
  )),
  request: { params: idParams.extend({ id: idParams.shape.id.openapi({ example: EXAMPLE }) }), headers: unsafeHeaders, body: jsonRequest(quarantineSchema.meta({ id: 'LotQuarantine' }), { reason: '外箱浸水，包装破损' }) },
  responses: { 200: jsonBody(lotOut, text('已封存；ETag 为其版本', 'In quarantine; its version as ETag')), ...changes },
})

const stockSchema = z.object({
  place: z.string(), item: z.string(), lot: z.string(), number: z.string().nullable().describe(both('批号', 'The number on the packing')),
  expiresOn: daySchema.nullable(), authority: wordSchema(AUTHORITIES), released: z.boolean(), quarantined: z.boolean(), earmark: z.string().nullable(),
  onHand: z.int().nullable().describe(both('现存，基本单位；未清点为 null，不是 0', 'On hand in base units; null while nobody has counted it, which is not nought')),
  promised: z.int().nullable().describe(both('已预占；查过去时为 null', 'Promised to allocation orders; null of a past moment')),
}).meta({ id: 'Stock' })

const stock = createRoute({
  method: 'get', path: '/stock', tags: ['Stock 库存'], operationId: 'listStock',
  ...told(text('库存一览', 'List what lies where'), text(
    '按场所、品目、批次，只列现存不为零的和未清点的。asOf 看某时的库存。在途的不算现存，见调拨单。',
    'By place, item and lot: what is not nought, and what nobody has counted. asOf shows the stock of a moment. What is on the way is not on hand: see allocation orders.',
  )),
  request: { query: z.strictObject({ ...pastShape, ...pageShape, place: filterBy('places'), item: filterBy('items') }) },
  responses: { 200: jsonBody(pageOf(stockSchema), ONE_PAGE), ...reads },
})

/** Lots with since when, by whom and why each is in quarantine. What a version says of that never changes, so it is looked up after its answer. */
async function whyLocked<Lot extends { readonly id: string; readonly version: number; readonly quarantined: boolean }>({ db }: Service, lots: readonly Lot[]) {
  const locked = await db.inSnapshot((tx) => lockedAwayBy(tx, lots.filter(({ quarantined }) => quarantined)))
  return lots.map((lot) => {
    const { at, by, reason } = locked.get(keyOf(lot)) ?? { at: null, by: null, reason: null }
    return { ...lot, quarantinedAt: instantOrNull(at), quarantinedBy: by, quarantineReason: reason }
  })
}

async function whyOneLocked<Lot extends { readonly id: string; readonly version: number; readonly quarantined: boolean }>(service: Service, lot: Lot) {
  const [one] = await whyLocked(service, [lot])
  invariant(one !== undefined, 'for one lot there is one answer')
  return one
}

/** Stock over HTTP: lots, and how much of each lies where. */
export const stockRoutes = (service: Service) => routesOf(service)
  .openapi(lots.list, async (c) => {
    const page = await listOut(c, service, LOTS, ['item', 'place', 'quarantined'], c.req.valid('query'))
    return c.json({ ...page, items: await whyLocked(service, page.items) }, 200)
  })
  .openapi(lots.get, async (c) => c.json(await whyOneLocked(service, await oneOut(c, service, LOTS, c.req.valid('param').id, c.req.valid('query'))), 200))
  .openapi(lots.history, async (c) => {
    const page = await historyOut(c, service, LOTS, c.req.valid('param').id, c.req.valid('query'))
    return c.json({ ...page, items: await whyLocked(service, page.items) }, 200)
  })
  .openapi(release, async (c) => {
    const [{ id }, body] = [c.req.valid('param'), c.req.valid('json')]
    const mayChange = (act: Act, before: LotRecord | null) => {
      mustStayItself(before, body)
      // What is of the reserve is not made somebody else's by those who may not release it.
      if ((body.released && !before.released) || body.authority !== before.authority) mustRelease(act, before.authority, LET_GO)
      return mustBeForSomebody(act.tx, body)
    }
    // What is not there is refused above: nothing is new.
    const put = await putOut(c, service, LOTS, { id, body, mayChange })
    return send(c, { ...put, body: await whyOneLocked(service, put.body), status: 200 as const })
  })
  .openapi(locking, async (c) => {
    const [{ id }, body] = [c.req.valid('param'), c.req.valid('json')]
    const locked = await command(c, service, async (act) => ({ ...putAnswer(await quarantine(act, id, body), false), status: 200 as const }))
    return send(c, { ...locked, body: await whyOneLocked(service, locked.body) })
  })
  .openapi(stock, async (c) => {
    const query = c.req.valid('query')
    const past: Past | null = pastOf(query, service.clock.now())
    const { rows, bodies } = await service.db.inSnapshot(async (tx) => {
      const rows = (await stockAt(tx, past, query)).filter(({ account }) => isWithin(c.get('reach'), { place: placeIn(account) }))
      return { rows, bodies: await lotsOf(tx, rows, past) }
    })
    const listed = rows.flatMap(({ lot, account, balance, held, counted }) => {
      const [place, body] = [placeIn(account), bodies.get(lot)]
      if (place === null || body === undefined) return []
      const { item, lot: number, expiresOn, authority, released, quarantined, earmark } = body
      return [{
        id: `${place} ${item} ${lot}`,
        row: { place, item, lot, number, expiresOn, authority, released, quarantined, earmark, onHand: counted ? balance : null, promised: past === null ? held : null },
      }]
    })
    const { items, next } = pageInOrder(listed, query, 'stock')
    return c.json({ items: items.map(({ row }) => row), next }, 200)
  })

/** Refuses a lot that nobody has received, and one that would become another: what came in under an id is what lies there. */
function mustStayItself(before: LotRecord | null, after: LotRecord): asserts before is LotRecord {
  if (before === null) throw refuse('notFound', '没有这一批；批次随入库单登记', 'there is no such lot; lots come in by receipts')
  const field = (['item', 'place', 'lot', 'expiresOn'] as const).find((one) => before[one] !== after[one])
  if (field === undefined) return
  throw wrongAt('wrongReference', `/${field}`, '批次的品目、入库场所、批号和有效期不能改；录错的请冲销入库单，重新入库',
    'a lot keeps its item, the place where it came in, its number and its expiry; reverse the receipt and take it in again')
}
