import { createRoute } from '@hono/zod-openapi'
import type { z } from 'zod'
import { etagOf } from '../../db/act.js'
import { type Answer, command } from '../../http/command.js'
import { changes, jsonBody, jsonRequest, readsOne, refused, told, unsafeHeaders, writes } from '../../http/openapi.js'
import { idParams, send } from '../../http/records.js'
import { routesOf, type Service } from '../../http/service.js'
import { text } from '../../kernel/text.js'
import { allocationApprovalSchema } from './bodies.js'
import { approvedAllocationOut, approvedAllocationSchema } from './allocationOut.js'
import { withdrawAllocation } from './withdrawing.js'
import { approveAllocation, type ApprovedMaterial, approvedMaterialOf, confirmAllocation, versionOfApproval } from './approving.js'
import { mustHaveMaterial, notApproved } from '../notApproved.js'
import { withdrawalSchema } from '../stepBodies.js'

const tags = ['Allocations 调拨']

const approval = createRoute({
  method: 'post', path: '/plan-runs/{id}/approve-allocation', tags, operationId: 'approveAllocation',
  ...told(text('批准方案的物资调拨', 'Approve the material of a plan'), text(
    '由物资保障组或指挥长批准，绝不由提出者批准，也不由它改自的各份方案的提出者批准。可划去若干票（struck）。逐票按当前库存重核：数量不足、已封存、未放行、到货前过期或定向不符的，'
      + '即为 409 planIsStale，并逐票说明。成立则每票成为一份编号的调拨单并预占库存。方案取自未到之货的部分不能下达，列在 waiting。物资管理员只能登记夜间电话批准（phone，写明接电话并批准的岗位），不写即 403；电话批准立即生效，次日以 confirm-allocation 补签。',
    'By the supplies group or the commander, never by whoever asked for the plan or for a draft that it was edited from. Shipments may be struck (struck). Each is measured on the stock of now: '
      + 'where a lot is no longer free in that quantity, is in quarantine, not released, expired on arrival or given for somebody else it is 409 planIsStale, shipment by shipment. Otherwise each becomes a '
      + 'numbered allocation order with its stock promised. What the plan takes from supplies that have not come cannot be issued, and is listed in waiting. A supply officer may only put down what was approved by phone (phone, with the post that answered and approved), and is 403 without; it holds at once, and the paper follows by confirm-allocation.',
  )),
  request: { params: idParams, headers: unsafeHeaders, body: jsonRequest(allocationApprovalSchema, { struck: [], note: '1 月 30 日第一批物资' }) },
  responses: { 200: jsonBody(approvedAllocationSchema, text('已批准，调拨单已下达', 'Approved, and its orders issued')), 403: refused[403], ...changes },
})
const paper = createRoute({
  method: 'post', path: '/plan-runs/{id}/confirm-allocation', tags, operationId: 'confirmAllocation',
  ...told(text('补签电话批准的物资调拨', 'Confirm an approval of material by phone'), text('由有权批准者办理，不得是提出者，或它改自的方案的提出者。', 'By whoever may approve it, and asked neither for it nor for a draft that it was edited from.')),
  request: { params: idParams, headers: unsafeHeaders },
  responses: { 200: jsonBody(approvedAllocationSchema, text('已补签', 'Confirmed')), 403: refused[403], ...writes, 404: refused[404], 409: refused[409], 412: refused[412] },
})
const withdrawal = createRoute({
  method: 'post', path: '/plan-runs/{id}/withdraw-allocation', tags, operationId: 'withdrawAllocation',
  ...told(text('撤回方案的物资调拨', 'Withdraw the material of a plan'), text(
    '由物资保障组或指挥长整体撤回：尚未发运的调拨单逐份取消，预占退还；已发运、签收、报失的不变，列在 ordersOut。没有一份尚未发运的为 409 ordersAreOut。撤回后不再撤回、补签，也不再批准此方案的物资。',
    'As a whole, by the supplies group or the commander: its orders that have not left are cancelled one by one, and their stock is free again; what was shipped, received or lost stays as it is, and is listed in ordersOut. '
      + 'Where none is still to be shipped it is 409 ordersAreOut. Once withdrawn it is neither withdrawn again nor confirmed, and the plan’s material is not approved again.',
  )),
  request: { params: idParams, headers: unsafeHeaders, body: jsonRequest(withdrawalSchema, { note: '疫情重心转移，另行求方案' }) },
  responses: { 200: jsonBody(approvedAllocationSchema, text('已撤回', 'Withdrawn')), 403: refused[403], ...changes },
})
const get = createRoute({
  method: 'get', path: '/plan-runs/{id}/allocation', tags, operationId: 'getAllocation',
  ...told(text('物资调拨的批准与落实', 'The approval of a plan’s material, plan against actual'), text(
    '由谁、何时批准，划去哪些票，是否撤回、为何；方案的每一行与下达、发运、验收数并列。未批准的为 404。',
    'By whom, when, which shipments were struck, and whether it was withdrawn and why; each line of the plan beside what was ordered, shipped and accepted of it. While nobody has approved it, it is 404.',
  )),
  request: { params: idParams }, responses: { 200: jsonBody(approvedAllocationSchema, text('批准与落实', 'The approval')), ...readsOne },
})

const answer = (approved: ApprovedMaterial): Answer<z.infer<typeof approvedAllocationSchema>, 200> =>
  ({ status: 200, body: approvedAllocationOut(approved), headers: { etag: etagOf(versionOfApproval(approved.approval)) } })

/** What becomes of the material of a plan once it is a draft, over HTTP. */
export const allocationPlanRoutes = (service: Service) => routesOf(service)
  .openapi(approval, async (c) => send(c, await command(c, service, async (act) => answer(await approveAllocation(act, c.req.valid('param').id, c.req.valid('json'))))))
  .openapi(paper, async (c) => send(c, await command(c, service, async (act) => {
    const { id } = c.req.valid('param')
    await mustHaveMaterial(act.tx, id)
    return answer(await confirmAllocation(act, id))
  })))
  .openapi(withdrawal, async (c) => send(c, await command(c, service, async (act) => answer(await withdrawAllocation(act, c.req.valid('param').id, c.req.valid('json').note)))))
  .openapi(get, async (c) => {
    const { id } = c.req.valid('param')
    const found = await service.db.inSnapshot(async (tx) => {
      const approved = await approvedMaterialOf(tx, id)
      if (approved === null) throw await notApproved(tx, id, 'material')
      return approved
    })
    c.header('ETag', etagOf(versionOfApproval(found.approval)))
    return c.json(approvedAllocationOut(found), 200)
  })
