import type { Act } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { allRecords, isSeen } from '../db/records.js'
import { byCodeUnits } from '../kernel/canonical.js'
import type { Detail } from '../kernel/refusal.js'
import { type Text, text } from '../kernel/text.js'
import { openHolds } from '../ledger/store.js'
import type { Stocktake } from './notes.js'
import type { LotRecord } from './stock.js'
import { atPlace, bookOfLot, orderOfPurpose } from './stockBook.js'
import { LOTS, lotsAt, lotsOfItem } from './store.js'

/** Nobody reads more of them in one sentence. */
const NAMED_MAX = 20

/**
 * What a stocktake leaves out of the lots that lie there, and what it names beside them; empty: it is whole. Lots are told by
 * their ids with the number and expiry that stand on the packing, since whoever counts sees only those.
 */
export async function faultsOfCount(act: Act, { item, counted }: Stocktake, there: readonly string[]): Promise<Detail[]> {
  const ids = Object.keys(counted)
  const ofThatItem = new Set(await lotsOfItem(act.tx, item))
  // A lot that lies elsewhere is none to whoever looks after this place alone.
  for (const lot of ids) if (!there.includes(lot) && !await isSeen(act.tx, LOTS, lot, act.reach)) ofThatItem.delete(lot)
  const missing = there.filter((lot) => !ids.includes(lot))
  const unknown = ids.filter((lot) => !ofThatItem.has(lot))
  if (missing.length + unknown.length === 0) return []
  const lots = await allRecords(act.tx, LOTS, null, there)
  const lying = listed(there, lots)
  return [
    ...missing.map((lot) => {
      const { zh, en } = onThePacking(lots[lot])
      return countAt(lot, text(`缺这一批（${zh}）；没有了填 0`, `this lot is missing (${en}); say 0 where none is left`))
    }),
    ...unknown.map((lot) => countAt(lot, text(
      `${item} 没有编号为 ${lot} 的批次；请按批次编号报，该处有：${lying.zh}`, `there is no lot of ${item} with the id ${lot}; name lots by their ids, there are: ${lying.en}`))),
  ]
}

const countAt = (lot: string, want: Text): Detail => ({ pointer: `/counted/${lot.replaceAll('~', '~0').replaceAll('/', '~1')}`, want })

function onThePacking(lot: Pick<LotRecord, 'lot' | 'expiresOn'> | undefined): Text {
  const [number, expiresOn] = [lot?.lot ?? null, lot?.expiresOn ?? null]
  return text(
    `${number === null ? '未记批号' : `批号 ${number}`}，${expiresOn === null ? '不过期' : `有效期至 ${expiresOn}`}`,
    `${number === null ? 'no number' : `number ${number}`}, ${expiresOn === null ? 'does not expire' : `expires on ${expiresOn}`}`,
  )
}

function listed(ids: readonly string[], lots: Readonly<Record<string, LotRecord>>): Text {
  if (ids.length === 0) return text('一批也没有', 'none')
  const named = ids.slice(0, NAMED_MAX).map((id) => ({ id, ...onThePacking(lots[id]) }))
  const more = ids.length > NAMED_MAX ? ids.length : null
  return text(
    `${named.map(({ id, zh }) => `${id}（${zh}）`).join('、')}${more === null ? '' : ` 等 ${more} 批`}`,
    `${named.map(({ id, en }) => `${id} (${en})`).join('; ')}${more === null ? '' : `; ${more} in all`}`,
  )
}

/** The lots of an item at a place that bear a number on their packing, by the ids that they have here; null: there are none. */
export async function ofThatNumber(tx: Tx, { number, item, place }: { number: string; item: string; place: string }): Promise<Text | null> {
  const lots = await allRecords(tx, LOTS, null, await lotsAt(tx, place, item))
  const ids = Object.keys(lots).filter((id) => lots[id]?.lot === number).sort(byCodeUnits)
  return ids.length === 0 ? null : listed(ids, lots)
}

/** The allocation orders to which some of a lot at a place is promised. */
export async function ordersPromised(tx: Tx, lot: string, place: string): Promise<string[]> {
  const holds = await openHolds(tx, { account: atPlace(place), books: [bookOfLot(lot)] })
  return [...new Set(holds.map(({ purpose }) => orderOfPurpose(purpose)))].sort(byCodeUnits)
}
