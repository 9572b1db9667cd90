import { byCodeUnits } from '../../../kernel/canonical.js'
import { sum } from '../../../kernel/quantity.js'
import type { Allocation } from '../../../planning/material/plan.js'
import { type Align, type Line, labelled, paragraph, table } from '../layout.js'
import { bandShort, daysText, itemName, type MaterialView, ofMaterial, percentText, unitOfItem } from '../materialView.js'
import { MATERIAL_COLUMNS, MATERIAL_HEADINGS, MATERIAL_PHRASES, MATERIAL_WORDS } from '../materialWords.js'
import { groupBy, isLong, nameOf, say } from '../planView.js'
import { POINTERS, WORDS } from '../words.js'

const ROW_INDENT = 4
const DETAIL_INDENT = 8

/** Rows of the table that have the same figures, and the places that they are of. */
interface Entry {
  readonly first: Allocation
  readonly all: readonly Allocation[]
}

/** What every place needs, has, asked for and is proposed, item by item; alike places together where they are many. */
export const materialItemsSection = ofMaterial((view) => {
  const { allocations } = view.material
  const isMerged = isLong(view, allocations)
  const shown = allocations.filter((one) => one.place !== null || splitsOver(allocations, one) > 1)
  const byItem = [...groupBy(shown, neededItem)].sort(([a], [b]) => byCodeUnits(a, b))
  const note = isMerged ? paragraph(say(view, MATERIAL_PHRASES.grouped(allocations.length, POINTERS[view.medium].each)), { indent: 2 }) : []
  return {
    heading: say(view, MATERIAL_HEADINGS.items),
    lines: [...note, ...byItem.flatMap(([item, rows]) => itemLines(view, { item, rows, isMerged }))],
  }
})

/** The item that is needed, whatever stands in for it. */
const neededItem = ({ item, substituteFor }: Allocation): string => substituteFor ?? item

/** Places over which the part of a whole unit is split; of a single one the unit's own row says nothing more. */
const splitsOver = (allocations: readonly Allocation[], { unit, item, substituteFor }: Allocation): number =>
  allocations.filter((one) => one.place !== null && one.unit === unit && one.item === item && one.substituteFor === substituteFor).length

function itemLines(view: MaterialView, { item, rows, isMerged }: { item: string; rows: readonly Allocation[]; isMerged: boolean }): Line[] {
  const placed = rows.filter(({ place }) => place !== null)
  // What stands in for an item has a row of its own, with the same figures of the need.
  const needing = [...groupBy(placed, ({ place }) => place ?? '').values()].flatMap(([first]) => (first === undefined ? [] : [first]))
  const missing = needing.map((one) => ({ place: one.place ?? '', units: sum(one.areas.map(({ need, served }) => Math.max(0, need - served))) }))
  const unused = sum(missing.map(({ place, units }) => Math.min(units, unusedAt(view, place, item))))
  const title = MATERIAL_PHRASES.item({
    name: itemName(view, item), unit: unitOfItem(view, item), need: String(sum(needing.map(({ need }) => need))),
    own: String(sum(needing.map(({ own }) => own))), proposed: String(sum(placed.map(({ allocated }) => allocated))),
    lacking: sum(missing.map(({ units }) => units)) - unused, unused,
  })
  const entries = isMerged ? [...groupBy(rows, alike).values()].flatMap(entryOf) : rows.flatMap((one) => entryOf([one]))
  const [header, ...lines] = tableRows(view, entries)
  const at = new Map(entries.map((entry, i) => [entry, lines.slice(i, i + 1)]))
  const elsewhere = new Set(view.material.unmet.filter((one) => one.item === item).map(({ place }) => place))
  for (const { place } of placed) elsewhere.delete(place ?? '')
  return [
    ...paragraph(say(view, title), { indent: 2 }),
    ...(elsewhere.size === 0 ? [] : paragraph(say(view, MATERIAL_PHRASES.elsewhere(elsewhere.size)), { indent: 2 })),
    ...(header === undefined ? [] : [header]),
    ...runsOf(view, entries).flatMap((run) => [...run.entries.flatMap((entry) => at.get(entry) ?? []), ...run.details]),
  ]
}

/** What of an item a place would use in kits of which another part lacks: there is enough of it. */
function unusedAt(view: MaterialView, place: string, item: string): number {
  const parts = Object.values(view.scenario.kitParts).filter((part) => part.item === item)
  return sum(view.material.kits.filter((one) => one.place === place && one.shortOf.length > 0).map(({ kit, need, served, shortOf }) => {
    const wanted = (need - served) * (parts.find((part) => part.kit === kit)?.units ?? 0)
    return Math.max(0, wanted - (shortOf.find((one) => one.item === item)?.units ?? 0))
  }))
}

const entryOf = (all: readonly Allocation[]): Entry[] => (all[0] === undefined ? [] : [{ first: all[0], all }])

const alike = ({ place, unit, item, need, own, asked, allocated, daysBefore, daysAfter, band, tier, reason }: Allocation): string =>
  JSON.stringify([place === null ? unit : '', item, need, own, asked, allocated, daysBefore, daysAfter, band, tier, reason.zh])

/** One line for each entry, after the header: the last column stands to the right, so that no row is wrapped. */
function tableRows(view: MaterialView, entries: readonly Entry[]): Line[] {
  const { place, need, own, asked, proposed, share, days, reaches } = MATERIAL_COLUMNS
  const header = [place, need, own, asked, proposed, share, reaches, days].map((column) => say(view, column))
  const rows = entries.map(({ first, all }) => [
    whoOf(view, first, all.length),
    String(first.need),
    String(first.own),
    first.asked === null ? say(view, WORDS.none) : String(first.asked),
    String(first.allocated),
    percentText(first.share),
    first.allocated === 0 ? say(view, WORDS.none) : bandShort(view, first),
    `${daysText(first.daysBefore)} → ${daysText(first.daysAfter)}`,
  ])
  const align: Align[] = ['left', 'right', 'right', 'right', 'right', 'right', 'left', 'right']
  return table({ header, rows, align, indent: ROW_INDENT })
}

function whoOf(view: MaterialView, { place, unit, item, substituteFor }: Allocation, count: number): string {
  const who = count > 1 ? say(view, MATERIAL_PHRASES.each(count)) : place !== null ? nameOf(view, place) : nameOf(view, unit ?? '')
  return substituteFor === null ? who : `${who} (${itemName(view, item)})`
}

/** Why, said once below the last of those of whom it is so; and who the alike ones are. */
function runsOf(view: MaterialView, entries: readonly Entry[]): { entries: Entry[]; details: Line[] }[] {
  const runs: { entries: Entry[]; why: string; names: string }[] = []
  for (const entry of entries) {
    const why = say(view, entry.first.reason)
    const names = entry.all.length === 1 ? '' : entry.all.map(({ place, unit }) => nameOf(view, place ?? unit ?? '')).join(say(view, WORDS.comma))
    const run = runs.at(-1)
    if (run !== undefined && run.why === why && names === '' && run.names === '') run.entries.push(entry)
    else runs.push({ entries: [entry], why, names })
  }
  return runs.map(({ entries: those, why, names }) => ({
    entries: those,
    details: [
      ...(names === '' ? [] : paragraph(say(view, MATERIAL_PHRASES.alike(names)), { indent: DETAIL_INDENT, hang: 2 })),
      ...labelled(say(view, MATERIAL_WORDS.because), why, DETAIL_INDENT),
    ],
  }))
}
