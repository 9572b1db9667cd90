import { type MaterialWay, type Shortage, SHORTAGE_RULES } from '../../../planning/material/plan.js'
import { AREAS } from '../../../supplies/norms.js'
import { type Line, labelled, paragraph, table } from '../layout.js'
import { bandTitle, daysText, itemName, type MaterialView, ofMaterial, unitsOf } from '../materialView.js'
import { MATERIAL_COLUMNS, MATERIAL_HEADINGS, MATERIAL_PHRASES, MATERIAL_WORDS } from '../materialWords.js'
import { groupBy, isLong, nameOf, quantity, say } from '../planView.js'
import { POINTERS, WORDS } from '../words.js'

/** Sets for a shift: how many a place needs, how many can be made up, and for want of what no more. */
export const materialKitsSection = ofMaterial((view) => {
  const { place, item, need, served, shortOf } = MATERIAL_COLUMNS
  const rows = view.material.kits.map((kit) => [
    nameOf(view, kit.place),
    kit.kit,
    String(kit.need),
    String(kit.served),
    kit.shortOf.length === 0 ? say(view, WORDS.none) : kit.shortOf.map((part) => itemName(view, part.item)).join(say(view, WORDS.comma)),
  ])
  const header = [place, item, need, served, shortOf].map((column) => say(view, column))
  return {
    heading: say(view, MATERIAL_HEADINGS.kits),
    lines: [...madeOf(view), ...together(view, { header, rows, nameAt: 0, align: ['left', 'left', 'right', 'right'] })],
  }
})

/** What goes into one set of each kit that is planned: a kit has no name but that of its rows. */
function madeOf(view: MaterialView): Line[] {
  const kits = new Set(view.material.kits.map(({ kit }) => kit))
  const parts = groupBy(Object.values(view.scenario.kitParts).filter(({ kit }) => kits.has(kit)), ({ kit }) => kit)
  return [...parts].flatMap(([kit, rows]) => paragraph(say(view, MATERIAL_PHRASES.kit({
    kit, parts: rows.map(({ item, units }) => `${itemName(view, item)} ${unitsOf(view, item, units)}`).join(' + '),
  })), { indent: 2 }))
}

/** What stays short, item by item, and what could be decided about it. */
export const materialUnmetSection = ofMaterial((view) => {
  const { unmet, waysOut } = view.material
  const byItem = [...groupBy(unmet, ({ item }) => item)]
  const none = byItem.length > 0 && waysOut.length === 0 ? paragraph(say(view, MATERIAL_WORDS.noWayOut), { indent: 2 }) : []
  return {
    heading: say(view, MATERIAL_HEADINGS.unmet),
    lines: [...byItem.flatMap(([item, rows]) => itemLines(view, item, rows)), ...none, ...waysOut.flatMap((way) => wayLines(view, way))],
  }
})

function itemLines(view: MaterialView, item: string, unmet: readonly Shortage[]): Line[] {
  const short = unitsOf(view, item, unmet.reduce((total, one) => total + one.units, 0))
  const byBand = groupBy(unmet, (one) => `${bandTitle(view, one)}${say(view, WORDS.semicolon)}${say(view, AREAS[one.area])}`)
  return [
    ...paragraph(`${itemName(view, item)}${say(view, WORDS.colon)}${say(view, MATERIAL_COLUMNS.short)} ${short}`, { indent: 2 }),
    ...[...byBand].flatMap(([title, rows]) => [...paragraph(title, { indent: 4 }), ...bandLines(view, rows)]),
  ]
}

function bandLines(view: MaterialView, unmet: readonly Shortage[]): Line[] {
  const rows = unmet.map((one) => [
    String(one.units),
    one.day.slice(5),
    nameOf(view, one.place),
    say(view, SHORTAGE_RULES[one.rule]), one.waysOut.join(say(view, WORDS.comma)),
  ])
  const { place, short, firstShort, binds, ways } = MATERIAL_COLUMNS
  const header = [short, firstShort, place, binds, ways].map((column) => say(view, column))
  return together(view, { header, rows, nameAt: 2, align: ['right'], indent: 6, apartMost: BAND_ROWS_APART_MAX })
}

function wayLines(view: MaterialView, way: MaterialWay): Line[] {
  const price = `${say(view, MATERIAL_WORDS.price)}${quantity(view, way.amount, way.unit)}`
  const { before, after } = way.proved
  const proved = MATERIAL_PHRASES.proved({ before: unitsOf(view, way.item, before), after: unitsOf(view, way.item, after) })
  return [
    ...labelled(`${way.id}  `, say(view, way.text), 2),
    ...paragraph([price, say(view, proved)].join(say(view, WORDS.semicolon)), { indent: 4 + way.id.length }),
  ]
}

/** Who is the first to be without something, at the conventional norm. */
export const materialRunsOutSection = ofMaterial((view) => {
  const { place, item, day, days } = MATERIAL_COLUMNS
  const rows = view.material.cover
    .flatMap((one) => (one.runsOutOn === null ? [] : [{ ...one, runsOutOn: one.runsOutOn }]))
    .sort((a, b) => (a.runsOutOn < b.runsOutOn ? -1 : a.runsOutOn > b.runsOutOn ? 1 : 0))
    .map((one) => [one.runsOutOn.slice(5), itemName(view, one.item), `${daysText(one.daysBefore)} → ${daysText(one.daysAfter)}`, nameOf(view, one.place)])
  const header = [day, item, days, place].map((column) => say(view, column))
  return {
    heading: say(view, MATERIAL_HEADINGS.runsOut),
    lines: together(view, { header, rows, nameAt: 3, align: ['left', 'left', 'right'] }),
  }
})

/** Shortages of one band are told place by place up to so many: there are as many bands as there are, and items beside them. */
const BAND_ROWS_APART_MAX = 10

interface Rows {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Column that holds the name of the place. */
  readonly nameAt: number
  readonly align: readonly ('left' | 'right')[]
  readonly indent?: number
  readonly apartMost?: number
}

/** Rows one by one; where they are many, those that differ by the place alone are one row, with the number of places. */
export function together(view: MaterialView, { header, rows, nameAt, align, indent = 2, apartMost }: Rows): Line[] {
  if (!isLong(view, rows, apartMost)) return table({ header, rows, align, indent })
  const merged = [...groupBy(rows, (row) => JSON.stringify(row.filter((_, at) => at !== nameAt))).values()].flatMap((same) => {
    const [first] = same
    if (first === undefined) return []
    const who = same.length === 1 ? (first[nameAt] ?? '') : say(view, MATERIAL_PHRASES.each(same.length))
    return [first.map((cell, at) => (at === nameAt ? who : cell))]
  })
  const note = paragraph(say(view, MATERIAL_PHRASES.grouped(rows.length, POINTERS[view.medium].each)), { indent })
  return [...note, ...table({ header, rows: merged, align, indent })]
}
