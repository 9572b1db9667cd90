import { byCodeUnits, canonicalJson } from '../kernel/canonical.js'
import { sum } from '../kernel/quantity.js'
import { text } from '../kernel/text.js'
import type { Comparison, MaterialComparison } from './comparison.js'
import type { MaterialLevel, MaterialPlan } from './material/plan.js'
import type { MaterialPolicy } from './material/policy.js'

/** The plan of material here, and the one there. */
type Sides<T> = readonly [here: T, there: T]
type LevelBeside = MaterialComparison['levels'][number]

/** The material of two plans beside each other; null where neither has any. */
export function materialBeside(plans: Sides<MaterialPlan | null>, policies: Sides<MaterialPolicy>): MaterialComparison | null {
  const [here, there] = plans
  if (here === null && there === null) return null
  const whyNot = whyNotRanked(plans, policies)
  return {
    whyNot,
    levels: whyNot === null ? levelsTogether(here?.levels ?? [], there?.levels ?? []) : [...levelsApart(here?.levels ?? [], 'here'), ...levelsApart(there?.levels ?? [], 'there')],
    short: unitsBeside(shortIn(here), shortIn(there)).map(({ key: item, ...units }) => ({ item, ...units })),
    shipments: shipmentsBeside(here, there),
  }
}

/** Bands and tiers say what a level counts: where they are others, its value is of something else. */
function whyNotRanked([here, there]: Sides<MaterialPlan | null>, [mine, theirs]: Sides<MaterialPolicy>): MaterialComparison['whyNot'] {
  if (here === null || there === null) return text('只有一份方案含物资，各级无从相比', 'only one of the two plans has material, so there are no levels to compare')
  const counts = ({ bands, tiers }: MaterialPolicy) => canonicalJson({ bands, tiers })
  return counts(mine) === counts(theirs) ? null : text(
    '两份方案的保障档或分级不同（见 basis.policyFields），同名的级别数的不是同一件事，不能相比',
    'the bands or tiers of the two plans differ (see basis.policyFields): levels of the same name count something else, and are not compared',
  )
}

/**
 * Need by need, in the order of bands and tiers, then the wishes in theirs. A need of a band and tier in which nobody needs
 * anything is no level of its plan: nothing of it is unserved.
 */
function levelsTogether(here: readonly MaterialLevel[], there: readonly MaterialLevel[]): LevelBeside[] {
  const [mine, theirs] = [here, there].map((levels) => new Map(levels.map((level) => [level.rule, level])))
  const all = [...here, ...there.filter(({ rule }) => mine?.has(rule) !== true)]
  const needs = all.filter(({ band }) => band !== null).sort((a, b) => (a.band ?? 0) - (b.band ?? 0) || (a.tier ?? 0) - (b.tier ?? 0))
  return [...needs, ...all.filter(({ band }) => band === null)].map((level) => {
    const absent = level.band === null ? null : 0
    return besideOf(level, mine?.get(level.rule)?.value ?? absent, theirs?.get(level.rule)?.value ?? absent)
  })
}

const levelsApart = (levels: readonly MaterialLevel[], side: 'here' | 'there'): LevelBeside[] =>
  levels.map((level) => besideOf(level, side === 'here' ? level.value : null, side === 'there' ? level.value : null))

const besideOf = ({ rule, level, title, unit, band, tier }: MaterialLevel, here: number | null, there: number | null): LevelBeside =>
  ({ rule, level, title, unit, band, tier, here, there, difference: here === null || there === null ? null : there - here })

/** Which is better where the transfers of both are as good: by the first level of material that differs. */
export function verdictOnMaterial(material: MaterialComparison | null, [here, there]: Sides<MaterialPlan | null>): Pick<Comparison, 'better' | 'decidedBy'> {
  if (material === null) return { better: 'neither', decidedBy: null }
  if (material.whyNot !== null) return { better: null, decidedBy: null }
  const need = material.levels.find(({ band, difference }) => band !== null && difference !== 0)
  if (need !== undefined) return decidedBy(need, rankOf(need.rule, here, there))
  // Wishes are ranked by their policies, and one after a wish that the other ranks otherwise decides nothing.
  const [mine, theirs] = [here, there].map((plan) => (plan?.levels ?? []).filter(({ band }) => band === null))
  const longer = Math.max(mine?.length ?? 0, theirs?.length ?? 0)
  const at = Array.from({ length: longer }, (_, i) => i).find((i) => mine?.[i]?.rule !== theirs?.[i]?.rule || mine?.[i]?.value !== theirs?.[i]?.value)
  if (at === undefined) return { better: 'neither', decidedBy: null }
  const wish = material.levels.find(({ rule }) => rule === mine?.[at]?.rule && rule === theirs?.[at]?.rule)
  return wish === undefined ? { better: null, decidedBy: null } : decidedBy(wish, rankOf(wish.rule, here, there))
}

const rankOf = (rule: string, ...plans: readonly (MaterialPlan | null)[]): number =>
  plans.flatMap((plan) => plan?.levels ?? []).find((level) => level.rule === rule)?.rank ?? 1

const decidedBy = ({ rule, title, difference }: LevelBeside, rank: number): Pick<Comparison, 'better' | 'decidedBy'> =>
  ({ better: (difference ?? 0) > 0 ? 'here' : 'there', decidedBy: { of: 'material', rank, rule, title } })

/** Units by what they are of. */
type Units = ReadonlyMap<string, number>

function unitsIn(rows: readonly { readonly key: string; readonly units: number }[]): Units {
  const found = new Map<string, number>()
  for (const { key, units } of rows) found.set(key, (found.get(key) ?? 0) + units)
  return found
}

const unitsBeside = (here: Units, there: Units) => [...new Set([...here.keys(), ...there.keys()])].sort(byCodeUnits).map((key) => {
  const [a, b] = [here.get(key) ?? 0, there.get(key) ?? 0]
  return { key, here: a, there: b, difference: b - a }
})

const shortIn = (plan: MaterialPlan | null): Units =>
  unitsIn((plan?.levels ?? []).flatMap(({ short }) => short).map(({ item, units }) => ({ key: item, units })))

/** Beside each other by where they leave, for where, when and with what: numbers of shipments and rows of stock are nobody’s decision. */
function shipmentsBeside(here: MaterialPlan | null, there: MaterialPlan | null): MaterialComparison['shipments'] {
  const goingIn = (plan: MaterialPlan | null) => unitsIn((plan?.shipments ?? []).flatMap(({ from, to, leavesOn, lines }) =>
    lines.map(({ item, units }) => ({ key: JSON.stringify([from, to, leavesOn, item]), units }))))
  const rows = unitsBeside(goingIn(here), goingIn(there)).map(({ key, ...units }) => {
    const [from = '', to = '', leavesOn = '', item = ''] = JSON.parse(key) as string[]
    return { from, to, leavesOn, item, ...units }
  })
  return { alike: sum(rows.map(({ difference }) => (difference === 0 ? 1 : 0))), otherwise: rows.filter(({ difference }) => difference !== 0) }
}
