import type { Act } from '../db/act.js'
import { refuse } from '../kernel/refusal.js'
import { instantOf } from '../kernel/time.js'
import { accountIn, atPlace, fewestSince, flowed } from './stockBook.js'
import { gainsSince, type NoteLine, type StockNote } from './noteStore.js'
import { type LockedLot, nameOf } from './store.js'

/** Refuses to take more, of a past moment, than ever lay there since. */
export async function mustHaveHad(act: Act, place: string, flows: readonly NoteLine[], locked: ReadonlyMap<string, LockedLot>, at: Date): Promise<void> {
  if (at >= act.at) return
  for (const lot of new Set(flows.map((flow) => flow.lot))) {
    const units = flows.filter((flow) => flow.lot === lot).reduce((sum, flow) => sum + flow.units, 0)
    const fewest = fewestSince(accountIn(locked.get(lot)?.book ?? {}, atPlace(place)).balance, await gainsSince(act.tx, lot, atPlace(place), at))
    if (fewest >= units) continue
    const what = nameOf(locked.get(lot), lot)
    throw refuse('notEnoughStock', `${instantOf(at)} 时 ${place} 的 ${what} 只有 ${fewest}，不够 ${units}；请核对时间`,
      `at ${instantOf(at)} there were ${fewest} of ${what} at ${place}, and ${units} are said to have gone; look at the time again`)
  }
}

/** Refuses to take back what a note brought and was used meanwhile, though as much has come since: without it less than nought would have lain there. */
export async function mustLieUnused(act: Act, { place, effectiveAt }: StockNote, flows: readonly NoteLine[], locked: ReadonlyMap<string, LockedLot>): Promise<void> {
  for (const [lot, { book }] of locked) {
    const own = flows.filter((flow) => flow.lot === lot && flow.from === atPlace(place))
    const what = nameOf(locked.get(lot), lot)
    if (own.length === 0) continue
    // What is not there now is refused as always.
    flowed(book, own, what)
    const units = own.reduce((sum, flow) => sum + flow.units, 0)
    const fewest = fewestSince(accountIn(book, atPlace(place)).balance, await gainsSince(act.tx, lot, atPlace(place), effectiveAt))
    if (fewest >= units) continue
    throw refuse('notEnoughStock', `${instantOf(effectiveAt)} 起 ${place} 的 ${what} 最少时只有 ${fewest}，此单的 ${units} 其后已动用；请先冲销其后的出库`,
      `since ${instantOf(effectiveAt)} there were as few as ${fewest} of ${what} at ${place}, so that of the ${units} of this note some were used; reverse first what went out after it`)
  }
}
