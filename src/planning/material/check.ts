import { canonicalJson } from '../../kernel/canonical.js'
import { text } from '../../kernel/text.js'
import type { Facts } from '../facts.js'
import type { Found } from '../planWords.js'
import { violation } from '../sayings.js'
import { Account } from './account.js'
import { givenOf } from './core.js'
import { type Described, describeMaterial } from './describe.js'
import { waysWrong } from './explain/waysCheck.js'
import { Ground } from './ground.js'
import type { MaterialPlan } from './plan.js'
import { MATERIAL_MUSTS, ORDER } from './rules/musts.js'

/**
 * Recomputes a plan of material from the scenario and the transfers before it, without whoever gave anything out: every
 * must, the value of every level, and every word and figure beside them. It cannot prove `optimal`, nor the most that
 * could be served, nor what planning again with a way out gave. Empty: nothing is wrong.
 */
export function checkMaterial(facts: Facts, plan: MaterialPlan | null): Found[] {
  const ground = new Ground(facts.world, facts)
  if (ground.receivers.length === 0 || plan === null) return isOneOfBoth(ground, plan)
  const unknown = unknownIds(ground, plan)
  if (unknown.length > 0) return unknown
  const account = new Account(givenOf(ground), plan)
  const broken = MATERIAL_MUSTS.flatMap((must) => must.measure(account))
  if (broken.length > 0) return broken
  const disorder = ORDER.measure(account)
  // Explanations are of lawful plans.
  return disorder.length > 0 ? disorder : wordsAndFigures(account, plan)
}

function isOneOfBoth(ground: Ground, plan: MaterialPlan | null): Found[] {
  if (ground.receivers.length === 0 && plan === null) return []
  return [violation('material', 'material', plan === null
    ? text('有受领场所而没有物资方案', 'places receive material, and the plan has none')
    : text('没有受领场所而有物资方案', 'nobody receives material, and the plan has some'))]
}

/** What a plan names and the scenario does not have. */
function unknownIds({ scenario }: Ground, plan: MaterialPlan): Found[] {
  const rows = { lots: scenario.lots, supplies: scenario.supplies, consignments: scenario.consignments }
  const has = (table: Readonly<Record<string, unknown>>, id: string | null) => id === null || Object.hasOwn(table, id)
  const named: [string, boolean][] = [
    ...plan.shipments.flatMap(({ from, to, unit, lines }): [string, boolean][] => [
      [from, has(scenario.places, from)], [to, has(scenario.places, to)], [unit ?? '', has(scenario.units, unit)],
      ...lines.flatMap((line): [string, boolean][] => [
        [line.row, has(rows[line.table], line.row)], [line.item, has(scenario.items, line.item)], [line.substituteFor ?? '', has(scenario.items, line.substituteFor)],
      ]),
    ]),
    ...plan.ownSubstitutes.flatMap((own): [string, boolean][] => [
      [own.row, has(rows[own.table], own.row)], [own.place, has(scenario.places, own.place)],
      [own.item, has(scenario.items, own.item)], [own.substituteFor, has(scenario.items, own.substituteFor)],
    ]),
  ]
  const twice = new Set(plan.shipments.map(({ id }) => id)).size < plan.shipments.length
  return [
    ...(twice ? [violation('known', 'shipments', text('发运编号重复', 'a shipment id stands twice'))] : []),
    ...named.filter(([, exists]) => !exists).map(([id]) => violation('known', id, text(`物资方案所写的 ${id} 不存在`, `there is no ${id}, which the plan of material names`))),
  ]
}

/** What is proved, and planned again to be told, is not recomputed. */
const NOT_RECOMPUTED: readonly (keyof Described)[] = ['levels', 'served', 'unmet']

function wordsAndFigures(account: Account, plan: MaterialPlan): Found[] {
  const truth = describeMaterial(account)
  const fields = (Object.keys(truth) as (keyof Described)[]).filter((field) => !NOT_RECOMPUTED.includes(field))
  const told = plan as unknown as Readonly<Record<string, unknown>>
  const bare = plan.levels.map(({ optimal: _proved, bound: _bound, note: _note, ...level }) => level)
  const without = plan.unmet.map((line) => ({ ...line, waysOut: [] }))
  return [
    ...fields.filter((field) => canonicalJson(truth[field]) !== canonicalJson(told[field])).map((field) => notAs(field)),
    ...(canonicalJson(truth.levels) === canonicalJson(bare) ? [] : [notAs('levels')]),
    ...(canonicalJson(truth.unmet) === canonicalJson(without) ? [] : [notAs('unmet')]),
    ...(isFairTold(truth.served, plan) ? [] : [notAs('fairness')]),
    ...waysWrong(account, plan),
  ]
}

const notAs = (field: string): Found => violation(field, field, text(`物资“${field}”与重新核算的不符`, `"${field}" of material is not as recomputed`))

const isFairTold = (served: ReadonlyMap<string, number>, { fairness }: MaterialPlan): boolean =>
  fairness.length === served.size &&
  fairness.every(({ item, servedByOrder, largestTotal, price }) => served.get(item) === servedByOrder && largestTotal - servedByOrder === price && price >= 0)
