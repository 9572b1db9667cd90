import type { Act } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { currentRecord } from '../db/records.js'
import { refuse, wrongAt } from '../kernel/refusal.js'
import { orderedFor, type Request } from './requestStore.js'
import { inWhole } from './requests.js'
import { ITEMS, packingOf } from './store.js'

/** How far a request is served: of what may be ordered for it, what is. */
export interface Served {
  /** Base units of the packing that is not opened; 1: single units do. */
  readonly each: number
  /** What was approved, and before that what was asked for, in whole packings. */
  readonly limit: number
  readonly ordered: number
}

/** How far a request is served. Whoever decides by it has locked the request: nobody else orders anything for it meanwhile. */
export async function servedOf(tx: Tx, { id, item, asked, approved }: Request): Promise<Served> {
  const shipsBy = (await currentRecord(tx, ITEMS, item))?.body.shipsBy ?? null
  const each = shipsBy === null ? 1 : (await packingOf(tx, item, shipsBy))?.units ?? 1
  return { each, limit: inWhole(approved ?? asked, each), ordered: await orderedFor(tx, id) }
}

/** Refuses with wrongFigure to approve less than was ordered by phone while the request was open. */
export async function mustCover({ tx }: Pick<Act, 'tx'>, request: Request, units: number): Promise<void> {
  const { each, ordered } = await servedOf(tx, request)
  if (inWhole(units, each) >= ordered) return
  throw wrongAt('wrongFigure', '/units', `凭电话已为此申领下达 ${ordered}，核定 ${units} 不够；至少核定已下达的数，或先取消尚未发运的调拨单`,
    `${ordered} were ordered for it by phone already, and ${units} do not cover them; approve at least so many, or cancel what has not left first`)
}

/** Refuses with stepOutOfOrder to turn down what was ordered by phone while the request was open. */
export async function mustNotBeServed({ tx }: Pick<Act, 'tx'>, request: Request): Promise<void> {
  const { ordered } = await servedOf(tx, request)
  if (ordered === 0) return
  throw refuse('stepOutOfOrder', `凭电话已为此申领下达 ${ordered}，不能再不批或撤回；请由物资保障组补批，或先取消尚未发运的调拨单`,
    `${ordered} were ordered for this request by phone already, so it is not turned down or withdrawn; let the supplies group approve them, or cancel what has not left first`)
}
