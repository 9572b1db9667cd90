import { sum } from '../../../kernel/quantity.js'
import { inNumber } from '../../../kernel/text.js'
import type { Shortage } from '../../../planning/material/plan.js'
import { type Line, paragraph, table } from '../layout.js'
import { MATERIAL_HEADINGS, MATERIAL_PHRASES } from '../materialWords.js'
import { isKit, itemName, type MaterialView, ofMaterial, unitsOf } from '../materialView.js'
import { say } from '../planView.js'
import { WORDS } from '../words.js'
import { honestWord } from './outcome.js'

/** What it is planned on, for which days, and what it comes to. */
export const materialHeadSection = ofMaterial((view) => {
  const { days, basis, shipments, unmet } = view.material
  const [from = '', to = from] = [days[0], days.at(-1)]
  const kits = unmet.filter(({ item }) => isKit(view, item))
  const total = MATERIAL_PHRASES.total({
    shipments: shipments.length, places: new Set(shipments.map((one) => one.to)).size,
    items: kindsOf(unmet.filter((one) => !kits.includes(one))), kits: kindsOf(kits), sets: sum(kits.map(({ units }) => units)),
  })
  return {
    heading: say(view, MATERIAL_HEADINGS.plan),
    lines: [
      ...paragraph(say(view, total), { indent: 2 }),
      ...paragraph(say(view, basis), { indent: 2 }),
      ...paragraph(say(view, MATERIAL_PHRASES.days({ from, to, days: days.length })), { indent: 2 }),
    ],
  }
})

const kindsOf = (unmet: readonly Shortage[]): number => new Set(unmet.map(({ item }) => item)).size

/** Bands and tiers in their order, what stays short in each and of which items; then the wishes. */
export const materialLevelsSection = ofMaterial((view) => {
  const rows = view.material.levels.map((level) => [
    String(level.rank),
    say(view, WORDS[level.level]),
    say(view, level.title),
    String(level.value),
    view.language === 'en' ? inNumber(level.value, level.unit.en) : level.unit.zh,
    honestWord(view, level),
  ])
  const lines = table({ rows, align: ['right', 'left', 'left', 'right'] })
  return { heading: say(view, MATERIAL_HEADINGS.levels), lines: [...lines, ...shortOf(view)] }
})

/** What the units of levels that are short are made of. */
function shortOf(view: MaterialView): Line[] {
  return view.material.levels.filter(({ short }) => short.length > 0).flatMap(({ title, short }) => {
    const items = short.map(({ item, units }) => `${itemName(view, item)} ${unitsOf(view, item, units)}`)
    return paragraph(`${say(view, title)}${say(view, WORDS.colon)}${items.join(say(view, WORDS.comma))}`, { indent: 6, hang: 2 })
  })
}
