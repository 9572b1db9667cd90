import type { Tx } from '../db/database.js'
import { notFound, refuse, type Refused } from '../kernel/refusal.js'
import { howItEnded, runById } from '../planning/store.js'
import { issuedAllocationOf } from './material/store.js'

/** What is asked of an approval that nobody has given: the plan is there all the same, or it is not. */
export async function notApproved(tx: Tx, id: string, of: 'transfers' | 'material'): Promise<Refused> {
  const run = await runById(tx, id)
  if (run === null) return notFound(id)
  if (run.state !== 'done') {
    const { zh, en } = await howItEnded(tx, run)
    return refuse('notFound', `计算 ${id} ${zh}，没有方案，也就没有批准`, `the run ${id} is ${en}; there is no plan, and so no approval`)
  }
  return of === 'transfers'
    ? refuse('notFound', `方案 ${id} 尚未批准`, `the plan ${id} has not been approved yet`)
    : refuse('notFound', `方案 ${id} 的物资尚未批准`, `the material of the plan ${id} has not been approved yet`)
}

/** Refuses: notFound where nobody has approved the material of a plan. */
export async function mustHaveMaterial(tx: Tx, id: string): Promise<void> {
  if (await issuedAllocationOf(tx, id) === null) throw await notApproved(tx, id, 'material')
}
