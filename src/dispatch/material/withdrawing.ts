import { checkAuthority } from '../../access/authority.js'
import { type Act, matchVersionIfGiven } from '../../db/act.js'
import { invariant } from '../../kernel/invariant.js'
import { refuse } from '../../kernel/refusal.js'
import { cancelTogether } from './commands.js'
import { changeIssuedAllocation, issuedAllocationOf, lockAllocationsOf } from './store.js'
import { hasLeft } from './allocations.js'
import { type ApprovedMaterial, approvedMaterialOf, decided, versionOfApproval } from './approving.js'
import { notApproved } from '../notApproved.js'
import { lockDesk } from '../store.js'

const KIND = 'plan-runs'

/**
 * Takes the material of a plan back: its orders that are issued are cancelled, and their stock is free again. What has left
 * cannot be un-sent: it stays as it is, and where nothing else is left there is nothing to take back. Refuses: notFound,
 * changedMeanwhile, forbidden, planIsDecided, ordersAreOut.
 */
export async function withdrawAllocation(act: Act, id: string, note: string): Promise<ApprovedMaterial> {
  await lockDesk(act)
  const approval = await issuedAllocationOf(act.tx, id)
  if (approval === null) throw await notApproved(act.tx, id, 'material')
  matchVersionIfGiven(act, { version: versionOfApproval(approval) })
  checkAuthority(act.who, ['material'], { byPhone: false })
  if (approval.withdrawnAt !== null) throw decided(approval)
  const orders = await lockAllocationsOf(act.tx, id)
  const issued = orders.filter(({ order }) => order.state === 'issued')
  const out = orders.flatMap(({ order }) => (hasLeft(order.state) ? [order.id] : []))
  if (issued.length === 0 && out.length > 0) {
    throw refuse('ordersAreOut', `方案的调拨单都已发运或了结（已发运 ${out.length} 份，如 ${out[0]}），没有可撤回的`,
      `none of its orders is still to be shipped, and ${out.length} of them have left (${out[0]} among them); there is nothing to withdraw`)
  }
  act.notBefore(approval.confirmedAt ?? approval.recordedAt)
  await cancelTogether(act, issued, { note, run: id })
  await changeIssuedAllocation(act.tx, id, { withdrawnAt: act.at, withdrawnBy: act.by, withdrawalReason: note })
  await act.journal({ action: 'allocation.withdrawn', kind: KIND, subject: id, details: { note, cancelled: issued.map(({ order }) => order.id), out } })
  const withdrawn = await approvedMaterialOf(act.tx, id)
  invariant(withdrawn !== null, 'what was withdrawn had been approved')
  return withdrawn
}
