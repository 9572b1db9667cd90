import { byCodeUnits } from '../../kernel/canonical.js'
import { sum } from '../../kernel/quantity.js'
import { type Text, text } from '../../kernel/text.js'
import type { Account } from './account.js'
import { gradesIn } from './bound.js'
import type { MaterialLevel } from './plan.js'
import { MATERIAL_WISHES, type MaterialWish } from './policy.js'
import { bandNamed } from './sayings.js'
import { SHELF_DAYS_MAX } from './wishes.js'

/** A level before anything is proved of it. */
export type BareLevel = Omit<MaterialLevel, 'optimal' | 'bound' | 'note'>

const UNITS = text('件', 'units')

/** Every level with its value, measured on what goes where: units unserved by band and tier, then the wishes. */
export function levelsOf(account: Account): BareLevel[] {
  const needs = unserved(account)
  const wishes = account.given.ground.policy.wishes.map((wish, i): BareLevel => ({
    level: 'wish', rank: needs.length + i + 1, rule: wish, title: MATERIAL_WISHES[wish], value: WISH_VALUES[wish].measure(account),
    unit: WISH_VALUES[wish].unit, band: null, tier: null, short: [],
  }))
  return [...needs, ...wishes]
}

function unserved(account: Account): BareLevel[] {
  const { slots, ground } = account.given
  return gradesIn(slots).map(({ band, tier }, i): BareLevel => {
    const short = new Map<string, number>()
    for (const slot of slots) {
      const units = slot.band === band && slot.tier === tier ? account.short(slot) : 0
      if (units > 0) short.set(slot.of, (short.get(slot.of) ?? 0) + units)
    }
    const of = ground.policy.bands[band]
    const name = of === undefined ? text('', '') : bandNamed(of)
    return {
      level: 'need', rank: i + 1, rule: `band${band}.tier${tier}`,
      title: text(`${name.zh}，第 ${tier} 级`, `${name.en}, tier ${tier}`), value: sum(short.values()), unit: UNITS, band, tier,
      short: [...short].sort(([a], [b]) => byCodeUnits(a, b)).map(([item, units]) => ({ item, units })),
    }
  })
}

/** Wishes as they are told: on what goes where alone. */
const WISH_VALUES: Readonly<Record<MaterialWish, { unit: Text; measure: (account: Account) => number }>> = {
  fewestSubstitutions: {
    unit: text('件（第二替代品加倍计）', 'units, a second substitute counted twice'),
    measure: ({ given: { ground }, deed, lines }) => sum([
      ...lines.map(({ line }) => line), ...deed.ownSubstitutes,
    ].map(({ item, substituteFor, units }) =>
      (substituteFor === null ? 0 : units * (ground.substitutesOf(substituteFor).indexOf(item) + 1)))),
  },
  earmarkedFirst: {
    unit: text('件未定向的', 'units that are not earmarked'),
    measure: ({ given, lines }) => {
      const bound = new Set(given.supplies.atSources.filter(({ earmark }) => earmark !== null).map(({ table, row }) => JSON.stringify([table, row])))
      return sum(lines.map(({ line }) => (bound.has(JSON.stringify([line.table, line.row])) ? 0 : line.units)))
    },
  },
  oldestFirst: {
    unit: text('件·天效期', 'unit-days of shelf life'),
    measure: ({ given, lines }) => {
      const until = new Map(given.supplies.atSources.map((stock) => [JSON.stringify([stock.table, stock.row]), stock.until]))
      return sum(lines.map(({ line }) => line.units * Math.min(SHELF_DAYS_MAX, until.get(JSON.stringify([line.table, line.row])) ?? 0)))
    },
  },
  shortestRoad: {
    unit: text('件·分钟', 'unit-minutes'),
    measure: ({ given: { ground }, lines }) => sum(lines.map(({ shipment: { from, to }, line }) => line.units * (ground.minutes(from, to) ?? 0))),
  },
  fewestShipments: { unit: text('车次', 'shipments'), measure: ({ deed }) => deed.shipments.length },
}
