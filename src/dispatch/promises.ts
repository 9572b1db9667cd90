import type { Act } from '../db/act.js'
import { changePromised, lockPools } from '../facilities/store.js'
import { keepHold, makeHold, resolveHold } from '../ledger/store.js'

/** A bed that is promised for a purpose: an order, or a relief. */
export interface Promised {
  readonly pool: string
  readonly purpose: string
  readonly beds?: number
  readonly deadline: Date | null
}

const subjectOf = (purpose: string): string => `transfer-orders/${purpose}`
const ofFree = (pool: string, purpose: string) => ({ book: pool, account: 'free', purpose })

/** Promises beds, pool by pool; whoever promises has judged that they are there, or are about to be left. */
export async function promise(act: Act, promised: readonly Promised[]): Promise<void> {
  for (const [id, pool] of await lockPools(act, promised.map((one) => one.pool))) {
    const own = promised.filter((one) => one.pool === id)
    const more = own.reduce((sum, { beds = 1 }) => sum + beds, 0)
    await changePromised(act, { id, pool, more, subject: subjectOf(own[0]?.purpose ?? '') })
    for (const { purpose, beds = 1, deadline } of own) {
      await makeHold(act.tx, { ...ofFree(id, purpose), quantity: beds }, { id: act.newId(), deadline }, act)
    }
  }
}

/** The promise is over, and its bed may be given to somebody else. Nothing happens when it was over before. */
export async function release(act: Act, { pool: id, purpose }: Pick<Promised, 'pool' | 'purpose'>, as: 'settled' | 'voided' | 'expired'): Promise<void> {
  const pool = (await lockPools(act, [id])).get(id)
  const beds = await resolveHold(act.tx, ofFree(id, purpose), as, act.at)
  if (pool !== undefined && beds > 0) await changePromised(act, { id, pool, more: -beds, subject: subjectOf(purpose) })
}

/** Whoever is on the road has their bed, however long it takes. */
export const keepForGood = (act: Act, { pool, purpose }: Pick<Promised, 'pool' | 'purpose'>): Promise<void> =>
  keepHold(act.tx, ofFree(pool, purpose))
