import { isKnown, sum } from '../../../kernel/quantity.js'
import { type Text, text } from '../../../kernel/text.js'
import { UNITS_MAX } from '../../../supplies/stockBook.js'
import type { Account } from '../account.js'
import type { CoreGiven } from '../core.js'
import type { MaterialPlan, MaterialWay } from '../plan.js'
import type { MaterialWayKind } from '../policy.js'
import { amount, itemNamed, placeNamed } from '../sayings.js'
import { volumeOf } from '../volume.js'
import { leftAtSources } from './shortages.js'

/** A decision that might lessen what is short of an item, before it is known whether it does. */
export type Proposal = Omit<MaterialWay, 'id' | 'proved'>

/** `larger`: the same with more of it, tried where this leaves something short. */
type Attempt = Proposal & { readonly larger?: Proposal }

/** Decisions of the kinds that the policy names, in its order, for every item of which something stays short. */
export function proposalsFor(account: Account): Attempt[] {
  return [...shortByItem(account)].flatMap(([item, units]) => account.given.ground.policy.waysOut.flatMap((kind) => PROPOSALS[kind](account, item, units) ?? []))
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

type Propose = (account: Account, item: string, units: number) => Attempt | null

const PROPOSALS: Readonly<Record<MaterialWayKind, Propose>> = {
  releaseLot: ({ given: { ground, supplies } }, item) => {
    const rows = supplies.withheld.filter((row) => row.item === item && row.why === 'notReleased' && row.units !== null && row.units > 0)
    const units = sum(rows.map((row) => row.units ?? 0))
    const tables = { lots: {} as Record<string, object>, supplies: {} as Record<string, object> }
    for (const { table, row } of rows) tables[table][row] = { released: true }
    return units === 0 ? null : proposal('releaseLot', item, {
      amount: units, unit: unitOf(item, ground), patch: onlyFilled(tables),
      what: text(`请主管单位放行 ${amount(ground, item, units).zh}${itemNamed(ground, item).zh}`, `have ${amount(ground, item, units).en} of ${itemNamed(ground, item).en} released by those who may`),
    })
  },
  lowerKeepBack: ({ given: { ground, supplies } }, item) => {
    const rows = supplies.withheld.filter((row) => row.item === item && row.why === 'keptBack')
    const units = sum(rows.map((row) => row.units ?? 0))
    const sources = [...new Set(rows.map(({ place }) => place))]
    return units === 0 ? null : proposal('lowerKeepBack', item, {
      amount: units, unit: unitOf(item, ground), patch: { sources: Object.fromEntries(sources.map((place) => [place, { keepBackPerMille: 0 }])) },
      what: text(
        `${sources.map((place) => placeNamed(ground, place).zh).join('、')}不再留存${itemNamed(ground, item).zh}`,
        `nothing of ${itemNamed(ground, item).en} is kept back at ${sources.map((place) => placeNamed(ground, place).en).join(', ')}`),
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
    return sources.length === 0 || litres === 0 ? null : proposal('addLitres', item, {
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
    return units === 0 ? null : proposal('liftEarmark', item, {
      amount: units, unit: unitOf(item, ground), patch: onlyFilled(tables),
      what: text(`征得捐赠人同意，${amount(ground, item, units).zh}${itemNamed(ground, item).zh}改作他用`, `with the donor’s consent on file, other use of ${amount(ground, item, units).en} of ${itemNamed(ground, item).en}`),
    })
  },
  addSupply: ({ given: { ground } }, item, units) => {
    const [source] = Object.keys(ground.scenario.sources).filter((place) =>
      ground.scenario.sources[place]?.litresPerDay !== 'unknown' && ground.world.place(place).underCommand).sort()
    const lot = ground.lotOfUse(item)
    if (source === undefined) return null
    const bought = (lots: number): Proposal => {
      const more = Math.min(UNITS_MAX, lots * lot)
      return proposal('addSupply', item, {
        amount: more, unit: unitOf(item, ground), patch: { supplies: { [`more/${item}`.slice(0, LETTERS_MAX)]: {
          item, place: source, day: ground.scenario.planDay, units: more, authority: 'purchase', released: true, source: 'a way out',
        } } },
        what: text(
          `当日采购或请求调入 ${amount(ground, item, more).zh}${itemNamed(ground, item).zh}，交${placeNamed(ground, source).zh}`,
          `buy, or ask for, ${amount(ground, item, more).en} of ${itemNamed(ground, item).en} today, to ${placeNamed(ground, source).en}`),
      })
    }
    // What goes out in whole lots may have to be more than what is short in all: one more for each receiver at most.
    const least = Math.ceil(units / lot)
    return { ...bought(least), larger: bought(least + ground.receivers.length) }
  },
}

/** The longest id. */
const LETTERS_MAX = 80

function proposal(kind: MaterialWayKind, item: string, { amount: units, unit, patch, what }: { amount: number; unit: Text; patch: Record<string, unknown>; what: Text }): Proposal {
  return { kind, item, text: what, amount: units, unit, patch }
}

const unitOf = (item: string, ground: CoreGiven['ground']): Text => {
  const one = amount(ground, item, 2)
  return text(one.zh.replace(/^2 /, ''), one.en.replace(/^2 /, ''))
}

const onlyFilled = (tables: Readonly<Record<string, Record<string, object>>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(tables).filter(([, rows]) => Object.keys(rows).length > 0))

/** Ways that help, numbered, and named at what stays short; `after`: units short of the item when planned again with the patch, null: not known. */
export function waysOutOf(plan: Omit<MaterialPlan, 'waysOut'>, proposals: readonly { readonly proposal: Proposal; readonly before: number; readonly after: number | null }[]): Pick<MaterialPlan, 'unmet' | 'waysOut'> {
  const waysOut = proposals.filter(({ before, after }) => after !== null && after < before)
    .map(({ proposal: way, before, after }, i): MaterialWay => ({ id: `m${i + 1}`, ...way, proved: { before, after: after ?? before } }))
  const kits = new Map(plan.kits.map(({ place, kit, shortOf }) => [JSON.stringify([place, kit]), shortOf]))
  const idsFor = (place: string, of: string): string[] => {
    const items = kits.get(JSON.stringify([place, of])) ?? [of]
    return waysOut.filter(({ item }) => items.includes(item)).map(({ id }) => id)
  }
  return { waysOut, unmet: plan.unmet.map((line) => ({ ...line, waysOut: idsFor(line.place, line.item) })) }
}
