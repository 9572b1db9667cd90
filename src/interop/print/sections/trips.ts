import type { Trip } from '../../../planning/plan.js'
import { type Line, paragraph, section, table } from '../layout.js'
import { clockOf, groupBy, isLong, markedIf, nameOf, type PlanView, say } from '../planView.js'
import { COLUMNS, HEADINGS, PHRASES, POINTERS, WORDS } from '../words.js'

/** What each ambulance and crew does, or each base's day where trips are many. */
export function tripsSection(view: PlanView): Line[] {
  const { plan: { trips }, fate: { struck } } = view
  const driven = trips.filter(({ patients }) => patients.some((patient) => !struck.has(patient)))
  return section(
    say(view, HEADINGS.trips),
    isLong(view, trips) ? byBase(view, driven) : oneByOne(view, trips),
  )
}

function oneByOne(view: PlanView, trips: readonly Trip[]): Line[] {
  const { trip, vehicle, crew, patients, to, leavesBase, departs, arrives, clean } = COLUMNS
  const columns = [trip, vehicle, crew, leavesBase, departs, arrives, clean, patients, to]
  const header = columns.map((column) => say(view, column))
  const rows = trips.map((one) => [
    markedIf(view, one.patients.every((patient) => view.fate.struck.has(patient)), one.id),
    one.vehicle,
    one.crew,
    clockOf(view, one.leavesBase),
    clockOf(view, one.departs),
    clockOf(view, one.arrives),
    clockOf(view, one.decontaminatedUntil),
    one.patients.map((patient) => markedIf(view, view.fate.struck.has(patient), patient)).join(say(view, WORDS.comma)),
    nameOf(view, one.to),
  ])
  return table({ header, rows })
}

function byBase(view: PlanView, trips: readonly Trip[]): Line[] {
  const { base, vehicles, trips: count, leavesBase, clean } = COLUMNS
  const rows = [...groupBy(trips, (trip) => trip.base)].map(([id, own]) => [
    nameOf(view, id),
    String(new Set(own.map((trip) => trip.vehicle)).size),
    String(own.length),
    clockOf(view, own.map((trip) => trip.leavesBase).reduce((a, b) => (a < b ? a : b))),
    clockOf(view, own.map((trip) => trip.decontaminatedUntil).reduce((a, b) => (a > b ? a : b))),
  ])
  const header = [base, vehicles, count, leavesBase, clean].map((column) => say(view, column))
  const note = paragraph(say(view, PHRASES.groupedTrips(trips.length, POINTERS[view.medium].each)), { indent: 2 })
  return [...note, ...table({ header, rows, align: ['left', 'right', 'right'] })]
}
