import { CASES } from '../cases/store.js'
import type { Act } from '../db/act.js'
import { currentRecord, lockRecord, lockRecords, putRecord } from '../db/records.js'
import { BLOCKS, lockPools } from '../facilities/store.js'
import { invariant } from '../kernel/invariant.js'
import { dayOf, momentOf } from '../kernel/time.js'
import type { Move } from '../planning/plan.js'
import { limitsOf } from './limits.js'
import type { Line, Phone } from './orders.js'
import { promise } from './promises.js'
import { insertOrders, lastNumber, type TransferOrder } from './store.js'

/** Nobody else moves these people or fills these beds before this transaction is over: people first, then beds, each by id. */
export async function lockLines(act: Act, moves: readonly Pick<Move, 'patient' | 'pool' | 'fromPool'>[]): Promise<void> {
  await lockRecords(act, CASES, moves.map(({ patient }) => patient))
  await lockPools(act, moves.flatMap(({ pool, fromPool }) => (fromPool === null ? [pool] : [pool, fromPool])))
}

export interface Issue {
  readonly lines: readonly Line[]
  readonly plan: string | null
  readonly reason: string | null
  readonly phone: Phone | null
  readonly note: string | null
}

/** A numbered order with a promised bed for every line. Whoever issues has locked the desk, so that numbers are given once. */
export async function issue(act: Act, { lines, plan, reason, phone, note }: Issue): Promise<TransferOrder[]> {
  const day = dayOf(act.at)
  const last = await lastNumber(act.tx, day)
  const rows = []
  for (const [i, { ride, ...line }] of lines.entries()) {
    const person = await currentRecord(act.tx, CASES, line.patient)
    const since = person?.body.waitingSince ?? null
    rows.push({
      id: `${day}-${String(last + i + 1).padStart(4, '0')}`, state: 'issued' as const, ...line, ...ride, plan, reason, phone,
      requestedAt: since === null ? null : momentOf(since), issuedAt: act.at, issuedBy: act.by,
      ...limitsOf({ issuedAt: act.at, leavesBase: ride.leavesBase }),
    })
  }
  await promise(act, rows.map(({ id, pool, deadline }) => ({ pool, purpose: id, deadline })))
  const orders = await insertOrders(act.tx, rows, { step: 'issue', at: act.at, recordedAt: act.at, by: act.by, note, details: { plan, reason } })
  for (const { id, patient, fromPlace, pool } of orders) {
    await act.journal({ action: 'order.issued', kind: 'transfer-orders', subject: id, details: { patient, from: fromPlace, pool, plan, reason } })
  }
  return orders
}

/** Blocks take patients from now on: that is what the decision to move somebody there means. */
export async function openBlocks(act: Act, blocks: readonly string[]): Promise<void> {
  for (const id of blocks) {
    const before = await lockRecord(act, BLOCKS, id)
    invariant(before !== null, 'a block that a plan opens is there')
    if (before.body.opened) continue
    const after = { ...before.body, opened: true }
    const { version } = await putRecord(act.tx, BLOCKS, { id, body: after, effectiveAt: act.at, before }, act)
    await act.journal({ action: 'block.opened', kind: 'blocks', subject: id, details: { version, before: before.body, after } })
  }
}
