import type { Tx } from '../db/database.js'
import { currentRecord } from '../db/records.js'
import { placeOf, UNITS } from '../facilities/store.js'
import type { LotRecord } from './stock.js'
import { wrongAt } from '../kernel/refusal.js'

/**
 * Refuses a lot that is for nobody there is, and an earmarked donation that is for nobody at all. Stock is looked at here, at
 * the door: the picture of the city is judged without it.
 */
export async function mustBeForSomebody(tx: Tx, { authority, earmark }: Pick<LotRecord, 'authority' | 'earmark'>): Promise<void> {
  if (earmark === null) {
    if (authority !== 'earmarkedDonation') return
    throw wrongAt('wrongReference', '/earmark', '定向捐赠须写明指定给哪个场所或报告单位', 'an earmarked donation must name the place or reporting unit that it is for')
  }
  if (await placeOf(tx, earmark) !== null || await currentRecord(tx, UNITS, earmark) !== null) return
  throw wrongAt('unknownReference', '/earmark', `没有场所或报告单位 ${earmark}`, `there is no place or reporting unit ${earmark}`)
}
