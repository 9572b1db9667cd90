import type { Act } from '../db/act.js'
import { FREE_BEDS } from '../facilities/bedBook.js'
import { changePromised, lockPools, REPORTED } from '../facilities/store.js'
import { text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { keepHold, makeHolds, resolveHold } from '../ledger/store.js'
import type { TransferOrder } from './store.js'

/** A bed that is promised for a purpose: an order, or a relief. */
export interface Promised {
  readonly pool: string
  readonly purpose: string
  readonly beds?: number
  readonly deadline: Date | null
}

/** What open promises of beds are for. */
export const PURPOSES = {
  order: text('转运指令', 'a transfer order'),
  relief: text('请求调整成立', 'a relief that was upheld'),
  reported: text('本院自报预占', 'promised by the place itself'),
} as const satisfies Vocabulary<string>
export type Purpose = keyof typeof PURPOSES

const RELIEF = 'relief/'
export const reliefPurpose = (order: string): string => `${RELIEF}${order}`

/** What a promise is for, and the order that it goes back to; null: none. */
export function purposeOf(purpose: string): { kind: Purpose; order: string | null } {
  if (purpose === REPORTED) return { kind: 'reported', order: null }
  return purpose.startsWith(RELIEF) ? { kind: 'relief', order: purpose.slice(RELIEF.length) } : { kind: 'order', order: purpose }
}

const subjectOf = (purpose: string): string => `transfer-orders/${purpose}`
const ofFree = (pool: string, purpose: string) => ({ book: pool, account: FREE_BEDS, purpose })

/** Promises beds; whoever promises has judged that they are there, or are about to be left. */
export async function promise(act: Act, promised: readonly Promised[]): Promise<void> {
  for (const [id, pool] of await lockPools(act, promised.map((one) => one.pool))) {
    const own = promised.filter((one) => one.pool === id)
    const more = own.reduce((sum, { beds = 1 }) => sum + beds, 0)
    await changePromised(act, { id, pool, more, subject: subjectOf(own[0]?.purpose ?? '') })
  }
  const holds = promised.map(({ pool, purpose, beds = 1, deadline }) => ({ ...ofFree(pool, purpose), quantity: beds, id: act.newId(), deadline }))
  await makeHolds(act.tx, holds, act)
}

type Resolved = 'settled' | 'voided' | 'expired'

/** The bed that is promised for an order; null: it leads out of the system, where nobody promises any. */
const bedOf = ({ id: purpose, pool }: Pick<TransferOrder, 'id' | 'pool'>) => (pool === null ? null : { pool, purpose })

/** The bed of an order is promised no more. */
export async function releaseBed(act: Act, order: Pick<TransferOrder, 'id' | 'pool'>, as: Resolved): Promise<void> {
  const bed = bedOf(order)
  if (bed !== null) await release(act, bed, as)
}

/** The promise is over, and its bed may be given to somebody else. Nothing happens when it was over before. */
export async function release(act: Act, { pool: id, purpose }: Pick<Promised, 'pool' | 'purpose'>, as: Resolved): Promise<void> {
  const pool = (await lockPools(act, [id])).get(id)
  const beds = await resolveHold(act.tx, ofFree(id, purpose), as, act.at)
  if (pool !== undefined && beds > 0) await changePromised(act, { id, pool, more: -beds, subject: subjectOf(purpose) })
}

/** Whoever is on the road has their bed, however long it takes. */
export async function keepForGood(act: Act, order: Pick<TransferOrder, 'id' | 'pool'>): Promise<void> {
  const bed = bedOf(order)
  if (bed !== null) await keepHold(act.tx, ofFree(bed.pool, bed.purpose))
}
