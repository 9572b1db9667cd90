import type { Phone } from '../access/phone.js'
import type { Person } from '../cases/cases.js'
import { CASES } from '../cases/store.js'
import type { Act } from '../db/act.js'
import { lockRecord, lockRecords, putRecord, type Recorded } from '../db/records.js'
import { isDrillStore } from '../db/storeMark.js'
import { BLOCKS, lockPools } from '../facilities/store.js'
import { stampedNumber } from '../kernel/drill.js'
import { invariant } from '../kernel/invariant.js'
import { dayOf, momentOf } from '../kernel/time.js'
import type { Move } from '../planning/plan.js'
import { lockDue, settled } from './clockwork.js'
import { limitsOf } from './limits.js'
import type { Line } from './orders.js'
import { promise } from './promises.js'
import { insertOrders, lastNumber, type TransferOrder } from './store.js'

/** The people of some lines as they stand. */
export type LockedCases = ReadonlyMap<string, Recorded<Person>>

/**
 * Nobody else moves these people or fills these beds before this transaction is over. Orders on which the clock has
 * something to say are settled, since what they held may be given away again: they are locked before people and beds, like
 * everywhere, and their beds together with the others.
 */
export async function lockLines(act: Act, moves: readonly (Pick<Move, 'patient' | 'fromPool'> & Pick<Line, 'pool'>)[]): Promise<LockedCases> {
  const due = await lockDue(act)
  const cases = await lockRecords(act, CASES, moves.map(({ patient }) => patient))
  const pools = moves.flatMap(({ pool, fromPool }) => [pool, fromPool])
  await lockPools(act, [...pools, ...due.map(({ pool }) => pool)].filter((id) => id !== null))
  for (const order of due) await settled(act, order)
  return cases
}

export interface Issue {
  readonly lines: readonly Line[]
  /** Whoever the lines are of, locked. */
  readonly cases: LockedCases
  readonly plan: string | null
  /** Reserve blocks that were opened for these orders; those of a plan are kept with the plan. */
  readonly opened: readonly string[]
  readonly reason: string | null
  readonly phone: Phone | null
  readonly note: string | null
}

/** A numbered order for every line, with its bed promised where it leads to one. Whoever issues has locked the desk, so that numbers are given once. */
export async function issue(act: Act, { lines, cases, plan, opened, reason, phone, note }: Issue): Promise<TransferOrder[]> {
  // One moment for the number, the order and its step: what is promised is locked anew, and later.
  const { at } = act
  const day = stampedNumber(dayOf(at), await isDrillStore(act.tx))
  const last = await lastNumber(act.tx, day)
  const rows = lines.map(({ ride, ...line }, i) => {
    const since = cases.get(line.patient)?.body.waitingSince ?? null
    return {
      id: `${day}-${String(last + i + 1).padStart(4, '0')}`, state: 'issued' as const, ...line, ...ride, plan, reason, phone,
      requestedAt: since === null ? null : momentOf(since), issuedAt: at, issuedBy: act.by,
      ...limitsOf({ issuedAt: at, leavesBase: ride.leavesBase, toPlace: line.toPlace }),
    }
  })
  await promise(act, rows.flatMap(({ id, pool, deadline }) => (pool === null ? [] : [{ pool, purpose: id, deadline }])))
  const details = { plan, reason, ...(opened.length === 0 ? {} : { opened }) }
  const orders = await insertOrders(act.tx, rows, { step: 'issue', at, recordedAt: act.at, by: act.by, note, details })
  await act.journal(...orders.map(({ id, patient, fromPlace, pool, outside }) =>
    ({ action: 'order.issued', kind: 'transfer-orders', subject: id, details: { patient, from: fromPlace, pool, outside, plan, reason } })))
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
