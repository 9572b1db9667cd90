import { SEVERITIES } from '../../../cases/cases.js'
import { CARE_LEVELS } from '../../../facilities/beds.js'
import { byCodeUnits } from '../../../kernel/canonical.js'
import { mustGet } from '../../../kernel/invariant.js'
import { keysOf } from '../../../kernel/vocabulary.js'
import type { Move } from '../../../planning/plan.js'
import { type Align, type Line, paragraph, section, table } from '../layout.js'
import { clockOf, groupBy, illnessOf, isLong, markedIf, nameOf, type PlanView, say, unitOf } from '../planView.js'
import { COLUMNS, HEADINGS, PHRASES, POINTERS, WORDS } from '../words.js'
import { type Entry, runsOf } from './moveDetails.js'

const ROW_INDENT = 4

/** Who goes where, by sending unit: one by one, or alike ones together where they are many. */
export function patientsSection(view: PlanView): Line[] {
  const { moves } = view.plan
  const isMerged = isLong(view, moves)
  const alike = (move: Move) => JSON.stringify([move.to, illnessOf(view, move), move.careLevel, view.fate.struck.has(move.patient), isMerged || move.patient])
  const bySender = groupBy(inUnitOrder(view, moves), (move) => JSON.stringify([unitOf(view, move.patient), move.from]))
  const senders = [...bySender.values()].map((sender) => [...groupBy(sender, alike).values()].flatMap(entryOf))
  // All rows are laid out together, so that columns stand alike below every sender.
  const [header, ...rows] = tableRows(view, senders.flat())
  const rowOf = new Map(senders.flat().map((entry, at) => [entry, rows.slice(at, at + 1)]))
  const body = senders.flatMap((entries) => [
    ...senderTitle(view, entries),
    ...runsOf(view, entries).flatMap((run) => [
      ...run.entries.flatMap((entry) => mustGet(rowOf, entry, 'row of a move')),
      ...run.details,
    ]),
  ])
  const note = isMerged ? paragraph(say(view, PHRASES.grouped(moves.length, POINTERS[view.medium].each)), { indent: 2 }) : []
  return section(say(view, HEADINGS.patients), header === undefined ? [] : [...note, header, ...body])
}

const entryOf = (moves: readonly Move[]): Entry[] => {
  const [first] = moves
  return first === undefined ? [] : [{ first, moves }]
}

/** By sending unit and place, the most urgent first, then by receiving place and time. */
function inUnitOrder(view: PlanView, moves: readonly Move[]): Move[] {
  const urgency = keysOf(SEVERITIES)
  return [...moves].sort(
    (a, b) =>
      byCodeUnits(unitOf(view, a.patient), unitOf(view, b.patient)) ||
      byCodeUnits(a.from, b.from) ||
      urgency.indexOf(a.severity) - urgency.indexOf(b.severity) ||
      byCodeUnits(a.to, b.to) ||
      byCodeUnits(a.departs ?? '', b.departs ?? ''),
  )
}

/** One line for each entry, after the header: the last column is narrow, so that no row is wrapped. */
function tableRows(view: PlanView, entries: readonly Entry[]): Line[] {
  const { patient, severity, to, bed, trip, departs, arrives, order, minutes } = COLUMNS
  const numbered = view.fate.orders.size > 0 ? [order] : []
  const header = [patient, severity, to, bed, trip, departs, arrives, ...numbered, minutes].map((column) => say(view, column))
  const align = header.map((_, at): Align => (at === header.length - 1 ? 'right' : 'left'))
  return table({ header, rows: entries.map((entry) => cellsOf(view, entry)), align, indent: ROW_INDENT })
}

function cellsOf(view: PlanView, { first, moves }: Entry): string[] {
  const minutes = moves.map((move) => move.travelMinutes)
  const [least, most] = [Math.min(...minutes), Math.max(...minutes)]
  return [
    markedIf(view, view.fate.struck.has(first.patient), moves.length === 1 ? first.patient : say(view, PHRASES.people(moves.length))),
    illnessOf(view, first),
    nameOf(view, first.to),
    say(view, CARE_LEVELS[first.careLevel]),
    moves.length === 1 ? (first.trip ?? first.order ?? '—') : '',
    clockOf(view, moves.map((move) => move.departs).reduce(earlier)),
    clockOf(view, moves.map((move) => move.arrives).reduce(later)),
    ...(view.fate.orders.size > 0 ? [moves.length === 1 ? (first.order ?? view.fate.orders.get(first.patient) ?? '—') : ''] : []),
    least === most ? String(least) : `${least}–${most}`,
  ]
}

// Instants of one plan are written with one offset, so that code-unit order is order in time.
const earlier = (a: string | null, b: string | null): string | null => (a === null ? b : b === null || a < b ? a : b)
const later = (a: string | null, b: string | null): string | null => (a === null ? b : b === null || a > b ? a : b)

function senderTitle(view: PlanView, entries: readonly Entry[]): Line[] {
  const first = entries[0]?.first
  if (first === undefined) return []
  const all = entries.flatMap(({ moves }) => moves)
  const struck = all.filter(({ patient }) => view.fate.struck.has(patient)).length
  const people = [PHRASES.people(all.length), ...(struck > 0 ? [PHRASES.peopleStruck(struck)] : [])].map((one) => say(view, one)).join(say(view, WORDS.semicolon))
  const [unit, place] = [nameOf(view, unitOf(view, first.patient)), nameOf(view, first.from)]
  // The name of a place often begins with its unit's; no unit is known as ''.
  const sender = place.startsWith(unit) ? place : `${unit}${say(view, WORDS.comma)}${place}`
  return paragraph(`${sender}${say(view, WORDS.colon)}${people}`, { indent: 2 })
}
