import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type Act, etagOf } from '../../db/act.js'
import type { Tx } from '../../db/database.js'
import { allRecords, recordAt } from '../../db/records.js'
import { PLACES } from '../../facilities/store.js'
import { type Answer, command } from '../../http/command.js'
import { behind, cursorOf, filterBy, idFilter, numberBehind, pageShape } from '../../http/lists.js'
import { jsonBody, jsonRequest, keyHeaders, otherBody, reads, readsOne, refused, told, writesBody } from '../../http/openapi.js'
import { idParams, ONE_PAGE, pageOf, send } from '../../http/records.js'
import { type Env, routesOf, type Service } from '../../http/service.js'
import { notFound } from '../../kernel/refusal.js'
import type { Reach } from '../../kernel/roles.js'
import { text } from '../../kernel/text.js'
import { wordSchema } from '../../kernel/vocabulary.js'
import { ITEMS } from '../../supplies/store.js'
import { besideAllocations } from './beside.js'
import { allocationAskSchema } from './bodies.js'
import { ALLOCATION_ORDER, cancelAllocation, lose, receiveAllocation, ship } from './commands.js'
import { formOfAllocation } from './form.js'
import { allocationEventOut, allocationEventSchema, allocationOut, allocationSchema } from './allocationOut.js'
import { ALLOCATION_KINDS, ALLOCATION_STATES } from './allocations.js'
import { allocationSteps } from './stepRoutes.js'
import { concernsPlaces } from './steps.js'
import { type Allocation, allocationById, allocationEventsOf, lastStepOfAllocation, listAllocations } from './store.js'
import { confirmAllocationOrder, issueAllocation } from './offPlan.js'

const tags = ['Allocations 调拨']
/** The one order of the list. */
const NEWEST = '-issuedAt'

const list = createRoute({
  method: 'get', path: '/allocation-orders', tags, operationId: 'listAllocationOrders',
  ...told(text('调拨单一览', 'List allocation orders'), text('新的在前；可按发出、接收场所，状态，类别，所属方案或申领筛选。', 'The newest first; by sender, receiver, state, kind, the plan or the request that they belong to.')),
  request: { query: z.strictObject({ ...pageShape, from: filterBy('places'), to: filterBy('places'), state: wordSchema(ALLOCATION_STATES).optional(), kind: wordSchema(ALLOCATION_KINDS).optional(), run: idFilter, request: idFilter }) },
  responses: { 200: jsonBody(pageOf(allocationSchema), ONE_PAGE), ...reads },
})
const get = createRoute({
  method: 'get', path: '/allocation-orders/{id}', tags, operationId: 'getAllocationOrder',
  ...told(text('一份调拨单', 'One allocation order'), text('现状、各行数量，以及此人现在可办的步骤。', 'As it stands, with the figures of its lines and the steps that the asker could make now.')),
  request: { params: idParams }, responses: { 200: jsonBody(allocationSchema, text('这份调拨单', 'The order')), ...readsOne },
})
const events = createRoute({
  method: 'get', path: '/allocation-orders/{id}/events', tags, operationId: 'listAllocationEvents',
  ...told(text('一份调拨单的各步', 'The steps of one allocation order'), text('先后为序；从不改动或删除。', 'In their order; never changed or deleted.')),
  request: { params: idParams, query: z.strictObject(pageShape) }, responses: { 200: jsonBody(pageOf(allocationEventSchema), ONE_PAGE), ...readsOne },
})
const form = createRoute({
  method: 'get', path: '/allocation-orders/{id}/form', tags, operationId: 'getAllocationForm',
  ...told(text('出库单、签收单、入库单', 'Issue note, signed receipt and receipt note'), text('可打印的 HTML，三联一页；数量下写明合几箱、几盒、散几件；签字为空白，不写姓名。', 'HTML to be printed, all three on one page; below each quantity stands what it makes up in packings; signatures are blanks, and there are no names.')),
  request: { params: idParams }, responses: { 200: otherBody('text/html', text('三联单', 'The papers')), ...readsOne },
})
const issue = createRoute({
  method: 'post', path: '/allocation-orders', tags, operationId: 'issueAllocation',
  ...told(text('方案外下达一份调拨单', 'Issue an allocation order outside any plan'), text(
    '方案外调拨由全市的物资保障组或指挥长下达；借用、归还也可由发出场所的物资管理员办理（供货点的除外），其余物资管理员只能登记电话批准的。不写批次的，在已放行、未封存、到货时未过期、定向相符的批次中先到期的先出；写了包装的只出整件。'
      + '库存随即预占；不够为 409 notEnoughStock，什么都不改。写明所答申领（request）的，该申领须已批，连同其他有效调拨单不超过核定数量，不拆的包装进为整件（422 wrongFigure）。'
      + '电话批准（phone）先登记，书面随后补；所答申领可尚待批，不超过申请数量，申领本身随后书面答复。',
    'What is given out is for the supplies group or the commander of the whole city; a loan or a return may also be made by the supply officer of the place that it leaves, unless that is a source, who of the rest may only put down what was approved by phone. Where no lot is named, what expires '
      + 'first goes first, among lots that are released, not in quarantine, good on arrival and not given for somebody else; where a packing is named only whole ones go. The stock is promised at once; too '
      + 'little is 409 notEnoughStock, and nothing changes. Where a request is named that it answers (request), that has been approved, and with the other orders that stand no more goes than was approved, the '
      + 'last packing that is not opened whole (422 wrongFigure). What was approved by phone (phone) is put down, and the paper follows; the request may then be open still, no more goes than was asked for, and '
      + 'it is answered in writing afterwards.',
  )),
  request: { headers: keyHeaders, body: jsonRequest(allocationAskSchema, {
    kind: 'allocation', from: 'warehouse', to: 'phc', lines: [{ item: 'respirator', count: 200 }], reason: '重症病区当日告急',
  }) },
  responses: { 201: jsonBody(allocationSchema, text('已下达', 'Issued')), 403: refused[403], ...writesBody, 409: refused[409] },
})

type Out = z.infer<typeof allocationSchema>
const answer = async <S extends 200 | 201>(allocation: Allocation, act: Act, status: S): Promise<Answer<Out, S>> =>
  ({ status, body: allocationOut(allocation, act.who, await besideAllocations(act.tx, [allocation])), headers: { etag: etagOf(allocation.order.version) } })

/** Refuses with notFound what does not concern whoever asks, as if it were not there. */
async function seen(tx: Tx, number: string, reach: Reach): Promise<Allocation> {
  const found = await allocationById(tx, number)
  if (found === null || !concernsPlaces(reach, found.order)) throw notFound(number, ALLOCATION_ORDER)
  return found
}

/** Allocation orders over HTTP: issued outside a plan, read, printed, and carried out step by step. */
export function allocationRoutes(service: Service) {
  const { db, isDrill } = service
  const step = async (c: Context<Env>, work: (act: Act) => Promise<Allocation>) =>
    send(c, await command(c, service, async (act) => answer(await work(act), act, 200)))
  const app = routesOf(service)
  app.openAPIRegistry.registerPath(form)
  return app
    .openapi(list, async (c) => {
      const { limit, cursor, from, to, ...equal } = c.req.valid('query')
      const { orders, beside, next } = await db.inSnapshot(async (tx) => {
        const page = await listAllocations(tx, { equal: { ...equal, fromPlace: from, toPlace: to }, reach: c.get('reach'), after: behind(cursor, NEWEST), limit })
        return { ...page, beside: await besideAllocations(tx, page.orders) }
      })
      return c.json({ items: orders.map((order) => allocationOut(order, c.get('who'), beside)), next: cursorOf(next, NEWEST) }, 200)
    })
    .openapi(get, async (c) => {
      const { found, beside } = await db.inSnapshot(async (tx) => {
        const found = await seen(tx, c.req.valid('param').id, c.get('reach'))
        return { found, beside: await besideAllocations(tx, [found]) }
      })
      c.header('ETag', etagOf(found.order.version))
      return c.json(allocationOut(found, c.get('who'), beside), 200)
    })
    .openapi(events, async (c) => {
      const { id: number } = c.req.valid('param')
      const { limit, cursor } = c.req.valid('query')
      const found = await db.inSnapshot(async (tx) => {
        await seen(tx, number, c.get('reach'))
        return allocationEventsOf(tx, number, { after: numberBehind(cursor, 'steps') ?? 0, limit: limit + 1 })
      })
      const page = found.slice(0, limit)
      const last = found.length > limit ? page.at(-1) : undefined
      return c.json({ items: page.map(allocationEventOut), next: cursorOf(last === undefined ? null : { key: String(last.seq), id: '' }, 'steps') }, 200)
    })
    .openapi(issue, async (c) => send(c, await command(c, service, async (act) => answer(await issueAllocation(act, c.req.valid('json')), act, 201))))
    .openapi(allocationSteps.ship, (c) => step(c, (act) => ship(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(allocationSteps.receive, (c) => step(c, (act) => receiveAllocation(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(allocationSteps.lose, (c) => step(c, (act) => lose(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(allocationSteps.cancel, (c) => step(c, (act) => cancelAllocation(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(allocationSteps.confirm, (c) => step(c, (act) => confirmAllocationOrder(act, c.req.valid('param').id, c.req.valid('json'))))
    .get('/allocation-orders/:id/form', async (c) => {
      const page = await db.inSnapshot(async (tx) => {
        const found = await seen(tx, c.req.param('id'), c.get('reach'))
        const { order, lines } = found
        const nameAt = async (place: string) => (await recordAt(tx, PLACES, place, null))?.body.name ?? text(place, place)
        return formOfAllocation({
          ...found, isDrill, last: await lastStepOfAllocation(tx, order.id), from: order.fromPlace === null ? null : await nameAt(order.fromPlace), to: await nameAt(order.toPlace),
          items: await allRecords(tx, ITEMS, null, lines.flatMap(({ item, substituteFor }) => (substituteFor === null ? [item] : [item, substituteFor]))),
          ...await besideAllocations(tx, [found]),
        })
      })
      return c.body(page, 200, { 'content-type': 'text/html; charset=utf-8' })
    })
}
