import { text } from '../../kernel/text.js'
import { rowOf } from '../../planning/faults/faultList.js'
import type { MaterialPlan } from '../../planning/material/plan.js'
import { editionOn, policyWith } from '../../planning/policy.js'
import { BASE_UNITS } from '../../supplies/items.js'
import { NORM_TIERS } from '../../supplies/norms.js'
import { type Line, section } from './layout.js'
import { MATERIAL_PHRASES } from './materialWords.js'
import { type PlanView, quantity, say } from './planView.js'

/** A plan that has material, with what is needed to say it. */
export interface MaterialView extends PlanView {
  readonly material: MaterialPlan
}

/** A section of a plan that has material; nothing where it has none. */
export const ofMaterial = (lines: (view: MaterialView) => { heading: string; lines: Line[] }) => (view: PlanView): Line[] => {
  const { material } = view.plan
  if (material === null) return []
  const { heading, lines: body } = lines({ ...view, material })
  return section(heading, body)
}

/** An item in the reader's words; a kit by its own name. */
export function itemName(view: PlanView, id: string): string {
  const item = rowOf(view.scenario.items, id)
  return item === undefined ? id : say(view, item.name)
}

/** What is short is an item or a kit. */
export const isKit = (view: PlanView, id: string): boolean => rowOf(view.scenario.items, id) === undefined

/** What is counted of it. */
export function unitOfItem(view: PlanView, id: string): string {
  const item = rowOf(view.scenario.items, id)
  return say(view, item === undefined ? KIT_UNIT : BASE_UNITS[item.unit])
}
const KIT_UNIT = text('整套', 'sets')

/** So many of an item, with its unit. */
export function unitsOf(view: PlanView, id: string, units: number): string {
  const item = rowOf(view.scenario.items, id)
  return quantity(view, units, item === undefined ? KIT_UNIT : { zh: BASE_UNITS[item.unit].zh, en: `${BASE_UNITS[item.unit].en}s` })
}

/** Days to one decimal, rounded down: cover is never said to be more than it is. */
export const daysText = (hundredths: number): string => (Math.floor(hundredths / 10) / 10).toFixed(1)

/** Per cent, rounded down. */
export const percentText = (perMille: number): string => `${Math.floor(perMille / 10)}%`

/** A band and a tier in a few letters, for a column. */
export function bandShort({ scenario, language }: PlanView, { band, tier }: { band: number; tier: number }): string {
  const edition = editionOn(scenario.planDay)
  const of = edition === null ? undefined : policyWith(edition, scenario.policy).material.bands[band]
  if (of === undefined) return `${band + 1}/${tier}`
  const { days, norm } = of
  return MATERIAL_PHRASES.bandShort({ days, norm: NORM_TIERS[norm][language], tier })[language]
}

/** What a band is called within a tier, by the level that measures it. */
export function bandTitle(view: MaterialView, { band, tier }: { band: number; tier: number }): string {
  const level = view.material.levels.find((one) => one.band === band && one.tier === tier)
  return level === undefined ? `${band + 1}/${tier}` : say(view, level.title)
}
