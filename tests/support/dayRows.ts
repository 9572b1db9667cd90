import type { Severity, Status } from '../../src/cases/cases.js'
import type { DayRead, Witnesses } from '../../src/day/reading.js'
import type { Told } from '../../src/day/store.js'
import { mergePatch } from '../../src/kernel/mergePatch.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { city } from './city.js'

export const at = (clock: string, day = 29): Date => new Date(`2020-01-${day}T${clock}:00+08:00`)
export const SPAN = { from: at('00:00'), to: at('00:00', 30), knownAt: at('00:20', 30) }

type Stay = DayRead['stays'][number]
type Ending = NonNullable<Stay['ending']>
const BEFORE = at('08:00', 27)
const TOLD = { beganRecordedAt: at('00:01'), beganRecordedBy: 'ward' }

/** `south-1 dist/severe 09:00 – 11:00 discharged`: who lay in which pool from when to when, and how that ended. */
export function stay(line: string): Stay {
  const [person = '', pool = '', began = '', , ended, ending] = line.split(' ')
  return {
    person, place: pool.split('/')[0] ?? '', pool, beganAt: began === 'before' ? BEFORE : at(began), ...TOLD,
    endedAt: ended === undefined ? null : at(ended), ending: ending === undefined ? null : ending as Ending,
  }
}

/** Those whom the picture of the cut-off shows: their diagnosis, how ill they are, where they lie, whether they wait. */
const LYING: Readonly<Record<string, readonly [Status, Severity, string, boolean]>> = {
  'south-1': ['confirmed', 'critical', 'hub/severe', false], 'south-2': ['confirmed', 'ordinary', 'dist/severe', true], 'south-4': ['confirmed', 'severe', 'hub/severe', false],
  'north-1': ['confirmed', 'ordinary', 'hub/severe', false], 'north-4': ['suspected', 'ordinary', 'dist/severe', true], 'north-5': ['confirmed', 'ordinary', 'dist/severe', false],
}

/** A day in which everything happens to somebody; nothing of it is symmetric. */
export function eventfulDay(): { read: DayRead; witnesses: Witnesses } {
  const cases = Object.fromEntries(Object.entries(LYING).map(([id, [status, severity, pool, waits]]) =>
    [id, { status, severity, place: pool.split('/')[0] ?? '', pool, waitingSince: waits ? '2020-01-28T10:00:00+08:00' : null }]))
  const lawful: Scenario = city({
    asOf: '2020-01-30T00:00:00+08:00', cases,
    pools: { 'hub/severe': { staffed: 21, held: 2 }, 'hub/ordinary': { staffed: 'unknown' }, 'dist/severe': { staffed: 5, occupied: 4 }, 'dist/room': { staffed: 7, occupied: 2 } },
    orders: { 'o-2': { patient: 'south-2', pool: 'hub/severe' } },
  })
  // Of an edition that knows the mild type; a report is frozen whatever edition holds.
  const picture = mergePatch(lawful, { cases: { 'north-5': { severity: 'mild' } } }) as Scenario
  const people = (ids: readonly string[], atFirst: Status) => ids.map((id) => [id, { unit: id.split('-')[0] ?? '', atFirst }] as const)
  const change = (id: string, clock: string, was: Status | null, is: Status) => ({ id, version: was === null ? 1 : 2, at: at(clock), was, is, brought: false })
  const changes = [
    change('south-4', '08:30', null, 'confirmed'), change('south-2', '10:00', 'suspected', 'confirmed'), change('south-6', '12:30', 'suspected', 'confirmed'),
    change('north-4', '17:00', 'confirmed', 'suspected'), change('north-9', '19:00', null, 'confirmed'),
  ]
  const stays = [
    'south-1 hub/severe before', 'south-2 dist/severe before', 'south-3 dist/severe before – 11:00 discharged', 'south-4 hub/severe 09:00', 'south-5 dist/severe before – 12:00 died',
    'north-1 dist/severe before – 13:00 moved', 'north-1 hub/severe 13:00', 'north-2 dist/severe before – 15:00 left', 'north-3 hub/severe 16:00 – 18:00 discharged',
    'north-4 dist/severe before', 'north-5 dist/severe 20:00', 'north-6 dist/severe 21:00 – 21:00 left',
  ].map(stay)
  const isolations = ['south-M1 dist/room before', 'south-M2 dist/room before – 09:30 released', 'north-M1 dist/room 07:00', 'north-M2 dist/room before – 20:00 positive', 'south-M3 dist/room before – 22:00 died']
    .map(stay) as unknown as DayRead['isolations']
  const step = (order: string, patient: string, name: DayRead['steps'][number]['step']) => ({ order, patient, step: name })
  const read: DayRead = {
    span: SPAN, picture, stays, isolations, changes,
    people: new Map([
      ...people(['south-1', 'south-3', 'south-4', 'north-1', 'north-3', 'north-4', 'north-5', 'north-6', 'north-9'], 'confirmed'), ...people(['south-2', 'south-5', 'south-6'], 'suspected'),
      ...people(['north-2'], 'asymptomatic'),
    ]),
    unitsOfContacts: new Map(['south-M1', 'south-M2', 'south-M3', 'north-M1', 'north-M2'].map((id) => [id, id.split('-')[0] ?? ''])),
    steps: [
      step('o-2', 'south-2', 'issue'), step('o-2', 'south-2', 'accept'), step('o-1', 'north-1', 'dispatch'), step('o-1', 'north-1', 'arrive'), step('o-3', 'north-4', 'issue'),
      step('o-3', 'north-4', 'uphold'), step('o-4', 'south-3', 'cancel'), step('o-5', 'south-5', 'expire'),
    ],
    ordersBefore: ['north-1', 'south-3', 'south-5'], ordersNow: ['south-2'], plans: [{ id: 'run-1', approvedAt: at('06:00'), approvedBy: 'group' }],
    compliance: [
      { id: 'dist', state: 'partly', pools: 2, reported: 1, missing: ['dist/room'], countedAt: null, recordedAt: null, recordedBy: [], late: false },
      { id: 'hub', state: 'missing', pools: 2, reported: 0, missing: ['hub/ordinary', 'hub/severe'], countedAt: null, recordedAt: null, recordedBy: [], late: null },
    ],
    imports: [],
  }
  return { read, witnesses: { told: [...toldOf(read)], moved: new Map([['hub/severe', 2], ['dist/severe', -3], ['dist/room', -2]]), brought: [] } }
}

/** The lines that a sound journal has of such a day. */
export function toldOf({ stays, isolations, changes }: DayRead): Told[] {
  const line = (kind: Told['kind'], action: string, person: string, when: Date): Told => ({ kind, action, person, at: when, version: null, was: null, is: null })
  const isOfDay = (when: Date | null): when is Date => when !== null && when > SPAN.from && when <= SPAN.to
  return [
    ...changes.map(({ id, version, at: when, was, is }): Told => ({ kind: 'cases', action: 'put', person: id, at: when, version, was, is })),
    ...stays.flatMap(({ person, beganAt, endedAt, ending }) => [
      ...(isOfDay(beganAt) && person !== 'north-1' ? [line('stays', 'admitted', person, beganAt)] : []),
      ...(isOfDay(endedAt) && ending !== null ? [line('stays', ending, person, endedAt)] : []),
    ]),
    ...isolations.flatMap(({ person, beganAt, endedAt, ending }) => [
      ...(isOfDay(beganAt) ? [line('contacts', 'isolation.checkedIn', person, beganAt)] : []),
      ...(isOfDay(endedAt) ? [line('contacts', `isolation.${ending}`, person, endedAt)] : []),
    ]),
  ]
}
