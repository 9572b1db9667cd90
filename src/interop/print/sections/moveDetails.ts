import { CARE_LEVELS } from '../../../facilities/beds.js'
import type { Move } from '../../../planning/plan.js'
import { type Line, labelled } from '../layout.js'
import { nameOf, type PlanView, rideOf, ruleTitle, say, valueOf } from '../planView.js'
import { PHRASES, WORDS } from '../words.js'

const DETAIL_INDENT = 6

/** Moves that share one row: a single one, or all that are alike. */
export interface Entry {
  readonly first: Move
  readonly moves: readonly Move[]
}

/** One saying of what stands below the rows it belongs to. */
interface Detail {
  readonly label: string
  readonly text: string
}

/** Rows that have the same to be said about them, one after the other; it is said once, below the last. */
export function runsOf(view: PlanView, entries: readonly Entry[]): { entries: Entry[]; details: Line[] }[] {
  const runs: { entries: Entry[]; details: Detail[] }[] = []
  for (const entry of entries) {
    const details = detailsOf(view, entry)
    const run = runs.at(-1)
    if (run !== undefined && JSON.stringify(run.details) === JSON.stringify(details)) run.entries.push(entry)
    else runs.push({ entries: [entry], details })
  }
  return runs.map((run) => ({
    entries: run.entries,
    details: run.details.flatMap(({ label, text }) => labelled(label, text, DETAIL_INDENT)),
  }))
}

/** Why, and the next best; for several alike ones only the reason that all of them share. */
function detailsOf(view: PlanView, { first, moves }: Entry): Detail[] {
  const reasons = new Set(moves.map((move) => say(view, move.reason)))
  const [reason = '', ...others] = reasons
  if (others.length > 0) return struckDetails(view, first)
  const why = { label: say(view, WORDS.because), text: reason }
  return moves.length === 1 ? [...struckDetails(view, first), ...orderDetails(view, first, reason), why, ...nextDetails(view, first, reason)] : [...struckDetails(view, first), why]
}

function struckDetails(view: PlanView, { patient }: Move): Detail[] {
  const reason = view.fate.struck.get(patient)
  return reason === undefined ? [] : [{ label: '', text: say(view, PHRASES.struck(reason)) }]
}

// A reason often names the order or the next place itself; then it is not said again.
function orderDetails(view: PlanView, { order }: Move, reason: string): Detail[] {
  if (order === null) return []
  const rides = rideOf(view, order)
  if (rides !== null) return [{ label: '', text: say(view, PHRASES.orderRides({ order, ...rides })) }]
  return reason.includes(order) ? [] : [{ label: '', text: say(view, PHRASES.order(order)) }]
}

function nextDetails(view: PlanView, { nextBest }: Move, reason: string): Detail[] {
  if (nextBest === null || reason.includes(nameOf(view, nextBest.to))) return []
  return [{ label: say(view, WORDS.nextBest), text: nextBestPhrase(view, nextBest) }]
}

/** The other place, and the first level whose value would change. */
function nextBestPhrase(view: PlanView, next: NonNullable<Move['nextBest']>): string {
  const change = next.differences.find((one) => one.difference !== 0)
  const bed = `${nameOf(view, next.to)} ${say(view, CARE_LEVELS[next.careLevel])}`
  const minutes = `${next.travelMinutes} ${say(view, WORDS.minutes)}`
  const price = change === undefined ? say(view, WORDS.equallyGood) : priceOf(view, change)
  return [bed, minutes, price].join(say(view, WORDS.semicolon))
}

const priceOf = (view: PlanView, { rule, difference }: { rule: string; difference: number }): string =>
  `${ruleTitle(view, rule)} ${difference > 0 ? '+' : ''}${valueOf(view, rule, difference)}`
