import { createRoute, z } from '@hono/zod-openapi'
import { phoneSchema } from '../access/phone.js'
import { SEVERITIES } from '../cases/cases.js'
import { etagOf } from '../db/act.js'
import { type Answer, command } from '../http/command.js'
import { both, changes, jsonBody, jsonRequest, readsOne, refused, told, unsafeHeaders, writes } from '../http/openapi.js'
import { idParams, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { soundCommand } from '../http/soundly.js'
import { text } from '../kernel/text.js'
import { instantOf, instantOrNull, instantOrNullSchema, instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { approve, confirm, withdraw } from './commands.js'
import { notApproved } from './notApproved.js'
import { orNull } from './orderOut.js'
import { approvalSchema, PLAN_STATES, strikeSchema } from './plans.js'
import { withdrawalSchema } from './stepBodies.js'
import { type IssuedPlan, issuedPlanOf, numbersOf } from './store.js'

const tags = ['Plans 方案']

const API_STATES = { ...PLAN_STATES, approvedByPhone: text('电话批准，待书面确认', 'approved by phone, the paper to follow') }

const issuedSchema = z.object({
  run: z.string(), version: z.int(), state: wordSchema(API_STATES),
  maker: z.string().nullable(), approvedAt: instantSchema, approvedBy: z.string(), phone: orNull(phoneSchema),
  confirmedAt: instantOrNullSchema, confirmedBy: z.string().nullable(), note: z.string().nullable(),
  struck: z.array(strikeSchema), opened: z.array(z.string()),
  endedAt: instantOrNullSchema, endedBy: z.string().nullable(),
  orders: z.array(z.string()),
}).meta({ id: 'IssuedPlan' })

const notInPlanSchema = z.object({
  count: z.int(),
  first: z.array(z.object({ patient: z.string(), severity: wordSchema(SEVERITIES), place: z.string(), waitingSince: instantSchema }))
    .describe(both('等候最久的至多 50 人', 'At most 50 of them, the longest wait first')),
}).meta({ id: 'NotInPlan' })
const approvedSchema = issuedSchema.extend({ notInPlan: notInPlanSchema }).meta({ id: 'ApprovedPlan' })

const approval = createRoute({
  method: 'post', path: '/plan-runs/{id}/approve', tags, operationId: 'approvePlan',
  ...told(text('批准方案', 'Approve a plan'), text(
    '由医疗救治组或指挥长批准，绝不由提出者批准，也不由它改自的各份方案的提出者批准；启用后备分区须指挥长。可划去若干行。按当前情况逐条重核，任何一行不再成立即为 409 planIsStale，并逐行说明。'
      + '成立则同时下达编号的转运指令并预占床位，取代前一方案。答复的 notInPlan 列出此刻已申请转运、方案里没有、也无有效指令的人：方案算出之后才来的，不要漏掉。调度台只能登记夜间电话批准（phone），不写即 403；电话批准立即生效，次日以 confirm 补书面。',
    'By the treatment group or the commander, never by whoever asked for it or for a draft that it was edited from; opening a reserve block takes the commander. Lines may be struck. Every must is measured '
      + 'on the present: where a line no longer holds it is 409 planIsStale, line by line. Otherwise each line becomes a numbered transfer order with its bed held, and '
      + 'the plan before is superseded. notInPlan in the answer lists who has asked for a transfer by now and is nowhere in the plan, without an order that stands: whoever came after it was computed is not to be forgotten. The transfer desk may only put down what was approved by phone (phone), and is 403 without; it holds at once, and the paper follows by confirm.',
  )),
  request: { params: idParams, headers: unsafeHeaders, body: jsonRequest(approvalSchema, { strike: [{ patient: '万州区-0016', reason: '家属要求暂缓一日' }], note: '1 月 30 日第一批' }) },
  responses: { 200: jsonBody(approvedSchema, text('已批准，指令已下达', 'Approved, and its orders issued')), 403: refused[403], ...changes },
})
const paper = createRoute({
  method: 'post', path: '/plan-runs/{id}/confirm', tags, operationId: 'confirmPlan',
  ...told(text('书面确认电话批准', 'Confirm an approval by phone'), text('由有权批准者办理，不得是提出者，或它改自的方案的提出者。已撤回的方案不再补签（409 planIsDecided）。', 'By whoever may approve it, and asked neither for it nor for a draft that it was edited from. A plan that was withdrawn is confirmed no more (409 planIsDecided).')),
  request: { params: idParams, headers: unsafeHeaders },
  responses: { 200: jsonBody(issuedSchema, text('已确认', 'Confirmed')), 403: refused[403], ...writes, 404: refused[404], 409: refused[409], 412: refused[412] },
})
const withdrawal = createRoute({
  method: 'post', path: '/plan-runs/{id}/withdraw', tags, operationId: 'withdrawPlan',
  ...told(text('撤回方案', 'Withdraw a plan'), text(
    '尚无一车出发时可撤回：各指令撤销，预占床位退还；已启用的分区不变。已有出车为 409 ordersAreOut。',
    'While none of its vehicles has left: its orders are cancelled and their beds are free again; blocks that it opened stay open. Otherwise it is 409 ordersAreOut.',
  )),
  request: { params: idParams, headers: unsafeHeaders, body: jsonRequest(withdrawalSchema, { note: '接收医院供氧中断' }) },
  responses: { 200: jsonBody(issuedSchema, text('已撤回', 'Withdrawn')), 403: refused[403], ...changes },
})
const get = createRoute({
  method: 'get', path: '/plan-runs/{id}/approval', tags, operationId: 'getApproval',
  ...told(text('方案的批准', 'The approval of a plan'), text('由谁、何时、划去哪些行，下达了哪些指令；未批准的为 404。', 'By whom, when, which lines were struck and which orders came of it; a draft has none, which is 404.')),
  request: { params: idParams }, responses: { 200: jsonBody(issuedSchema, text('批准', 'The approval')), ...readsOne },
})


const issuedOut = (plan: IssuedPlan, orders: readonly string[]): z.infer<typeof issuedSchema> => ({
  run: plan.id, version: plan.version,
  state: plan.state === 'approved' && plan.phone !== null && plan.confirmedAt === null ? 'approvedByPhone' : plan.state,
  maker: plan.maker, approvedAt: instantOf(plan.approvedAt), approvedBy: plan.approvedBy, phone: plan.phone,
  confirmedAt: instantOrNull(plan.confirmedAt), confirmedBy: plan.confirmedBy, note: plan.note,
  struck: [...plan.struck], opened: [...plan.opened], endedAt: instantOrNull(plan.endedAt), endedBy: plan.endedBy, orders: [...orders],
})
const answer = (plan: IssuedPlan, orders: readonly string[]): Answer<z.infer<typeof issuedSchema>, 200> =>
  ({ status: 200, body: issuedOut(plan, orders), headers: { etag: etagOf(plan.version) } })

/** What becomes of a plan once it is a draft, over HTTP. */
export const approvalRoutes = (service: Service) => routesOf(service)
  .openapi(approval, async (c) => send(c, await soundCommand(c, service, async (act) => {
    const { plan, orders, forgotten } = await approve(act, c.req.valid('param').id, c.req.valid('json'))
    const { body, ...rest } = answer(plan, orders.map(({ id }) => id))
    return { ...rest, body: { ...body, notInPlan: forgotten } }
  })))
  .openapi(paper, async (c) => send(c, await command(c, service, async (act) => {
    const plan = await confirm(act, c.req.valid('param').id)
    return answer(plan, await numbersOf(act.tx, plan.id))
  })))
  .openapi(withdrawal, async (c) => send(c, await command(c, service, async (act) => {
    const plan = await withdraw(act, c.req.valid('param').id, c.req.valid('json').note)
    return answer(plan, await numbersOf(act.tx, plan.id))
  })))
  .openapi(get, async (c) => {
    const { id } = c.req.valid('param')
    const found = await service.db.inSnapshot(async (tx) => {
      const plan = await issuedPlanOf(tx, id)
      if (plan === null) throw await notApproved(tx, id, 'transfers')
      return { plan, orders: await numbersOf(tx, id) }
    })
    c.header('ETag', etagOf(found.plan.version))
    return c.json(issuedOut(found.plan, found.orders), 200)
  })
