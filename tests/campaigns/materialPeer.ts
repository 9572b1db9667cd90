import { highsLoader } from '../../src/planning/solve/libraries.js'
import { sum } from '../../src/kernel/quantity.js'
import { remembered } from '../../src/kernel/remembered.js'
import { usedOf } from '../../src/planning/material/account.js'
import type { CoreGiven } from '../../src/planning/material/core.js'
import type { Shipment } from '../../src/planning/material/plan.js'
import { Stores } from '../../src/planning/material/served.js'
import { litresOf, packed } from '../../src/planning/material/shipments.js'
import { bySlotOrder, type Slot } from '../../src/planning/material/slots.js'
import type { Stock } from '../../src/planning/material/supply.js'

/*
 * Material as anybody would write it down for a solver: one model for each item, the most of weighted served need. A weight
 * halves from each band and tier to the next, and falls within them from day to day; nothing is said of who is served first
 * within the same day. Lots of a source that leave up to a day are no more than are there by then; what a place is served
 * up to a day is no more than it has and than has come to it; and nobody is given more than they need, in whole packings.
 */

/** How many lots leave a source for a place on a day. */
interface Flow {
  readonly source: string
  readonly place: string
  readonly day: number
  readonly road: number
  readonly lots: number
}

type Lanes = Omit<Flow, 'lots'>

/** The words of one item's model, and what its columns `x0`, `x1` … mean. */
export interface ItemModel {
  readonly item: string
  readonly lot: number
  readonly words: string
  readonly lanes: readonly Lanes[]
}

/** After so long on one model HiGHS hands over the best that it has found. */
export const SECONDS_PER_MODEL = 120
/** Whole packings are hard: near enough is when no answer is better by more than a thousandth. */
const GAP = 0.001
const TERMS_PER_LINE = 12
/** A lot that is short by less is a whole one that the solver has rounded. */
const WHOLE = 1e-6

/** What of a scenario the models know nothing of would make the comparison unfair. */
function mustBePlain({ ground, slots, supplies }: CoreGiven): void {
  const isPlain = slots.every(({ isKit }) => !isKit) && Object.keys(ground.scenario.substitutes).length === 0 &&
    Object.values(ground.scenario.sources).every(({ litresPerDay }) => litresPerDay === 'notTracked') &&
    [...supplies.atSources, ...supplies.atReceivers].every(({ until, earmark }) => until >= ground.horizon - 1 && earmark === null)
  if (!isPlain) throw new Error('the models of the peer know no kits, substitutes, counted vehicles, earmarks, nor lots that expire within the horizon')
}

export function modelsOf(given: CoreGiven): ItemModel[] {
  mustBePlain(given)
  const weightOf = weights(given)
  const byItem = new Map<string, Slot[]>()
  for (const slot of given.slots) remembered(byItem, slot.of, () => []).push(slot)
  const before = new Stores(given.ground, given.supplies, null)
  return [...byItem].map(([item, slots]) => new Writing(given, before, { item, slots, weightOf }).model())
}

/** By level half of the one before, and within it falling by the day to just above that half: whole numbers. */
function weights({ ground: { horizon }, slots }: CoreGiven): (slot: Slot) => number {
  const levels = [...new Map([...slots].sort(bySlotOrder).map((slot) => [`${slot.band} ${slot.tier}`, slot])).keys()]
  return ({ band, tier, day }) => 2 ** (levels.length - 1 - levels.indexOf(`${band} ${tier}`)) * (2 * horizon - day)
}

class Writing {
  private readonly lanes: Lanes[] = []
  private readonly rows: string[] = []
  private readonly bounds: string[] = []
  private readonly lot: number

  constructor(
    private readonly given: CoreGiven,
    private readonly before: Stores,
    private readonly of: { readonly item: string; readonly slots: readonly Slot[]; readonly weightOf: (slot: Slot) => number },
  ) {
    this.lot = given.ground.lotOfUse(of.item)
  }

  model(): ItemModel {
    const { item, slots, weightOf } = this.of
    const byPlace = new Map<string, number[]>()
    for (const [i, { place, units }] of slots.entries()) {
      remembered(byPlace, place, () => []).push(i)
      this.bounds.push(`y${i} <= ${units}`)
    }
    const bySource = new Map<string, number[]>()
    for (const [place, own] of byPlace) this.writePlace(place, own, bySource)
    for (const [source, columns] of bySource) this.writeSource(source, columns)
    const goal = joined(slots.map((slot, i) => `+ ${weightOf(slot)} y${i}`))
    const whole = this.lot === 1 ? '' : `General\n${joined(this.lanes.map((_, i) => `x${i}`))}\n`
    const words = `Maximize\n most: ${goal}\nSubject To\n${this.rows.join('\n')}\nBounds\n${this.bounds.join('\n')}\n${whole}End\n`
    return { item, lot: this.lot, words, lanes: this.lanes }
  }

  private writePlace(place: string, own: readonly number[], bySource: Map<string, number[]>): void {
    const { ground } = this.given
    const slots = own.map((i) => [i, this.of.slots[i] as Slot] as const)
    const wanted = ground.days.map((_, day) => sum(slots.map(([, slot]) => (slot.day === day ? slot.units : 0))))
    const stock = this.before.of(place, this.of.item)
    const most = Math.ceil((sum(wanted) - usedOf(stock, wanted).served) / this.lot)
    const coming: { column: number; on: number }[] = []
    if (most > 0) {
      for (const source of Object.keys(ground.scenario.sources)) {
        const road = ground.daysOnRoad(source, place)
        if (road === null || this.stockAt(source).length === 0) continue
        for (let day = 0; day + road < ground.horizon; day += 1) {
          const column = this.lanes.push({ source, place, day, road }) - 1
          remembered(bySource, source, () => []).push(column)
          coming.push({ column, on: day + road })
        }
      }
      if (coming.length > 0) this.rows.push(` ${joined(coming.map(({ column }) => `+ x${column}`))} <= ${most}`)
    }
    for (const day of new Set(slots.map(([, slot]) => slot.day))) {
      const has = sum(stock.filter(({ from }) => from <= day).map(({ units }) => units))
      const served = slots.filter(([, slot]) => slot.day <= day).map(([i]) => `+ y${i}`)
      const come = coming.filter(({ on }) => on <= day).map(({ column }) => `- ${this.lot} x${column}`)
      this.rows.push(` ${joined([...served, ...come])} <= ${has}`)
    }
  }

  private writeSource(source: string, columns: readonly number[]): void {
    for (const [day] of this.given.ground.days.entries()) {
      const there = sum(this.stockAt(source).filter(({ from }) => from <= day).map(({ units }) => Math.floor(units / this.lot)))
      const leaving = columns.filter((column) => (this.lanes[column]?.day ?? 0) <= day)
      this.rows.push(` ${joined(leaving.map((column) => `+ x${column}`))} <= ${there}`)
    }
  }

  private stockAt(source: string): readonly Stock[] {
    return remembered(this.stock, source, () => this.given.supplies.atSources.filter(({ place, item }) => place === source && item === this.of.item))
  }
  private readonly stock = new Map<string, readonly Stock[]>()
}

/** Readers of such files have bounds on the length of a line. */
function joined(terms: readonly string[]): string {
  const lines: string[] = []
  for (let at = 0; at < terms.length; at += TERMS_PER_LINE) lines.push(terms.slice(at, at + TERMS_PER_LINE).join(' '))
  return lines.join('\n  ')
}

export interface PeerAnswer {
  readonly flows: readonly (Flow & { readonly item: string })[]
  /** Items of which HiGHS did not prove its answer in time. */
  readonly unproved: readonly string[]
}

/** Solves the models one after the other, as they are. */
export async function solvedByHighs(models: Iterable<ItemModel>): Promise<PeerAnswer> {
  const highs = await highsLoader()({ print: () => undefined, printErr: () => undefined })
  const flows: PeerAnswer['flows'][number][] = []
  const unproved: string[] = []
  for (const { item, words, lanes } of models) {
    const answer = highs.solve(words, { output_flag: false, time_limit: SECONDS_PER_MODEL, mip_rel_gap: GAP })
    if (answer.Status !== 'Optimal') unproved.push(item)
    for (const [i, lane] of lanes.entries()) {
      const column = answer.Columns[`x${i}`]
      const lots = Math.floor((column !== undefined && 'Primal' in column ? column.Primal : 0) + WHOLE)
      if (lots > 0) flows.push({ ...lane, item, lots })
    }
  }
  return { flows, unproved }
}

/** The answer as shipments, of rows that are there when they leave. */
export function shipmentsOf({ ground, supplies }: CoreGiven, { flows }: PeerAnswer): Shipment[] {
  const left = new Map<Stock, number>(supplies.atSources.map((stock) => [stock, Math.floor(stock.units / ground.lotOfUse(stock.item))]))
  const rows = new Map<string, Stock[]>()
  for (const stock of [...supplies.atSources].sort((a, b) => a.from - b.from)) remembered(rows, JSON.stringify([stock.place, stock.item]), () => []).push(stock)
  const shipments = new Map<string, { flow: Flow; lines: Map<string, { stock: Stock; units: number }> }>()
  for (const flow of [...flows].sort((a, b) => a.day - b.day)) {
    const { source, place, day, item } = flow
    const { lines } = remembered(shipments, JSON.stringify([source, place, day]), () => ({ flow, lines: new Map<string, { stock: Stock; units: number }>() }))
    let wanted = flow.lots
    for (const stock of rows.get(JSON.stringify([source, item])) ?? []) {
      const lots = stock.from <= day ? Math.min(wanted, left.get(stock) ?? 0) : 0
      if (lots === 0) continue
      left.set(stock, (left.get(stock) ?? 0) - lots)
      remembered(lines, JSON.stringify([stock.table, stock.row]), () => ({ stock, units: 0 })).units += lots * ground.lotOfUse(item)
      wanted -= lots
    }
    if (wanted > 0) throw new Error(`the peer sends ${wanted} lots of ${item} from ${source} on day ${day} that are not there`)
  }
  return [...shipments.values()].map(({ flow: { source, place, day, road }, lines }, i) => {
    const all = [...lines.values()].map(({ stock, units }) =>
      ({ table: stock.table === 'supplies' ? 'supplies' as const : 'lots' as const, row: stock.row, item: stock.item, units, ...packed(ground, stock.item, units), substituteFor: null }))
    return {
      id: `P${i + 1}`, from: source, to: place, unit: ground.unitOf(place), leavesOn: ground.days[day] ?? '', arrivesOn: ground.days[day + road] ?? '',
      lines: all, litres: litresOf(ground, all),
    }
  })
}
