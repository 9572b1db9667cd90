import type { Tx } from '../db/database.js'
import type { Past } from '../db/records.js'
import { dayOf } from '../kernel/time.js'
import type { Consignment, PromisedStock } from '../supplies/stock.js'
import { type LineUnderWay, linesUnderWay } from './allocationStore.js'
import { broughtConsignments } from './consignmentStore.js'

/**
 * Lines of allocation orders that are issued or on the road, as planning knows them: what was ordered, or what was shipped.
 * One that is late is expected on the day of the moment. An order of one line is a row of its own name; one that a scenario
 * brought stays as it was written there, until something happens to it.
 */
export async function consignmentsAt(tx: Tx, past: Past | null, now: Date): Promise<Record<string, Consignment>> {
  const today = dayOf(past?.asOf ?? now)
  const lines = Object.fromEntries((await linesUnderWay(tx, past)).map((line): [string, Consignment] => [rowOf(line), {
    item: line.item, from: line.from, to: line.to, units: line.units, arrivesOn: line.arrivesOn < today ? today : line.arrivesOn, expiresOn: line.expiresOn,
    source: `allocation order ${line.order}`, assumed: [], asOf: null,
  }]))
  return { ...lines, ...await broughtConsignments(tx, past) }
}

const rowOf = ({ order, seq, of }: LineUnderWay): string => (of === 1 ? order : `${order}/${seq}`)

/** Base units of lots that orders have been promised where they lie, by lot and place. */
export async function promisedAt(tx: Tx, past: Past | null): Promise<PromisedStock[]> {
  const promised = new Map<string, PromisedStock>()
  for (const { state, lot, from, units } of await linesUnderWay(tx, past)) {
    if (state !== 'issued' || from === null) continue
    const key = `${lot} ${from}`
    promised.set(key, { lot, place: from, units: (promised.get(key)?.units ?? 0) + units })
  }
  return [...promised.values()]
}
