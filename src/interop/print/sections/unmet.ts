import { sum } from '../../../kernel/quantity.js'
import type { Clash, Unmet, WayOut } from '../../../planning/plan.js'
import { type Line, labelled, paragraph, section } from '../layout.js'
import { groupBy, type PlanView, quantity, ruleTitle, say, valueOf } from '../planView.js'
import { HEADINGS, PHRASES, POINTERS, WORDS } from '../words.js'

/** What stays unmet, which rules clash, and what would cure it at which price. */
export function unmetSection(view: PlanView): Line[] {
  return section(
    say(view, HEADINGS.unmet),
    view.plan.unmet.flatMap((unmet) => unmetLines(view, unmet)),
  )
}

function unmetLines(view: PlanView, unmet: Unmet): Line[] {
  const demanded = unmet.demanded ? say(view, WORDS.demanded) : ''
  const value = valueOf(view, unmet.rule, unmet.value)
  const title = `${ruleTitle(view, unmet.rule)}${demanded}${say(view, WORDS.colon)}${value}`
  const none = paragraph(say(view, WORDS.noWayOut), { indent: 4 })
  return [
    ...paragraph(title, { indent: 2 }),
    ...(unmet.clash === null ? [] : clashLines(view, unmet.clash)),
    ...(unmet.waysOut.length === 0 ? none : unmet.waysOut.flatMap((way) => wayLines(view, unmet, way))),
  ]
}

function clashLines(view: PlanView, clash: Clash): Line[] {
  const smallest = clash.smallest ? say(view, WORDS.smallestClash) : ''
  return [
    ...paragraph(`${say(view, WORDS.clash).trimEnd()}${smallest}`, { indent: 4 }),
    ...clash.rules.flatMap((rule) => paragraph(`- ${say(view, rule.text)}`, { indent: 6, hang: 2 })),
  ]
}

function wayLines(view: PlanView, unmet: Unmet, way: WayOut): Line[] {
  const semicolon = say(view, WORDS.semicolon)
  const price = [...groupBy(way.price, ({ kind, unit }) => `${kind} ${unit.en}`).values()]
    .flatMap(([one, ...others]) => (one === undefined ? [] : [quantity(view, sum([one, ...others].map(({ amount }) => amount)), one.unit)])).join(say(view, WORDS.comma))
  const { apply } = POINTERS[view.medium]
  const proved = say(view, PHRASES.provedWay(way.proved.exit, valueOf(view, unmet.rule, way.proved.value)))
  const parts = [
    ...(price === '' ? [] : [`${say(view, WORDS.price)}${price}`]),
    proved,
    ...(view.showsApply && apply !== null ? [say(view, apply(way.id))] : []),
  ]
  return [
    ...labelled(`${way.id}  `, say(view, way.text), 4),
    ...paragraph(parts.join(semicolon), { indent: 4 + way.id.length + 2 }),
  ]
}
