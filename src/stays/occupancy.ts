import { bedsLeft, FREE_BEDS, namedIn, heldOf, withArrival, withDeparture } from '../facilities/bedBook.js'
import { lastPromised } from '../facilities/promisedStore.js'
import { keepPool, type LockedPool } from '../facilities/store.js'
import type { Act } from '../db/act.js'
import { refuse } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'
import { resolveHold } from '../ledger/store.js'

/**
 * One named person comes into a locked pool; refused while no bed is left for somebody who was not counted there. A bed
 * promised to them is theirs, even if a census has since filled the pool.
 */
export async function comeIn(act: Act, id: string, pool: LockedPool, at: Date, promised: string | null = null): Promise<void> {
  const { body } = pool.record
  const named = namedIn(pool.book)
  const { figures, isOneMore } = withArrival({ figures: body, named }, at, pool.countedAt)
  const left = bedsLeft({ figures: body, named, held: heldOf(pool.book) })
  const fulfilled = promised === null ? 0 : await resolveHold(act.tx, { book: id, account: FREE_BEDS, purpose: promised }, 'settled', act.at)
  if (fulfilled === 0 && isOneMore && left !== null && left < 1) {
    const [by, since] = [pool.record.recordedBy, instantOf(pool.record.recordedAt)]
    const won = (await lastPromised(act.tx, [id])).get(id) ?? text('', '')
    const [zh, en] = [won.zh === '' ? '' : `，${won.zh}`, won.en === '' ? '' : `; ${won.en}`]
    throw refuse('noFreeBed',
      `${id} 没有空余床位（剩 ${left} 张，${by} 于 ${since} 最后登记${zh}）；请选别处，或先报新的床位数`,
      `${id} has no free bed (${left} left, as last put down by ${by} at ${since}${en}); choose another, or report its beds first`)
  }
  await keepPool(act, { id, before: pool, after: { ...body, ...figures }, named: named + 1, reason: 'admission', effectiveAt: at, fulfilled })
}

/** One named person leaves a locked pool. */
export async function goOut(act: Act, id: string, pool: LockedPool, at: Date): Promise<void> {
  const { body } = pool.record
  const named = namedIn(pool.book)
  const figures = withDeparture({ figures: body, named }, at, pool.countedAt)
  await keepPool(act, { id, before: pool, after: { ...body, ...figures }, named: named - 1, reason: 'departure', effectiveAt: at })
}
