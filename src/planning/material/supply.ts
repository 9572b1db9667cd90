import { byCodeUnits } from '../../kernel/canonical.js'
import { type Figure, isKnown, sum, UNKNOWN } from '../../kernel/quantity.js'
import { type Day, dayOf, momentOf } from '../../kernel/time.js'
import type { Lot, Supply } from '../../supplies/stock.js'
import type { Ground } from './ground.js'

/** The last day of what does not expire. */
export const NEVER = 100_000

/** So much of one item at one place, from a day of the plan on until it expires. */
export interface Stock {
  readonly table: 'lots' | 'supplies' | 'consignments'
  readonly row: string
  readonly item: string
  readonly place: string
  readonly units: number
  /** The first and the last day on which it can be used; NEVER where it does not expire. */
  readonly from: number
  readonly until: number
  /** The place or reporting unit to which alone it may go. */
  readonly earmark: string | null
}

/** Why a row is shown and not planned with. */
export type Withholding =
  | 'unknown' | 'quarantined' | 'notReleased' | 'expired' | 'past' | 'later' | 'underCommand' | 'notASource' | 'noVehicles' | 'keptBack'

export interface Withheld {
  readonly table: 'lots' | 'supplies'
  readonly row: string
  readonly place: string
  readonly item: string
  /** Null: nobody stated how many. */
  readonly units: number | null
  readonly why: Withholding
}

export interface Supplies {
  /** At sources, to be given out: what they keep back is taken off. */
  readonly atSources: readonly Stock[]
  /** At receivers or on the way to them, to be used there. */
  readonly atReceivers: readonly Stock[]
  readonly withheld: readonly Withheld[]
}

/** All stock of a scenario: what is planned with, and what is not, and why. Rows in code-unit order. */
export function suppliesOf(ground: Ground): Supplies {
  const { scenario } = ground
  const rows = [
    ...entries(scenario.lots).map(([row, lot]) => judged(ground, { table: 'lots', row, stock: lot, day: null })),
    ...entries(scenario.supplies).map(([row, supply]) => judged(ground, { table: 'supplies', row, stock: { ...supply, quarantined: false }, day: supply.day })),
  ]
  const sound = rows.flatMap(({ stock }) => stock ?? [])
  const atSources = sound.filter(({ place }) => scenario.sources[place] !== undefined)
  const kept = keptBack(ground, atSources)
  return {
    atSources: atSources.map((stock) => ({ ...stock, units: stock.units - (kept.get(stock) ?? 0) })).filter(({ units }) => units > 0),
    atReceivers: [...sound.filter(({ place }) => scenario.sources[place] === undefined), ...consigned(ground)],
    withheld: [
      ...rows.flatMap(({ withheld }) => withheld ?? []),
      ...[...kept].map(([{ row, place, item }, units]): Withheld => ({ table: 'lots', row, place, item, units, why: 'keptBack' })),
    ],
  }
}

const entries = <T>(table: Readonly<Record<string, T>>): [string, T][] => Object.entries(table).sort(([a], [b]) => byCodeUnits(a, b))

interface Row {
  readonly table: 'lots' | 'supplies'
  readonly row: string
  readonly stock: Pick<Lot & Supply, 'item' | 'place' | 'units' | 'expiresOn' | 'quarantined' | 'released' | 'earmark'>
  /** The day on which it comes; null: it is there. */
  readonly day: Day | null
}

function judged(ground: Ground, { table, row, stock, day }: Row): { stock?: Stock; withheld?: Withheld } {
  const { item, place, units, expiresOn, earmark } = stock
  const from = day === null ? 0 : Math.max(0, ground.dayIndex(day))
  const until = lastDay(ground, expiresOn)
  const withhold = (why: Withholding) => ({ withheld: { table, row, place, item, units: isKnown(units) ? units : null, why } })
  const why = wrongWith(ground, stock) ?? (until < from ? 'expired' : day === null ? null : wrongDay(ground, day))
  if (why !== null) return withhold(why)
  return { stock: { table, row, item, place, units: known(units), from, until, earmark } }
}

const known = (units: Figure): number => (isKnown(units) ? units : 0)

function wrongWith(ground: Ground, { place, units, quarantined, released, earmark }: Row['stock']): Withholding | null {
  const isSource = ground.scenario.sources[place] !== undefined
  if (!isSource && !ground.isReceiver(place)) return ground.world.place(place).underCommand ? 'notASource' : 'underCommand'
  if (isSource && !ground.world.place(place).underCommand) return 'underCommand'
  if (quarantined) return 'quarantined'
  if (!released) return 'notReleased'
  if (!isKnown(units)) return 'unknown'
  if (isSource && ground.scenario.sources[place]?.litresPerDay === UNKNOWN) return 'noVehicles'
  // What lies at a receiver and was given for somebody else is not used up there, and there is no source to send it from.
  const isOwn = earmark === null || earmark === place || earmark === ground.world.place(place).unit
  return isSource || isOwn ? null : 'notASource'
}

/** What came before the figures were told is in them; what comes after the horizon is for a later plan. */
function wrongDay(ground: Ground, day: Day): Withholding | null {
  if (day < dayOf(momentOf(ground.scenario.asOf))) return 'past'
  return ground.dayIndex(day) >= ground.horizon ? 'later' : null
}

const lastDay = (ground: Ground, expiresOn: Day | null): number => (expiresOn === null ? NEVER : ground.dayIndex(expiresOn))

/** Shipments that are issued or on the road: they stand, and count as there from the day they arrive. */
function consigned(ground: Ground): Stock[] {
  return entries(ground.scenario.consignments).flatMap(([row, { item, to, units, arrivesOn, expiresOn }]): Stock[] => {
    const from = Math.max(0, ground.dayIndex(arrivesOn))
    const until = lastDay(ground, expiresOn)
    const isUsed = ground.isReceiver(to) && from < ground.horizon && until >= from
    return isUsed ? [{ table: 'consignments', row, item, place: to, units, from, until, earmark: null }] : []
  })
}

/**
 * What each source keeps back of an item: its share of all that lies there for anybody, rounded up, out of the rows that
 * last longest, so that what is kept can be kept. What orders issued before will take still lies there, and is of what may
 * be given out; where they take more than that they stand, and all that is free is kept.
 */
function keptBack(ground: Ground, atSources: readonly Stock[]): Map<Stock, number> {
  const kept = new Map<Stock, number>()
  const stores = new Map<string, Stock[]>()
  for (const stock of atSources) {
    if (stock.table !== 'lots' || stock.earmark !== null) continue
    const key = JSON.stringify([stock.place, stock.item])
    stores.set(key, [...(stores.get(key) ?? []), stock])
  }
  for (const rows of stores.values()) {
    const [{ place, item }] = rows as [Stock, ...Stock[]]
    const promised = ground.standingAt(place).filter((one) => one.item === item)
    const lying = sum([...rows, ...promised].map(({ units }) => units))
    let left = Math.ceil((lying * (ground.scenario.sources[place]?.keepBackPerMille ?? 0)) / 1000)
    for (const stock of [...rows].sort((a, b) => b.until - a.until || byCodeUnits(b.row, a.row))) {
      const units = Math.min(left, stock.units)
      if (units > 0) kept.set(stock, units)
      left -= units
    }
  }
  return kept
}
