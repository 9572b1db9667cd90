import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type Act, etagOf } from '../db/act.js'
import { type Answer, command } from '../http/command.js'
import { ABOUT, behind, cursorOf, filterBy, idFilter, numberBehind, pageShape } from '../http/lists.js'
import { both, jsonBody, jsonRequest, keyHeaders, reads, readsOne, refused, told, writesBody } from '../http/openapi.js'
import { idParams, ONE_PAGE, pageOf, send } from '../http/records.js'
import { type Env, routesOf, type Service } from '../http/service.js'
import { soundCommand } from '../http/soundly.js'
import { invariant } from '../kernel/invariant.js'
import { notFound } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { divert } from './diverting.js'
import { eventsOf, lastOnceOf } from './eventStore.js'
import { confirmOrder, issueOffPlan } from './offPlan.js'
import * as does from './orderCommands.js'
import { eventOut, eventSchema, issuedSchema, orderOut, orderSchema } from './orderOut.js'
import { concerns, STATES } from './orders.js'
import { offPlanSchema } from './stepBodies.js'
import { orderSteps } from './stepRoutes.js'
import { listOrders, type OrderAsk, orderById, type TransferOrder } from './store.js'

const tags = ['Orders 转运指令']
const SORTS = ['id', '-id', 'issuedAt', '-issuedAt', 'deadline', '-deadline'] as const
const isTrue = (said: 'true' | 'false' | undefined) => (said === undefined ? undefined : said === 'true')

const list = createRoute({
  method: 'get', path: '/transfer-orders', tags, operationId: 'listTransferOrders',
  ...told(text('转运指令一览', 'List transfer orders'), text(
    '按编号、下达时间或时限排列；无时限的（已出车）排在最晚之后。live=true 只看有效的，outside=true 只看转往系统外的。',
    'By number, by when it was issued or by its deadline, what has none (it is on the road) behind the latest. live=true shows only those that stand, outside=true only those that lead out of the system.',
  )),
  request: {
    query: z.strictObject({
      ...pageShape, sort: z.enum(SORTS).default('id'), state: wordSchema(STATES).optional(), patient: idFilter, fromPlace: filterBy('places'), toPlace: filterBy('places'), plan: idFilter, vehicle: filterBy('vehicles'),
      live: z.enum(['true', 'false']).optional().describe(both('true 只列有效的，false 只列已了结的', 'true: only those that stand; false: only those that do not')),
      outside: z.enum(['true', 'false']).optional().describe(both('true 只列转往系统外的，false 只列转往系统内的', 'true: only those that lead out of the system; false: only those that do not')),
    }),
  },
  responses: { 200: jsonBody(pageOf(orderSchema), ONE_PAGE), ...reads },
})
const get = createRoute({
  method: 'get', path: '/transfer-orders/{id}', tags, operationId: 'getTransferOrder', [ABOUT]: text('转运指令', 'transfer order'),
  ...told(text('一份转运指令', 'One transfer order'), text('现状、车辆、时限，以及此人现在可办的步骤。', 'As it stands, with vehicle and time limits, and the steps that the asker could make now.')),
  request: { params: idParams }, responses: { 200: jsonBody(orderSchema, text('这份指令', 'The order')), ...readsOne },
})
const events = createRoute({
  method: 'get', path: '/transfer-orders/{id}/events', tags, operationId: 'listOrderEvents',
  ...told(text('一份指令的各步', 'The steps of one order'), text('先后为序；从不改动或删除。', 'In their order; never changed or deleted.')),
  request: { params: idParams, query: z.object(pageShape) }, responses: { 200: jsonBody(pageOf(eventSchema), ONE_PAGE), ...readsOne },
})
const offPlan = createRoute({
  method: 'post', path: '/transfer-orders', tags, operationId: 'issueOrder',
  ...told(text('方案外下达一份指令', 'Issue an order outside any plan'), text(
    '与方案同样按各项“必须”核对，不合即为 409 breaksMust。陪护人与患儿（companions）同车，各得一份指令，全部下达或全不下达。'
      + '去处填 pool，或填系统外机构、城市的名称（outside）：不预占床位，由调度台电话联系接收方，到达即离开本系统。电话批准（phone）由调度台登记。不论是否电话，12 小时内由另一有权岗位补书面（confirm）。尚可批准的方案中的一行，提出该方案者下达为 403 ownPlan。',
    'Judged by the same musts as a plan; what would break one is 409 breaksMust. A carer and children (companions) ride together, an order each, all or none. '
      + 'It leads to a pool or, by name, to a hospital or city outside the system (outside): no bed is promised, the desk answers by phone for whoever receives there, '
      + 'and on arrival the stay ends. What was approved by phone (phone) the desk puts down. Either way another post with the authority confirms within 12 hours (confirm). A line of a draft that could still be approved is 403 ownPlan for whoever asked for that draft.',
  )),
  request: { headers: keyHeaders, body: jsonRequest(offPlanSchema, {
    patient: '武隆区-0001', pool: 'qianjiang/ordinary', reason: 'placeFails', vehicle: 'v-qianjiang-7', leavesBase: '2020-01-30T12:00:00+08:00', note: '病区停电',
    phone: { calledPost: 'night-desk', answeredPost: 'treatment-group-duty', at: '2020-01-30T00:00:00+08:00' },
  }) },
  responses: { 201: jsonBody(issuedSchema, text('已下达', 'Issued')), 403: refused[403], ...writesBody, 409: refused[409] },
})

type Out = z.infer<typeof orderSchema>
async function answer<S extends 200 | 201>(order: TransferOrder, act: Act, status: S): Promise<Answer<Out, S>> {
  const last = (await lastOnceOf(act.tx, [order])).get(order.id)
  return { status, body: orderOut(order, { who: act.who, now: act.at, last }), headers: { etag: etagOf(order.version) } }
}

/** Transfer orders over HTTP: issued outside a plan, read, and carried out step by step. */
export function orderRoutes(service: Service) {
  const { db, clock } = service
  const step = async (c: Context<Env>, work: (act: Act) => Promise<TransferOrder>, how = command) =>
    send(c, await how(c, service, async (act) => await answer(await work(act), act, 200)))
  // Only who drives what when, where somebody goes and how ill they are can contradict the picture; the other steps leave it
  // as it is, or take something out of it.
  const soundStep = (c: Context<Env>, work: (act: Act) => Promise<TransferOrder>) => step(c, work, soundCommand)
  return routesOf(service)
    .openapi(list, async (c) => {
      const { live, outside, cursor, limit, sort, ...equal } = c.req.valid('query')
      const now = clock.now()
      const descending = sort.startsWith('-')
      const by = (descending ? sort.slice(1) : sort) as OrderAsk['sort']['by']
      const { orders, next, steps } = await db.inSnapshot(async (tx) => {
        const page = await listOrders(tx, {
          equal, now, live: isTrue(live), outside: isTrue(outside), reach: c.get('reach'), sort: { by, descending }, after: behind(cursor, sort), limit,
        })
        return { ...page, steps: await lastOnceOf(tx, page.orders) }
      })
      return c.json({ items: orders.map((order) => orderOut(order, { who: c.get('who'), now, last: steps.get(order.id) })), next: cursorOf(next, sort) }, 200)
    })
    .openapi(get, async (c) => {
      const { id: number } = c.req.valid('param')
      const { order, last } = await db.inSnapshot(async (tx) => {
        const found = await orderById(tx, number)
        if (found === null || !concerns(c.get('reach'), found)) throw notFound(number)
        return { order: found, last: (await lastOnceOf(tx, [found])).get(number) }
      })
      c.header('ETag', etagOf(order.version))
      return c.json(orderOut(order, { who: c.get('who'), now: clock.now(), last }), 200)
    })
    .openapi(events, async (c) => {
      const { id: number } = c.req.valid('param')
      const { limit, cursor } = c.req.valid('query')
      const found = await db.inSnapshot(async (tx) => {
        const order = await orderById(tx, number)
        if (order === null || !concerns(c.get('reach'), order)) throw notFound(number)
        return eventsOf(tx, number, { after: numberBehind(cursor, 'steps') ?? 0, limit: limit + 1 })
      })
      const page = found.slice(0, limit)
      const last = found.length > limit ? page.at(-1) : undefined
      return c.json({ items: page.map(eventOut), next: cursorOf(last === undefined ? null : { key: String(last.seq), id: '' }, 'steps') }, 200)
    })
    .openapi(offPlan, async (c) => send(c, await soundCommand(c, service, async (act) => {
      const [order, ...others] = await issueOffPlan(act, c.req.valid('json'))
      invariant(order !== undefined, 'an order was issued')
      const { body, ...rest } = await answer(order, act, 201)
      return { ...rest, body: { ...body, companions: others.map((other) => orderOut(other, { who: act.who, now: act.at, last: undefined })) } }
    })))
    .openapi(orderSteps.accept, (c) => step(c, (act) => does.accept(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(orderSteps.askRelief, (c) => step(c, (act) => does.askRelief(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(orderSteps.uphold, (c) => step(c, (act) => does.uphold(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(orderSteps.overrule, (c) => step(c, (act) => does.overrule(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(orderSteps.dispatch, (c) => soundStep(c, (act) => does.dispatch(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(orderSteps.worsen, (c) => soundStep(c, (act) => does.worsen(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(orderSteps.divert, (c) => soundStep(c, (act) => divert(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(orderSteps.arrive, (c) => step(c, (act) => does.arrive(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(orderSteps.decontaminate, (c) => step(c, (act) => does.decontaminate(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(orderSteps.cancel, (c) => step(c, (act) => does.giveUp(act, c.req.valid('param').id, 'cancel', c.req.valid('json'))))
    .openapi(orderSteps.unwilling, (c) => step(c, (act) => does.giveUp(act, c.req.valid('param').id, 'unwilling', c.req.valid('json'))))
    .openapi(orderSteps.die, (c) => step(c, (act) => does.die(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(orderSteps.turnBack, (c) => step(c, (act) => does.turnBack(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(orderSteps.lift, (c) => step(c, (act) => does.lift(act, c.req.valid('param').id, c.req.valid('json'))))
    .openapi(orderSteps.confirm, (c) => step(c, (act) => confirmOrder(act, c.req.valid('param').id, c.req.valid('json'))))
}
