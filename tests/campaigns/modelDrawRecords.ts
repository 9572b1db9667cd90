import { named } from './modelBeds.js'
import { type Draw, weighted } from './modelChance.js'
import { cityOf } from './modelCity.js'
import { asks, at, type DrawCommand, type Drawn, idOf, moment, said, there } from './modelDrawCommon.js'
import { keptOf } from './modelDrawPeople.js'
import { openStayOf, present, type State } from './modelState.js'
import { DAY, type Fields, HOUR, isCount, type Op, written } from './modelWords.js'

/** Names with letters that addresses, sorting and the database may take amiss. */
const UNITS = ['渝中', 'U1', 'U1-x', 'z/9']
const PLACES = ['市三院', 'P/1', 'p.2', 'Ω#4']
const POOLS = ['市三院/重症', 'P/1/b', 'P/1/a', 'pool_2', 'Pool-3']
const PEOPLE = ['U1-1', 'U1-2', 'U1-x-7', 'U1-x', '渝中-004', '渝中-11', 'z/9-1', 'U1-3']
const DAYS = ['2020-01-25', '2020-01-26', '2020-01-24', '2020-02-03']
const SOURCES = ['bulletin', 'ward book', '通报']

const provenance = (draw: Draw, state: State, assumed: readonly string[]): Fields => ({
  source: draw.of(SOURCES),
  ...(draw.chance(50) ? { assumed: assumed.filter(() => draw.chance(40)) } : {}),
  ...(draw.chance(50) ? { asOf: moment(draw, state, []) ?? null } : {}),
})
const figure = (draw: Draw, most: number): number | string => (draw.chance(8) ? 'unknown' : draw.below(most + 1))
const poolsAt = (state: State, place: unknown): string[] => POOLS.filter((pool) => present(state, 'pools', pool)?.body['place'] === place)

type Put = 'putReportingUnit' | 'putPlace' | 'putPoolOfBeds' | 'putCase' | 'putIntakeDay'
const BODIES: Readonly<Record<Put, (draw: Draw, state: State, id: string) => Fields>> = {
  putReportingUnit: (draw, state, id) => ({
    name: { zh: id, en: `unit ${draw.below(9)}` }, gbt2260: draw.chance(70) ? null : draw.of(['500101', '500102']),
    ...(draw.chance(50) ? { aliases: [`${id}a`] } : {}), longitude: null, latitude: draw.of([null, 29.5]), ...provenance(draw, state, ['latitude']),
  }),
  putPlace: (draw, state, id) => ({
    name: { zh: id, en: `place ${draw.below(9)}` }, kind: draw.of(['centralisedTreatmentHospital', 'isolationSite', 'home']),
    unit: idOf(draw, there(state, 'reporting-units')), underCommand: draw.chance(80), longitude: 106.5, latitude: null, arrivalsPerHour: draw.of([6, 'unknown', 'notTracked']),
    ventilatorsFree: draw.of([0, 3, 'notTracked']), ...provenance(draw, state, ['longitude']),
  }),
  putPoolOfBeds: (draw, state, id) => ({
    place: draw.chance(75) ? present(state, 'pools', id)?.body['place'] ?? idOf(draw, there(state, 'places')) : idOf(draw, there(state, 'places')),
    block: draw.chance(3) ? 'no-block' : null, careLevel: draw.of(['intensive', 'ordinary']),
    ...(draw.chance(50) ? { attributes: ['negativePressure'] } : {}), protected: draw.of([0, 0, 0, 1]), oxygenBeds: draw.of([2, 'unknown', 'notTracked']),
    ...provenance(draw, state, ['staffed', 'occupied', 'held']),
  }),
  putCase: (draw, state, id) => {
    const assessed = draw.chance(40) ? state.now - draw.below(3 * HOUR) : null
    const unit = draw.chance(97) ? UNITS.find((one) => id.startsWith(`${one}-`) && !(one === 'U1' && id.startsWith('U1-x-'))) : draw.of(UNITS)
    const stands = present(state, 'cases', id)?.body
    const same = stands === undefined || draw.chance(10) ? {} : keptOf(stands)
    return {
      unit: unit ?? 'U1', status: draw.chance(2) ? 'asymptomatic' : draw.chance(85) ? 'confirmed' : 'suspected', severity: draw.of(['ordinary', 'severe', 'critical']),
      waitingSince: draw.chance(30) ? said(draw, state.now - draw.below(20 * HOUR) + (draw.chance(5) ? DAY : 0)) : null,
      fitness: assessed === null ? draw.of(draw.chance(4) ? ['fit'] : ['unfit', 'unknown']) : 'fit', fitnessAssessedAt: assessed === null ? null : written(assessed),
      fitnessValidUntil: assessed === null ? null : said(draw, assessed + HOUR), ...(draw.chance(50) ? { needs: ['ventilator'] } : {}),
      sex: draw.of(['female', 'male', 'unknown']), ageBand: id.endsWith('1') ? '0-14' : draw.of(['15-59', '60-79', '80+']),
      companion: id.endsWith('1') && draw.chance(60) || draw.chance(2) ? idOf(draw, there(state, 'cases')) : null, dischargeDue: draw.of([null, '2020-02-01']),
      travelExceptionUntil: null, ...same, ...provenance(draw, state, ['sex']),
    }
  },
  putIntakeDay: (draw, state) => ({ newConfirmed: figure(draw, 30), ...provenance(draw, state, ['newConfirmed']) }),
}
const IDS: Readonly<Record<Put, readonly string[]>> = { putReportingUnit: UNITS, putPlace: PLACES, putPoolOfBeds: POOLS, putCase: PEOPLE, putIntakeDay: DAYS }
const KINDS = { putReportingUnit: 'reporting-units', putPlace: 'places', putPoolOfBeds: 'pools', putCase: 'cases', putIntakeDay: 'intake' } as const

const put = (op: Put): DrawCommand => (draw, state) => {
  const isDay = op === 'putIntakeDay'
  const id = isDay && draw.chance(18) ? 'monday' : isDay && draw.chance(90) ? draw.of(DAYS.slice(0, 3)) : draw.of(IDS[op])
  return asks(op, id, BODIES[op](draw, state, id))
}

const report: DrawCommand = (draw, state) => {
  const id = idOf(draw, there(state, 'pools'))
  const before = present(state, 'pools', id)
  const asOf = moment(draw, state, [before?.body['asOf'], before?.effectiveAt])
  const occupied = draw.chance(30) ? Math.max(0, named(state, id) - draw.below(3)) : figure(draw, 4)
  return asks('reportBeds', id, {
    staffed: figure(draw, 6), occupied, ...(draw.chance(30) ? { physical: figure(draw, 7) } : {}),
    ...(draw.chance(30) ? { held: figure(draw, 2) } : {}), ...(asOf === undefined ? {} : { asOf }), ...(draw.chance(30) ? { source: draw.of(SOURCES) } : {}),
  })
}

/** A place and, mostly, one of its pools; rather often one where the census missed somebody. */
function bed(draw: Draw, state: State): Fields {
  const miscounted = POOLS.filter((pool) => {
    const occupied = present(state, 'pools', pool)?.body['occupied']
    return isCount(occupied) && occupied < named(state, pool)
  })
  if (miscounted.length > 0 && draw.chance(30)) {
    const pool = draw.of(miscounted)
    return { place: present(state, 'pools', pool)?.body['place'], pool }
  }
  const place = idOf(draw, there(state, 'places'))
  const pools = poolsAt(state, place)
  const pool = draw.chance(6) ? idOf(draw, POOLS) : pools.length === 0 || draw.chance(15) ? null : draw.of(pools)
  return pool === null && draw.chance(50) ? { place } : { place, pool }
}
const timesOf = (state: State, pool: unknown): unknown[] => [present(state, 'pools', String(pool))?.body['asOf']]

const admit: DrawCommand = (draw, state) => {
  const free = PEOPLE.filter((one) => openStayOf(state, one) === undefined && present(state, 'cases', one) !== undefined)
  const person = free.length === 0 || draw.chance(8) ? idOf(draw, PEOPLE) : draw.of(free)
  const where = bed(draw, state)
  const left = [...state.stays.values()].filter((stay) => stay.person === person).map((stay) => stay.end?.at ?? stay.began)
  return asks('admit', null, { case: person, ...where, ...at(moment(draw, state, [...left.slice(-1), ...timesOf(state, where['pool'])])) })
}

function ofStay(draw: Draw, state: State): { id: string; pool: string | null; near: unknown[] } {
  const stays = [...state.stays.values()]
  const open = stays.filter(({ end }) => end === null)
  const stay = draw.chance(4) || stays.length === 0 ? undefined : open.length > 0 && draw.chance(90) ? draw.of(open) : draw.of(stays)
  return { id: stay?.id ?? 'no-stay', pool: stay?.pool ?? null, near: stay === undefined ? [] : [stay.began, ...timesOf(state, stay.pool)] }
}

const move: DrawCommand = (draw, state) => {
  const { id, pool, near } = ofStay(draw, state)
  const where = pool !== null && draw.chance(15) ? { place: present(state, 'pools', pool)?.body['place'], pool } : bed(draw, state)
  return asks('move', id, { ...where, ...at(moment(draw, state, [...near, ...timesOf(state, where['pool' as keyof typeof where])])) })
}

const end: DrawCommand = (draw, state) => {
  const { id, near } = ofStay(draw, state)
  return asks('endStay', id, { ending: draw.of(['discharged', 'died', 'left']), ...at(moment(draw, state, near)) })
}

/** Nobody computes these. */
const ask: DrawCommand = (draw, state) => asks('askForPlan', null, draw.chance(50)
  ? { asOf: moment(draw, state, []) ?? null, planDay: '2020-01-30' }
  : { planDay: draw.chance(10) ? '2020-02-04' : '2020-01-30', seconds: 1 + draw.below(60), policy: { safeFillPerMille: 800 }, require: draw.of([null, ['severe']]) })
const cancel: DrawCommand = (draw, { runs }) => asks('cancelPlanRun', runs.size === 0 || draw.chance(5) ? 'no-run' : draw.of([...runs.keys()].slice(-3)))

const WAYS: readonly (readonly [number, DrawCommand])[] = [
  [3, put('putReportingUnit')], [3, put('putPlace')], [6, put('putPoolOfBeds')], [9, put('putCase')], [4, put('putIntakeDay')],
  [20, report], [20, admit], [16, move], [11, end], [2, ask], [1, (draw) => asks('importScenario', null, cityOf(draw))], [4, cancel],
]

/** What a sequence begins with, so that the rest has a world to act in. */
const FIRST: readonly (readonly [Put, readonly string[]])[] = [
  ['putReportingUnit', ['U1']], ['putReportingUnit', UNITS.slice(0, 3)], ['putPlace', PLACES], ['putPlace', PLACES],
  ['putPoolOfBeds', POOLS], ['putPoolOfBeds', POOLS], ['putPoolOfBeds', POOLS], ['putCase', PEOPLE], ['putCase', PEOPLE], ['putCase', PEOPLE], ['putCase', PEOPLE],
]

/** Records with odd names, put down from nothing, and who lies where. */
export function drawRecords(draw: Draw, state: State, step: number): Drawn {
  const [op, ids] = FIRST[step] ?? [undefined, []]
  const missing = op === undefined ? [] : ids.filter((id) => present(state, KINDS[op], id) === undefined)
  if (op !== undefined && missing.length > 0) {
    const id = draw.of(missing)
    return { command: asks(op, id, BODIES[op](draw, state, id)), by: 'first' }
  }
  const command = weighted(draw, WAYS)(draw, state)
  const isOfNoStay = (['move', 'endStay'] as Op[]).includes(command.op) && command.id === 'no-stay'
  const isEmpty = there(state, 'reporting-units').length + there(state, 'places').length + there(state, 'cases').length === 0
  return { command: isOfNoStay && draw.chance(80) ? admit(draw, state) : command.op === 'importScenario' && isEmpty ? ask(draw, state) : command, by: 'anybody' }
}
