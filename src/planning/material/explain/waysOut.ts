import { byCodeUnits, sha256 } from '../../../kernel/canonical.js'
import { isKnown, sum } from '../../../kernel/quantity.js'
import { type Text, text } from '../../../kernel/text.js'
import { UNITS_MAX } from '../../../supplies/stockBook.js'
import type { Account } from '../account.js'
import type { CoreGiven } from '../core.js'
import type { MaterialPlan, MaterialWay } from '../plan.js'
import type { MaterialWayKind } from '../policy.js'
import { amount, itemNamed, placeNamed } from '../sayings.js'
import { roomPerDay, volumeOf } from '../volume.js'
import type { Slot } from '../slots.js'
import { leftAtSources } from './left.js'

/** A decision that might lessen what is short of an item, before it is known whether it does. */
export type Proposal = Omit<MaterialWay, 'id' | 'proved'>

/** `larger`: the same with more of it, tried where this leaves something short. */
export type Choice = Proposal & { readonly larger?: Proposal }

/** One decision, and the same at other places, tried where those before leave something short. */
export type Attempt = readonly [Choice, ...Choice[]]

/** Decisions of the kinds that the policy names, in its order, for every item of which something stays short. */
export function proposalsFor(account: Account): Attempt[] {
  return [...shortByItem(account)].flatMap(([item, units]) => account.given.ground.policy.waysOut.flatMap((kind): Attempt[] => {
    const [first, ...others] = PROPOSALS[kind](account, item, units)
    return first === undefined ? [] : [[first, ...others]]
  }))
}

/** Base units short by item, over all bands; what kits lack counts with the parts that are short. */
export function shortByItem(account: Account): Map<string, number> {
  const short = new Map<string, number>()
  for (const slot of account.given.slots) {
    const missing = account.short(slot)
    if (missing === 0) continue
    for (const { item, units } of slot.parts) short.set(item, (short.get(item) ?? 0) + missing * units)
  }
  return short
}

type Propose = (account: Account, item: string, units: number) => Choice[]

const PROPOSALS: Readonly<Record<MaterialWayKind, Propose>> = {
  releaseLot: ({ given: { ground, supplies } }, item) => {
    const rows = supplies.withheld.filter((row) => row.item === item && row.why === 'notReleased' && row.units !== null && row.units > 0)
    const units = sum(rows.map((row) => row.units ?? 0))
    const tables = { lots: {} as Record<string, object>, supplies: {} as Record<string, object> }
    for (const { table, row } of rows) tables[table][row] = { released: true }
    return units === 0 ? [] : proposal('releaseLot', item, {
      amount: units, unit: unitOf(item, ground), patch: onlyFilled(tables),
      what: text(`请主管单位放行 ${amount(ground, item, units).zh}${itemNamed(ground, item).zh}`, `have ${amount(ground, item, units).en} of ${itemNamed(ground, item).en} released by those who may`),
    })
  },
  lowerKeepBack: ({ given: { ground, supplies } }, item) => {
    const rows = supplies.withheld.filter((row) => row.item === item && row.why === 'keptBack')
    const units = sum(rows.map((row) => row.units ?? 0))
    const sources = [...new Set(rows.map(({ place }) => place))]
    return units === 0 ? [] : proposal('lowerKeepBack', item, {
      amount: units, unit: unitOf(item, ground), patch: { sources: Object.fromEntries(sources.map((place) => [place, { keepBackPerMille: 0 }])) },
      what: text(
        `${sources.map((place) => placeNamed(ground, place).zh).join('、')}所有品种都不再留存，其中${itemNamed(ground, item).zh} ${amount(ground, item, units).zh}`,
        `nothing of any item is kept back any more at ${sources.map((place) => placeNamed(ground, place).en).join(', ')}; of ${itemNamed(ground, item).en} that is ${amount(ground, item, units).en}`),
    })
  },
  addLitres: (account, item, units) => {
    const { ground } = account.given
    const sources = [...new Set((leftAtSources(account).get(item) ?? []).map(({ place }) => place))]
      .filter((place) => isKnown(ground.scenario.sources[place]?.litresPerDay ?? 'notTracked'))
    const litres = Math.ceil((units * volumeOf(ground, item)) / 1000)
    const patch = Object.fromEntries(sources.map((place) => {
      const now = ground.scenario.sources[place]?.litresPerDay ?? 0
      return [place, { litresPerDay: (isKnown(now) ? now : 0) + litres }]
    }))
    return sources.length === 0 || litres === 0 ? [] : proposal('addLitres', item, {
      amount: litres, unit: text('升/日', 'litres a day'), patch: { sources: patch },
      what: text(`${sources.map((place) => placeNamed(ground, place).zh).join('、')}每日增加运力 ${litres} 升`, `${litres} litres a day more at ${sources.map((place) => placeNamed(ground, place).en).join(', ')}`),
    })
  },
  liftEarmark: (account, item) => {
    const { ground } = account.given
    const rows = (leftAtSources(account).get(item) ?? []).filter(({ earmark, units }) => earmark !== null && units >= ground.lotOfUse(item))
    const units = sum(rows.map((row) => row.units))
    const tables = { lots: {} as Record<string, object>, supplies: {} as Record<string, object> }
    for (const { table, row } of rows) if (table !== 'consignments') tables[table][row] = { earmark: null }
    return units === 0 ? [] : proposal('liftEarmark', item, {
      amount: units, unit: unitOf(item, ground), patch: onlyFilled(tables),
      what: text(`征得捐赠人同意，${amount(ground, item, units).zh}${itemNamed(ground, item).zh}改作他用`, `with the donor’s consent on file, other use of ${amount(ground, item, units).en} of ${itemNamed(ground, item).en}`),
    })
  },
  addSupply: (account, item, units) => {
    const { ground } = account.given
    const lot = ground.lotOfUse(item)
    const row = freeRow(ground, item)
    const bought = (source: string, lots: number): Proposal => {
      const more = Math.min(UNITS_MAX, lots * lot)
      return {
        kind: 'addSupply', item, amount: more, unit: unitOf(item, ground), patch: { supplies: { [row]: {
          item, place: source, day: ground.scenario.planDay, units: more, authority: 'purchase', released: true, source: 'a way out',
        } } },
        text: text(
          `当日采购或请求调入 ${amount(ground, item, more).zh}${itemNamed(ground, item).zh}，运抵${placeNamed(ground, source).zh}入库`,
          `buy, or ask for, ${amount(ground, item, more).en} of ${itemNamed(ground, item).en}, delivered to ${placeNamed(ground, source).en} today`),
      }
    }
    // What goes out in whole lots may have to be more than what is short in all: one more for each receiver at most.
    const least = Math.ceil(units / lot)
    return placesToDeliverTo(account, item).map((source) => ({ ...bought(source, least), larger: bought(source, least + ground.receivers.length) }))
  },
}

/**
 * Where more of an item could be delivered to: sources that may give out, those first from which most of the places that
 * are short of it are reached the same day. A producer delivers, and is delivered to only where nothing else is a source.
 * Of sources from which all is reached on the same days, and whose vehicles nobody counts, one is as good as another.
 */
function placesToDeliverTo(account: Account, item: string): string[] {
  const { ground, slots } = account.given
  const sources = Object.keys(ground.scenario.sources).sort(byCodeUnits)
    .filter((place) => ground.scenario.sources[place]?.litresPerDay !== 'unknown' && ground.world.place(place).underCommand)
  const stores = sources.filter((place) => ground.world.place(place).kind !== 'producer')
  const lacking = [...new Set(slots.filter((slot) => slot.parts.some((part) => part.item === item) && account.short(slot) > 0).map(({ place }) => place))]
  const sameDay = (source: string) => lacking.filter((place) => ground.daysOnRoad(source, place) === 0).length
  const unlike = new Map<string, string>()
  for (const source of (stores.length > 0 ? stores : sources).sort((a, b) => sameDay(b) - sameDay(a))) {
    const roads = ground.receivers.map((place) => ground.daysOnRoad(source, place))
    const key = JSON.stringify([roads, roomPerDay(ground, source) === null ? null : source])
    if (!unlike.has(key)) unlike.set(key, source)
  }
  return [...unlike.values()]
}

/** A row of expected supplies that nobody has taken: what was decided before keeps its own. Of two items it is never the same. */
function freeRow({ scenario }: Pick<CoreGiven['ground'], 'scenario'>, item: string): string {
  const named = item.length > ITEM_LETTERS_MAX ? sha256(item) : item
  for (let n = 1; ; n += 1) {
    const row = `more/${n}/${named}`
    if (!Object.hasOwn(scenario.supplies, row)) return row
  }
}

/** An id has 80 letters at most. */
const ITEM_LETTERS_MAX = 64

function proposal(kind: MaterialWayKind, item: string, { amount: units, unit, patch, what }: { amount: number; unit: Text; patch: Record<string, unknown>; what: Text }): Choice[] {
  return [{ kind, item, text: what, amount: units, unit, patch }]
}

const unitOf = (item: string, ground: CoreGiven['ground']): Text => {
  const one = amount(ground, item, 2)
  return text(one.zh.replace(/^2 /, ''), one.en.replace(/^2 /, ''))
}

const onlyFilled = (tables: Readonly<Record<string, Record<string, object>>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(tables).filter(([, rows]) => Object.keys(rows).length > 0))

/** What planning again with a decision leaves short of its item, and in which rows less stays short. */
export interface Proof {
  readonly units: number
  readonly lessens: ReadonlySet<string>
}

/** What stays short of one item or kit in one band and tier of a place. */
const rowOf = ({ place, tier, of, band }: Pick<Slot, 'place' | 'tier' | 'of' | 'band'>): string => JSON.stringify([place, tier, of, band])

/** What stays short by rows: of those, a proof names the ones that a decision lessens. */
export function shortByRow(account: Account): ReadonlyMap<string, number> {
  const short = new Map<string, number>()
  for (const slot of account.given.slots) {
    const missing = account.short(slot)
    if (missing > 0) short.set(rowOf(slot), (short.get(rowOf(slot)) ?? 0) + missing)
  }
  return short
}

/** `before`: what is short by rows without it; `again`: planned with the decision taken, of all that hangs together with the item at least. */
export function proofOf(before: ReadonlyMap<string, number>, again: Account, item: string): Proof {
  const after = shortByRow(again)
  const asked = new Set(again.given.slots.map(rowOf))
  const lessened = [...before].filter(([row, units]) => asked.has(row) && (after.get(row) ?? 0) < units)
  return { units: shortByItem(again).get(item) ?? 0, lessens: new Set(lessened.map(([row]) => row)) }
}

/** A decision that was planned with; null: there was no time to, or it makes no lawful scenario. */
export interface Tried {
  readonly choice: Choice
  readonly proof: Proof | null
}

/** Of the same decision at several places, and of more of it, what leaves the least short, as far as there is time to see. */
export function bestOf([first, ...others]: Attempt, prove: (proposal: Proposal) => Proof | null, proof: Proof | null): Tried {
  let best: Tried = { choice: first, proof }
  const better = (choice: Choice | undefined) => {
    if (choice === undefined || best.proof === null || best.proof.units === 0) return
    const other = prove(choice)
    if (other !== null && other.units < best.proof.units) best = { choice, proof: other }
  }
  for (const choice of others) better(choice)
  better(best.choice.larger)
  return best
}

/** Ways that help, numbered, and named at what stays short where they lessen it. */
export function waysOutOf(plan: Omit<MaterialPlan, 'waysOut'>, before: ReadonlyMap<string, number>, tried: readonly Tried[]): Pick<MaterialPlan, 'unmet' | 'waysOut'> {
  const helping = tried.flatMap(({ choice: { larger: _tried, ...way }, proof }) => {
    const short = before.get(way.item) ?? 0
    return proof !== null && proof.units < short ? [{ way, lessens: proof.lessens, proved: { before: short, after: proof.units } }] : []
  }).map((one, i) => ({ ...one, id: `m${i + 1}` }))
  const idsFor = (row: string) => helping.filter(({ lessens }) => lessens.has(row)).map(({ id }) => id)
  return {
    waysOut: helping.map(({ id, way, proved }): MaterialWay => ({ id, ...way, proved })),
    unmet: plan.unmet.map((line) => ({ ...line, waysOut: idsFor(rowOf({ ...line, of: line.item })) })),
  }
}
