import { byCodeUnits } from '../../kernel/canonical.js'
import { isKnown } from '../../kernel/quantity.js'
import { inPackings } from '../../supplies/items.js'
import type { Ground } from './ground.js'
import type { OwnSubstitute, Shipment, ShipmentLine } from './plan.js'
import type { Stock } from './supply.js'
import { loaded, roomByDay, roomPerDay, volumeOf } from './volume.js'
import type { Lading } from './wishes.js'

/** What a plan of material decides, from which all else of it follows. */
export interface Deed {
  readonly shipments: readonly Shipment[]
  readonly ownSubstitutes: readonly OwnSubstitute[]
}

/** Lots of one row on one day. */
interface Parcel {
  readonly lading: Lading
  readonly stock: Stock
  readonly lots: number
  readonly day: number
}

/** Ladings as shipments: rows of each batch in their order, leaving on days that keep shipments few, or as soon as can be. */
export function deedOf(ground: Ground, ladings: readonly Lading[]): Deed {
  const parcels = parcelsOf(ground, ladings)
  const given = parcels.filter(({ lading }) => lading.batch.ownOf === null)
  return { shipments: shipmentsOf(ground, given), ownSubstitutes: ownSubstitutesOf(ground, parcels.filter(({ lading }) => lading.batch.ownOf !== null)) }
}

function parcelsOf(ground: Ground, ladings: readonly Lading[]): Parcel[] {
  const days = daysOf(ground, ladings)
  const left = new Map<Stock, number>()
  return ladings.flatMap((lading) => (days.get(lading) ?? []).flatMap(({ day, lots }) => {
    const parcels: Parcel[] = []
    let wanted = lots
    for (const stock of [...lading.batch.rows].sort((a, b) => byCodeUnits(a.row, b.row))) {
      const there = left.get(stock) ?? Math.floor(stock.units / ground.lotOfUse(stock.item))
      const taken = Math.min(there, wanted)
      left.set(stock, there - taken)
      wanted -= taken
      if (taken > 0) parcels.push({ lading, stock, lots: taken, day })
    }
    return parcels
  }))
}

interface OnDay {
  readonly day: number
  readonly lots: number
}

/** When each lading leaves. */
function daysOf(ground: Ground, ladings: readonly Lading[]): Map<Lading, OnDay[]> {
  const days = new Map<Lading, OnDay[]>()
  const roads = new Map<string, Lading[]>()
  const counted = new Map<string, Lading[]>()
  for (const lading of ladings) {
    const { source } = lading.batch
    const isCounted = roomPerDay(ground, source) !== null && lading.batch.ownOf === null
    const [of, key] = isCounted ? [counted, source] : [roads, JSON.stringify([source, lading.place])]
    of.set(key, [...(of.get(key) ?? []), lading])
  }
  const isMerged = ground.policy.wishes.includes('fewestShipments')
  for (const own of roads.values()) {
    for (const [lading, day] of isMerged ? merged(own) : own.map((lading) => [lading, lading.from] as const)) {
      days.set(lading, [{ day, lots: lading.lots }])
    }
  }
  for (const [source, own] of counted) for (const [lading, list] of byRoom(ground, source, own)) days.set(lading, list)
  return days
}

/** The fewest days on which all can leave, each as early as what leaves on it is there. */
function merged(ladings: readonly Lading[]): [Lading, number][] {
  const waiting = [...ladings].sort((a, b) => a.by - b.by || a.from - b.from)
  const days: [Lading, number][] = []
  while (waiting.length > 0) {
    const last = waiting[0]?.by ?? 0
    const together = waiting.filter(({ from }) => from <= last)
    const day = Math.max(...together.map(({ from }) => from))
    for (const lading of together) {
      days.push([lading, day])
      waiting.splice(waiting.indexOf(lading), 1)
    }
  }
  return days
}

/** By the loading of the vehicles: lots that are alike leave in the order of places. */
function byRoom(ground: Ground, source: string, ladings: readonly Lading[]): Map<Lading, OnDay[]> {
  const left = loaded(ground, roomByDay(ground, source), ladings.map(({ batch, from, by, lots }) => ({ item: batch.item, from, by, lots })))
  if (left === null) throw new Error(`what was found to have room in the vehicles of ${source} has room`)
  const days = new Map<Lading, OnDay[]>()
  const free = left.map((one) => ({ ...one, lots: one.lots }))
  for (const lading of ladings) {
    const own: OnDay[] = []
    let wanted = lading.lots
    for (const one of free) {
      if (one.item !== lading.batch.item || one.from !== lading.from || one.by !== lading.by || one.lots === 0) continue
      const lots = Math.min(wanted, one.lots)
      if (lots > 0) own.push({ day: one.day, lots })
      one.lots -= lots
      wanted -= lots
    }
    days.set(lading, own)
  }
  return days
}

const LETTERS_IN_NUMBER = 4

function shipmentsOf(ground: Ground, parcels: readonly Parcel[]): Shipment[] {
  const together = new Map<string, Parcel[]>()
  for (const parcel of parcels) {
    const key = JSON.stringify([String(parcel.day).padStart(LETTERS_IN_NUMBER, '0'), parcel.lading.batch.source, parcel.lading.place])
    const list = together.get(key)
    if (list === undefined) together.set(key, [parcel])
    else list.push(parcel)
  }
  return [...together].sort(([a], [b]) => byCodeUnits(a, b)).map(([, list], index) => {
    const [{ lading: { batch, place, road }, day }] = list as [Parcel, ...Parcel[]]
    const lines = linesOf(ground, list)
    return {
      id: `S${String(index + 1).padStart(LETTERS_IN_NUMBER, '0')}`, from: batch.source, to: place, unit: ground.unitOf(place),
      leavesOn: ground.days[day] ?? '', arrivesOn: ground.days[day + road] ?? '', lines, litres: litresOf(ground, lines),
    }
  })
}

function linesOf(ground: Ground, parcels: readonly Parcel[]): ShipmentLine[] {
  const lines = new Map<string, ShipmentLine>()
  for (const { lading, stock, lots } of parcels) {
    const substituteFor = lading.item === stock.item ? null : lading.item
    const key = JSON.stringify([stock.item, stock.table, stock.row, substituteFor ?? ''])
    const units = (lines.get(key)?.units ?? 0) + lots * ground.lotOfUse(stock.item)
    lines.set(key, { table: stock.table === 'supplies' ? 'supplies' : 'lots', row: stock.row, item: stock.item, units, ...packed(ground, stock.item, units), substituteFor })
  }
  return [...lines].sort(([a], [b]) => byCodeUnits(a, b)).map(([, line]) => line)
}

/** Largest packings first; what none of them holds goes singly. */
export const packed = (ground: Ground, item: string, units: number): Pick<ShipmentLine, 'packings' | 'singles'> =>
  inPackings(units, Object.values(ground.scenario.packings).filter((packing) => packing.item === item))

/** Rounded up; null: nobody stated the volume of something in it. */
export function litresOf(ground: Ground, lines: readonly Pick<ShipmentLine, 'item' | 'units'>[]): number | null {
  if (!lines.every(({ item }) => isKnown(ground.item(item).cubicCentimetres))) return null
  return Math.ceil(lines.reduce((sum, { item, units }) => sum + units * volumeOf(ground, item), 0) / 1000)
}

function ownSubstitutesOf(ground: Ground, parcels: readonly Parcel[]): OwnSubstitute[] {
  return parcels.map(({ lading, stock, lots }): OwnSubstitute => ({
    table: stock.table, row: stock.row, place: lading.place, item: stock.item, substituteFor: lading.item, units: lots * ground.lotOfUse(stock.item),
  })).sort((a, b) => byCodeUnits(keyOf(a), keyOf(b)))
}

const keyOf = ({ place, item, row, substituteFor }: OwnSubstitute): string => JSON.stringify([place, item, row, substituteFor])
