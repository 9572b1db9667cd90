import type { Status } from '../cases/cases.js'
import { isOpenAt, isWithin, statusesOf } from './comings.js'
import type { Mark } from './counting.js'
import type { ContactFigure, PeopleFigure, Term, UnitFigure } from './figures.js'
import { type DayRead, isBrought } from './reading.js'
import type { Told } from './store.js'

type Happening = { readonly at: Date; readonly person: string } & (
  | { readonly kind: 'is'; readonly was: Status | null; readonly is: Status }
  | { readonly kind: 'comes'; readonly term: 'Admitted' | 'Brought' }
  | { readonly kind: 'goes'; readonly term: 'Discharged' | 'Died' | 'Left' }
)

const GOING: Readonly<Record<string, Extract<Term, 'Discharged' | 'Died' | 'Left'>>> = { discharged: 'Discharged', died: 'Died', left: 'Left' }

/**
 * The day as the journal tells it: whoever was in care at its beginning, and from there line by line, without the stays
 * that the report counts. Whom an import brought the journal does not name; those alone are taken from the stays.
 */
export function replayedPeople(read: DayRead, told: readonly Told[]): Mark[] {
  const statusAt = statusesOf(read)
  const { span, stays, people } = read
  const is = new Map([...people].map(([id]) => [id, statusAt(id, span.from)]))
  const inCare = new Set(stays.filter((stay) => isOpenAt(stay, span.from)).map(({ person }) => person))
  const marks: Mark[] = []
  const mark = (person: string, figure: PeopleFigure) => void marks.push({ unit: people.get(person)?.unit ?? '', figure })
  for (const person of inCare) mark(person, `${is.get(person) ?? 'confirmed'}Before`)
  for (const happening of happenings(read, told)) {
    const { person } = happening
    const now = is.get(person) ?? 'confirmed'
    if (happening.kind === 'is') {
      is.set(person, happening.is)
      if (!inCare.has(person) || happening.was === null || happening.was === happening.is) continue
      mark(person, `${happening.was}Ceased`)
      mark(person, `${happening.is}Became`)
    } else {
      mark(person, `${now}${happening.term}`)
      if (happening.kind === 'comes') inCare.add(person)
      else inCare.delete(person)
    }
  }
  for (const person of inCare) mark(person, `${is.get(person) ?? 'confirmed'}Now`)
  return [...marks, ...newlyConfirmedAs(read, told)]
}

/** In the order of their times: at one moment a diagnosis first, then who goes and comes, as they were written. */
function happenings({ span, changes, stays, imports }: DayRead, told: readonly Told[]): Happening[] {
  const versions = new Map(changes.map(({ id, version, at }) => [`${id} ${version}`, at]))
  const found = told.flatMap(({ kind, action, person, at, version, was, is }): Happening[] => {
    // A version's own time is that of its row; it does not go back behind the version before it.
    const of = kind === 'cases' ? versions.get(`${person} ${version}`) : undefined
    if (kind === 'cases') return of === undefined || is === null ? [] : [{ kind: 'is', at: of, person, was, is }]
    if (kind !== 'stays' || at === null || !isWithin(span, at)) return []
    const going = GOING[action]
    if (going !== undefined) return [{ kind: 'goes', at, person, term: going }]
    return action === 'admitted' ? [{ kind: 'comes', at, person, term: 'Admitted' }] : []
  })
  const brought = stays.filter((stay) => isWithin(span, stay.beganAt) && isBrought(imports, { at: stay.beganRecordedAt, by: stay.beganRecordedBy }))
    .map((stay): Happening => ({ kind: 'comes', at: stay.beganAt, person: stay.person, term: 'Brought' }))
  return [...brought, ...found].sort((a, b) => a.at.getTime() - b.at.getTime() || Number(a.kind !== 'is') - Number(b.kind !== 'is'))
}

function newlyConfirmedAs({ people, changes }: DayRead, told: readonly Told[]): Mark[] {
  const versions = new Set(changes.map(({ id, version }) => `${id} ${version}`))
  const own = new Map<string, { was: Status | null; is: Status | null }>()
  for (const { kind, person, version, was, is } of told) {
    if (kind === 'cases' && versions.has(`${person} ${version}`)) own.set(person, { was: own.has(person) ? own.get(person)?.was ?? null : was, is })
  }
  return [...own].filter(([, { was, is }]) => was !== 'confirmed' && is === 'confirmed')
    .map(([person]) => ({ unit: people.get(person)?.unit ?? '', figure: 'newlyConfirmed' as UnitFigure }))
}

const OF_ISOLATION: Readonly<Record<string, ContactFigure>> = {
  'isolation.checkedIn': 'isolatedBegan', 'isolation.released': 'isolatedReleased', 'isolation.positive': 'isolatedPositive',
  'isolation.hospitalised': 'isolatedOtherwise', 'isolation.left': 'isolatedOtherwise', 'isolation.died': 'isolatedOtherwise',
}

/** What the journal tells of isolation in the day. */
export const replayedIsolation = ({ span, unitsOfContacts }: DayRead, told: readonly Told[]): Mark[] =>
  told.flatMap(({ kind, action, person, at }): Mark[] => {
    const figure = OF_ISOLATION[action]
    return kind === 'contacts' && figure !== undefined && isWithin(span, at) ? [{ unit: unitsOfContacts.get(person) ?? '', figure }] : []
  })
