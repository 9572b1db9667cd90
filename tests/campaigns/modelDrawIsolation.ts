import { type Draw } from './modelChance.js'
import { asks, at, type DrawCommand, moment, rather } from './modelDrawCommon.js'
import { untilOf } from './modelEditions.js'
import { idsOf, openRoomOf, present, type State } from './modelState.js'
import { type Command, dayLater, dayOf, type Fields, midnightOf, MINUTE } from './modelWords.js'

const CONTACTS = ['U1-M1', 'U1-M2', 'U1-M3', 'U1-M4', 'U2-M1', 'U2-M2']
/** Their last exposure is so long ago that some may be released on the first day, others a day later. */
const EXPOSURES = ['2020-01-12', '2020-01-13', '2020-01-14', '2020-01-14', '2020-01-15', '2020-01-15', '2020-01-16', '2020-01-25', '2020-01-25', '2020-02-20']

export const announce: DrawCommand = (draw, state) => {
  const id = rather(draw, CONTACTS, 60, (one) => present(state, 'contacts', one) === undefined) ?? 'U1-M1'
  const unit = draw.chance(94) ? id.slice(0, 2) : draw.of(['U2', 'U9'])
  const stands = present(state, 'contacts', id)?.body
  const same = stands !== undefined && draw.chance(60) ? { kind: stands['kind'], lastExposure: stands['lastExposure'] } : {}
  const expectedOn = draw.of(['2020-01-28', '2020-01-28', '2020-01-29', '2020-01-30', draw.chance(70) ? '2020-01-10' : '2020-01-28'])
  return asks('putContact', draw.chance(2) ? `${unit}-` : unit === 'U9' ? 'U9-M1' : id, {
    unit, kind: draw.chance(6) ? 'secondaryContact' : draw.of(['closeContact', 'closeContact', 'arrival']), lastExposure: draw.of(EXPOSURES), ...same, expectedOn,
    site: draw.of([null, 'site', 'site', 'inn', draw.chance(20) ? 'nowhere' : 'inn']), source: 'CDC', ...(draw.chance(20) ? { asOf: moment(draw, state, []) ?? null } : {}),
  })
}

type Stand = 'announced' | 'in' | 'out' | 'over'
function standOf(state: State, id: string): Stand {
  const { certificate, withdrawn, case: become, edition } = present(state, 'contacts', id)?.body ?? {}
  if (certificate !== null || withdrawn === true || become !== null) return 'over'
  return openRoomOf(state, id) !== undefined ? 'in' : edition === null ? 'announced' : 'out'
}
/** A contact, rather one of whom this can be done. */
const one = (draw: Draw, state: State, stands: readonly Stand[], percent = 80): string =>
  (draw.chance(2) ? 'U1-M99' : rather(draw, idsOf(state, 'contacts'), percent, (id) => stands.includes(standOf(state, id))) ?? 'U1-M1')

const room = (draw: Draw): Fields => draw.of<Fields>([
  { place: 'site', pool: 'site/room' }, { place: 'site', pool: 'site/room' }, { place: 'inn', pool: 'inn/room' }, { place: 'dist', pool: 'dist/obs' },
  draw.chance(70) ? draw.of<Fields>([{ place: 'hubA', pool: 'hubA/ordinary' }, { place: 'site', pool: 'inn/room' }, { place: 'nowhere', pool: 'site/room' }, { place: 'inn', pool: 'nowhere' }]) : { place: 'site', pool: 'site/room' },
])
const times = (state: State, id: string, pool: unknown = null): unknown[] =>
  [openRoomOf(state, id)?.began, [...state.rooms.values()].filter(({ person }) => person === id).at(-1)?.end?.at, present(state, 'pools', String(pool))?.body['asOf']]

export const withdraw: DrawCommand = (draw, state) => asks('withdrawNotice', one(draw, state, ['announced'], 45), {})
export const checkIn: DrawCommand = (draw, state) => {
  const id = one(draw, state, ['announced', 'out'])
  const where = room(draw)
  const early = draw.chance(4) ? '2020-01-12T10:00:00+08:00' : draw.chance(12) ? draw.of(['2020-01-22T10:00:00+08:00', '2020-01-20T10:00:00+08:00']) : moment(draw, state, times(state, id, where['pool']), 50)
  return asks('checkIn', id, { ...where, ...at(early) })
}
export const moveRoom: DrawCommand = (draw, state) => {
  const id = one(draw, state, ['in'])
  const where = room(draw)
  return asks('moveRoom', id, { ...where, ...at(moment(draw, state, times(state, id, where['pool']), 55)) })
}
export const leave: DrawCommand = (draw, state) => {
  const id = one(draw, state, ['in'])
  return asks('leaveRoom', id, { ending: draw.of(['hospitalised', 'left', 'died']), ...at(moment(draw, state, times(state, id), 40)) })
}
export const expose: DrawCommand = (draw, state) => {
  const id = one(draw, state, ['in', 'in', 'announced'])
  const last = String(present(state, 'contacts', id)?.body['lastExposure'] ?? '2020-01-14')
  const day = draw.of([dayOf(state.now), dayLater(last, 1), dayLater(last, -1), '2020-01-14', dayLater(dayOf(state.now), draw.chance(60) ? 1 : 0)])
  const right = draw.chance(70) ? {} : { reason: 'the CDC looked again', ...(draw.chance(40) ? { kind: draw.of(['arrival', 'closeContact', 'secondaryContact']) } : {}) }
  return asks('exposeAgain', id, { lastExposure: day, ...right })
}
/** Rather somebody whose day has passed, so that they may be released all the same. */
export const extend: DrawCommand = (draw, state) => {
  const isOver = (id: string) => openRoomOf(state, id) !== undefined && (untilOf(present(state, 'contacts', id)?.body ?? { edition: null }) ?? '9') < dayOf(state.now)
  const id = draw.chance(50) ? rather(draw, idsOf(state, 'contacts'), 90, isOver) ?? 'U1-M1' : one(draw, state, ['in'])
  return asks('extendIsolation', id, { days: draw.of([1, 1, 2]), reason: draw.of(['resultPending', 'symptoms']) })
}

const goesSoon = (state: State, id: string): boolean =>
  openRoomOf(state, id) !== undefined && Math.abs(midnightOf(untilOf(present(state, 'contacts', id)?.body ?? { edition: null }) ?? '2021-01-01') - midnightOf(dayOf(state.now))) <= 86_400_000

const isIllThere = (state: State, id: string): boolean =>
  openRoomOf(state, id) !== undefined && [...state.seen.values()].some(({ contact, body }) => contact === id && body['temperatureTenths'] === 390)
const isAnsweredThere = (state: State, id: string): boolean =>
  openRoomOf(state, id) !== undefined && ((present(state, 'contacts', id)?.body['symptomsAnswered'] ?? []) as unknown[]).length > 0

/** Whoever was ill is cleared, and looked at again or let go once they were. */
export const ofTheIll = (draw: Draw, state: State): DrawCommand[] => [
  ...(idsOf(state, 'contacts').some((id) => isIllThere(state, id)) ? [ruleOut] : []),
  ...idsOf(state, 'contacts').filter((id) => isAnsweredThere(state, id)).slice(0, 1).map((id): DrawCommand => () => {
    const { day, half } = draw.of((present(state, 'contacts', id)?.body['symptomsAnswered'] ?? []) as readonly Fields[])
    return draw.chance(70) ? asks('releaseFromIsolation', id, { signedBy: 'cdc-1' }) : asks('observeContact', id, { day, half, symptoms: ['cough'] })
  }),
]

/** Whose day comes tomorrow goes today by a correction; whose day was made earlier so is looked at and let go. */
export const ofTheShortened = (draw: Draw, state: State): DrawCommand[] => idsOf(state, 'contacts').flatMap((id): DrawCommand[] => {
  const { shortened, lastExposure, ...body } = present(state, 'contacts', id)?.body ?? {}
  const today = dayOf(state.now)
  const until = openRoomOf(state, id) === undefined ? null : untilOf({ ...body, lastExposure })
  if (until === dayLater(today, 1)) return draw.chance(25) ? [() => asks('exposeAgain', id, { lastExposure: dayLater(String(lastExposure), -1), reason: 'the CDC looked again' })] : []
  if (until === null || until > today || shortened === undefined) return []
  const release: DrawCommand = () => asks('releaseFromIsolation', id, { signedBy: 'cdc-1' })
  return [release, release, () => asks('observeContact', id, { day: today, half: 'morning', symptoms: ['none'] })]
})

/** A physician, sometimes of the post that signs releases here. */
export const ruleOut: DrawCommand = (draw, state) => {
  const id = rather(draw, idsOf(state, 'contacts'), 85, (who) => isIllThere(state, who)) ?? 'U1-M1'
  const day = draw.chance(85) ? dayOf(state.now) : dayLater(dayOf(state.now), -1)
  return asks('ruleOutSymptoms', id, { day, half: draw.of(['evening', 'evening', 'morning']), physician: draw.of(['cdc-doctor-2', 'cdc-doctor-2', 'CDC-1']), reason: 'chronic bronchitis' })
}

/** Rather somebody whose day has come, or comes tomorrow. */
export const release: DrawCommand = (draw, state) => {
  const today = dayOf(state.now)
  const isNear = (id: string) => goesSoon(state, id)
  const isExtended = (id: string) => isNear(id) && (present(state, 'contacts', id)?.body['extensions'] as unknown[]).length > 0
  const isSeen = (id: string) => isNear(id) && [...state.seen.values()].some(({ contact, day }) => contact === id && day === today)
  const id = draw.chance(90) ? rather(draw, idsOf(state, 'contacts'), 85, draw.chance(40) ? isSeen : draw.chance(40) ? isExtended : isNear) ?? 'U1-M1' : one(draw, state, ['in'])
  return asks('releaseFromIsolation', id, { signedBy: 'cdc-1', ...at(moment(draw, state, [...times(state, id), midnightOf(today), midnightOf(today) - MINUTE], 60)) })
}
export const positive: DrawCommand = (draw, state) => {
  const id = one(draw, state, draw.chance(12) ? ['announced', 'out'] : ['in'])
  const unit = id.slice(0, 2)
  const number = draw.chance(22) ? `${unit}-1` : `${draw.chance(94) ? unit : 'U9'}-P${state.records.contacts.size}${state.records.cases.size}`
  return asks('turnPositive', id, {
    case: number, status: draw.chance(85) ? 'confirmed' : 'asymptomatic', severity: draw.of(['ordinary', 'ordinary', 'severe']), ...at(moment(draw, state, times(state, id), 60)),
    ...(draw.chance(30) ? { source: 'laboratory' } : {}),
  })
}
/** Often of whoever may go soon, so that somebody has looked. */
export const observe: DrawCommand = (draw, state) => {
  const id = draw.chance(60) ? rather(draw, idsOf(state, 'contacts'), 90, (who) => goesSoon(state, who)) ?? 'U1-M1' : one(draw, state, ['in'])
  const today = dayOf(state.now)
  const day = draw.chance(85) ? today : draw.of([dayLater(today, -1), dayLater(today, -2), dayLater(today, 1)])
  const seen = draw.of<Fields>([{ temperatureTenths: 358 + draw.below(20) }, { symptoms: ['none'] }, { temperatureTenths: 390, symptoms: ['fever', 'cough'] }])
  return asks('observeContact', id, { day, half: draw.of(['morning', 'evening']), ...seen })
}

/** What an isolation begins with: some are announced, and most of them come. */
export function drawFirst(draw: Draw, state: State, step: number): Command | null {
  const id = CONTACTS[(step - 1) >> 1]
  if (id === undefined || step < 1) return null
  const stand = present(state, 'contacts', id) === undefined ? null : standOf(state, id)
  if (stand === null) {
    return asks('putContact', id, { unit: id.slice(0, 2), kind: 'closeContact', lastExposure: draw.of(EXPOSURES), expectedOn: '2020-01-28', site: draw.of([null, 'site', 'inn']), source: 'CDC' })
  }
  const pool = draw.of(['site/room', 'site/room', 'inn/room'])
  return stand === 'announced' && draw.chance(85) ? asks('checkIn', id, { place: pool.slice(0, pool.indexOf('/')), pool }) : null
}

export const ISOLATION: readonly (readonly [number, DrawCommand])[] = [
  [8, announce], [3, withdraw], [11, checkIn], [8, moveRoom], [5, leave], [5, expose], [5, extend], [10, release], [6, positive], [14, observe], [6, ruleOut],
]
