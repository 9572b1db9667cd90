import { SEVERITIES, STATUSES } from '../cases/cases.js'
import type { Detail } from '../kernel/refusal.js'
import { joinTexts, type Text, text } from '../kernel/text.js'
import type { Violation } from '../planning/plan.js'
import { type Lines, mustsBroken } from '../planning/present.js'
import type { Scenario } from '../planning/scenario.js'

interface Compared {
  readonly drafted: Scenario
  readonly present: Scenario
  readonly lines: Lines
  /** By pool, who was promised its newest bed. */
  readonly won?: ReadonlyMap<string, Text>
}

/**
 * What has changed since a plan was drafted so that these lines of it can no longer be issued: who is not as they were,
 * and every must that the lines would break by now. Empty: they may be issued.
 */
export function whatChanged({ drafted, present, lines, won = new Map() }: Compared): Detail[] {
  const people = lines.moves.flatMap(({ patient }) => changesOf(patient, drafted, present))
  const gone = lines.moves.filter(({ patient }) => !Object.hasOwn(present.cases, patient))
  if (gone.length > 0) return people
  return [...people, ...mustsBroken(present, lines).flatMap((violation) => detailsOf(withWinner(violation, won), lines))]
}

function changesOf(patient: string, drafted: Scenario, present: Scenario): Detail[] {
  const [was, is] = [drafted.cases[patient], present.cases[patient]]
  const say = (zh: string, en: string): Detail => ({ pointer: pointerOf(patient), want: text(`${patient}：${zh}`, `${patient}: ${en}`) })
  if (is === undefined) return [say('已不在院', 'is no longer in care')]
  const found: Detail[] = []
  if (was?.status !== is.status) found.push(say(`现为${STATUSES[is.status].zh}`, `is a ${STATUSES[is.status].en} now`))
  if (was?.severity !== is.severity) found.push(say(`现为${SEVERITIES[is.severity].zh}`, `is ${SEVERITIES[is.severity].en} now`))
  if (was?.place !== is.place || was?.pool !== is.pool) found.push(say(`现在 ${is.pool ?? is.place}`, `lies at ${is.pool ?? is.place} now`))
  const order = Object.entries(present.orders).find(([, one]) => one.patient === patient)
  if (order !== undefined) found.push(say(`已有指令 ${order[0]}`, `order ${order[0]} stands for them`))
  return found
}

/** Whose beds are too few, with who was promised the newest of them. */
export function withWinner(violation: Violation, won: ReadonlyMap<string, Text>): Violation {
  const winner = violation.rule === 'usableBeds' ? won.get(violation.subject) : undefined
  return winner === undefined ? violation : { ...violation, text: joinTexts([violation.text, winner], text('；', '; ')) }
}

const pointerOf = (patient: string): string => `lines/${patient}`

/** A broken must under each line that it is about: the patient, whoever rides on the trip, or comes to the place. */
function detailsOf({ subject, text: want }: Violation, { moves, trips }: Lines): Detail[] {
  const riders = new Set(trips.filter(({ id, crew, vehicle }) => [id, crew, vehicle].includes(subject)).flatMap(({ patients }) => patients))
  const about = moves.filter(({ patient, pool, to, fromPool }) => [patient, pool, to, fromPool].includes(subject) || riders.has(patient))
  if (about.length === 0) return [{ pointer: `lines/${subject}`, want }]
  return about.map(({ patient }) => ({ pointer: pointerOf(patient), want }))
}
