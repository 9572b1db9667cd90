import type { StepName } from '../dispatch/steps.js'
import { keysOf, type Vocabulary } from '../kernel/vocabulary.js'
import type { IsolationEnding } from '../stays/isolation/contacts.js'
import type { Ending } from '../stays/stays.js'
import { comings, goings, isOpenAt, statusesOf } from './comings.js'
import { type ContactFigure, type Figures, figureOf, type OrderFigure, type Term, UNIT_FIGURES, type UnitFigure } from './figures.js'
import { type DayRead, isBrought } from './reading.js'

/** One more of a figure, and of which reporting unit. */
export interface Mark {
  readonly unit: string
  readonly figure: UnitFigure
}

/** Everything of a day that counts for a reporting unit, one mark each; the city is all of them. */
export const marksOf = (read: DayRead): Mark[] => [...peopleMarks(read), ...isolationMarks(read), ...orderMarks(read)]

/** How often each figure was marked. */
export function tally<F extends string>(vocabulary: Vocabulary<F>, marks: readonly { readonly figure: F }[]): Record<F, number> {
  const counts = Object.fromEntries(keysOf(vocabulary).map((name) => [name, 0])) as Record<F, number>
  for (const { figure } of marks) counts[figure] += 1
  return counts
}

/** The figures of each reporting unit, those with nothing among them. */
export function byUnit(units: readonly string[], marks: readonly Mark[]): Record<string, Figures<UnitFigure>> {
  const own = new Map(units.map((unit): [string, Mark[]] => [unit, []]))
  for (const mark of marks) own.get(mark.unit)?.push(mark)
  return Object.fromEntries([...own].map(([unit, list]) => [unit, tally(UNIT_FIGURES, list)]))
}

const TERM_OF: Readonly<Record<Exclude<Ending, 'moved'>, Term>> = { discharged: 'Discharged', died: 'Died', left: 'Left' }

function peopleMarks(read: DayRead): Mark[] {
  const { span, picture, stays, changes, imports, people } = read
  const statusAt = statusesOf(read)
  const of = (id: string, figure: UnitFigure): Mark => ({ unit: people.get(id)?.unit ?? '', figure })
  const isInCareUntil = (id: string, at: Date) =>
    stays.some(({ person, beganAt, endedAt }) => person === id && beganAt < at && (endedAt === null || endedAt >= at))
  const brought = (stay: DayRead['stays'][number]) => isBrought(imports, { at: stay.beganRecordedAt, by: stay.beganRecordedBy })
  return [
    ...stays.filter((stay) => isOpenAt(stay, span.from)).map(({ person }) => of(person, `${statusAt(person, span.from)}Before`)),
    ...comings(stays, span).map((stay) => of(stay.person, `${statusAt(stay.person, stay.beganAt)}${brought(stay) ? 'Brought' : 'Admitted'}`)),
    ...changes.filter(({ id, at, was, is }) => was !== null && was !== is && isInCareUntil(id, at))
      .flatMap(({ id, was, is }) => [of(id, `${was ?? is}Ceased`), of(id, `${is}Became`)]),
    ...goings(stays, span).map(({ person, endedAt, ending }) => of(person, `${statusAt(person, endedAt)}${TERM_OF[ending]}`)),
    ...newlyConfirmed(read).map((id) => of(id, 'newlyConfirmed')),
    ...Object.values(picture.cases).flatMap(({ unit, status, severity, place, waitingSince }) => [
      { unit, figure: `${status}Now` as const },
      ...(status === 'confirmed' ? [{ unit, figure: figureOf(severity) }] : []),
      ...(status === 'confirmed' && picture.places[place]?.kind === 'centralisedTreatmentHospital' ? [{ unit, figure: 'confirmedCentralised' as const }] : []),
      ...(waitingSince !== null ? [{ unit, figure: 'requestsWaiting' as const }] : []),
    ]),
  ]
}

/** Whoever is a confirmed case at the cut-off and was none at the beginning of the day, in care or not. */
export function newlyConfirmed({ changes }: Pick<DayRead, 'changes'>): string[] {
  const own = new Map<string, { first: DayRead['changes'][number]; last: DayRead['changes'][number] }>()
  for (const change of changes) own.set(change.id, { first: own.get(change.id)?.first ?? change, last: change })
  // What an import brought has long been so.
  return [...own].filter(([, { first, last }]) => (first.brought ? first.is : first.was) !== 'confirmed' && last.is === 'confirmed').map(([id]) => id)
}

const LEFT_ISOLATION: Readonly<Record<Exclude<IsolationEnding, 'moved'>, ContactFigure>> = {
  released: 'isolatedReleased', positive: 'isolatedPositive', hospitalised: 'isolatedOtherwise', left: 'isolatedOtherwise', died: 'isolatedOtherwise',
}

function isolationMarks({ span, isolations, unitsOfContacts }: DayRead): Mark[] {
  const of = (id: string, figure: ContactFigure): Mark => ({ unit: unitsOfContacts.get(id) ?? '', figure })
  return [
    ...isolations.filter((stay) => isOpenAt(stay, span.from)).map(({ person }) => of(person, 'isolatedBefore')),
    ...comings(isolations, span).map(({ person }) => of(person, 'isolatedBegan')),
    ...goings(isolations, span).map(({ person, ending }) => of(person, LEFT_ISOLATION[ending])),
    ...isolations.filter((stay) => isOpenAt(stay, span.to)).map(({ person }) => of(person, 'isolatedNow')),
  ]
}

/** Steps that a day counts; the others leave an order where it was. */
const COUNTED: Readonly<Partial<Record<StepName, OrderFigure>>> = {
  issue: 'ordersIssued', dispatch: 'ordersDispatched', arrive: 'ordersArrived', cancel: 'ordersCancelled', unwilling: 'ordersCancelled', turnBack: 'ordersCancelled',
  expire: 'ordersExpired', uphold: 'ordersRelieved', die: 'ordersDied',
}

function orderMarks({ steps, ordersBefore, ordersNow, people }: DayRead): Mark[] {
  const of = (patient: string, figure: OrderFigure): Mark => ({ unit: people.get(patient)?.unit ?? '', figure })
  return [
    ...ordersBefore.map((patient) => of(patient, 'ordersBefore')),
    ...steps.flatMap(({ patient, step }) => {
      const figure = COUNTED[step]
      return figure === undefined ? [] : [of(patient, figure)]
    }),
    ...ordersNow.map((patient) => of(patient, 'ordersNow')),
  ]
}
