import { named, promised } from './modelBeds.js'
import { type Draw } from './modelChance.js'
import { PEOPLE, personRow, POOLS } from './modelCity.js'
import { asks, at, type DrawCommand, moment, rather, said } from './modelDrawCommon.js'
import { phoneOf } from './modelDrawOrders.js'
import { idsOf, isLive, openStayOf, present, type State } from './modelState.js'
import { type Command, DAY, type Fields, HOUR, isCount, MINUTE, read, written } from './modelWords.js'

const SOURCES = ['ward book', '通报']
const source = (draw: Draw): Fields => (draw.chance(40) ? { source: draw.of(SOURCES) } : {})
/** A case that there is, rather one who lies somewhere. */
const someCase = (draw: Draw, state: State): string => (draw.chance(3) ? 'U1-99' : rather(draw, idsOf(state, 'cases'), 80, (id) => openStayOf(state, id) !== undefined) ?? 'U1-99')

export const putPerson: DrawCommand = (draw, state) => {
  const id = draw.of([...PEOPLE, 'U2-3'])
  const assessed = draw.chance(70) ? written(state.now - draw.below(3 * HOUR)) : null
  const stands = present(state, 'cases', id)?.body
  const same = stands === undefined || draw.chance(10) ? {} : keptOf(stands)
  const body = { ...personRow(draw, id, assessed), ...same, source: draw.of(SOURCES), ...(draw.chance(20) ? { assumed: draw.of([['severity', 'fitness'], ['*']]) } : {}), ...(draw.chance(30) ? { asOf: moment(draw, state, [stands?.['asOf']]) ?? null } : {}) }
  return asks('putCase', id, draw.chance(8) ? { ...body, unit: 'U9' } : draw.chance(6) ? { ...body, severity: 'mild' } : draw.chance(8) ? { ...body, waitingSince: written(state.now + (draw.chance(20) ? HOUR : -HOUR)) } : body)
}

/** What a full report of somebody leaves as it stands. */
export const keptOf = ({ fitness, fitnessAssessedAt, fitnessValidUntil, waitingSince, travelExceptionUntil }: Fields): Fields =>
  ({ fitness, fitnessAssessedAt, fitnessValidUntil, waitingSince, travelExceptionUntil })

export const requestTransfer: DrawCommand = (draw, state) => {
  const id = someCase(draw, state)
  const ends = [...state.stays.values()].flatMap(({ person, end }) => (person === id && end !== null ? [end.at] : []))
  const when = draw.chance(4) ? written(state.now - draw.of([7, 8]) * DAY) : moment(draw, state, [present(state, 'cases', id)?.effectiveAt, ...ends.slice(-1)])
  return asks('requestTransfer', id, { ...at(when), ...source(draw) })
}
export const withdrawRequest: DrawCommand = (draw, state) => {
  const ids = idsOf(state, 'cases')
  const waits = (one: string) => present(state, 'cases', one)?.body['waitingSince'] !== null
  const isOrdered = (one: string) => [...state.orders.values()].some(({ patient, now }) => patient === one && isLive(now.state))
  const id = rather(draw, ids, 60, (one) => waits(one) && (draw.chance(50) || isOrdered(one))) ?? 'U1-99'
  return asks('withdrawRequest', id, { ...at(moment(draw, state, [])), ...source(draw) })
}
export const reassess: DrawCommand = (draw, state) => {
  const id = someCase(draw, state)
  const { asOf } = present(state, 'cases', id)?.body ?? {}
  const severity = draw.of(['ordinary', 'ordinary', 'ordinary', 'severe', 'critical', 'mild'])
  const when = asOf != null && draw.chance(15) ? written(read(asOf) - MINUTE) : moment(draw, state, [asOf], 25)
  return asks('reassessCase', id, { severity, ...(draw.chance(25) ? { status: draw.of(['confirmed', 'suspected']) } : {}), ...at(when), ...source(draw) })
}
export const assess: DrawCommand = (draw, state) => {
  const id = someCase(draw, state)
  const last = present(state, 'cases', id)?.body['fitnessAssessedAt']
  const assessedAt = moment(draw, state, [last], 30) ?? written(state.now)
  const until = draw.chance(40) ? { validUntil: draw.chance(10) ? written(state.now - 30 * HOUR) : said(draw, state.now + draw.below(12 * HOUR)) } : {}
  return asks('assessFitness', id, { fitness: draw.chance(85) ? 'fit' : 'unfit', assessedAt, ...until, assessors: ['icu-2', 'resp-1'], ...source(draw) })
}
/** Whoever may go far, rather one who is to go soon: for hours, or for too long. */
export const exception: DrawCommand = (draw, state) => {
  const id = draw.chance(6) ? 'U1-99' : someCase(draw, state)
  const stands = present(state, 'cases', id)?.body['travelExceptionUntil'] ?? null
  const until = draw.chance(20) ? null : stands !== null && draw.chance(20) ? stands
    : written(state.now + (draw.chance(15) ? draw.of([-HOUR, 26 * HOUR, 8 * DAY]) : draw.below(23 * HOUR) + MINUTE))
  return asks('signTravelException', id, { until, ...(draw.chance(40) ? phoneOf(draw, state, 8) : {}), ...source(draw) })
}

/** Of whoever may go far: they get worse, or need it no more. Of whoever is ill: what was judged, or asked for, before is told late. */
export function ofTheTold(draw: Draw, state: State): DrawCommand[] {
  const bodies = idsOf(state, 'cases').map((id) => ({ id, body: present(state, 'cases', id)?.body ?? {} }))
  const excepted = bodies.filter(({ body }) => body['travelExceptionUntil'] != null)
  const ill = bodies.filter(({ body }) => ['severe', 'critical'].includes(String(body['severity'])) && body['asOf'] != null)
  const gone = [...state.stays.values()].flatMap(({ person, end }) => (end !== null && present(state, 'cases', person)?.body['waitingSince'] === null ? [{ person, end }] : []))
  const before = (moment: number) => written(moment - MINUTE)
  return [
    ...(excepted.length === 0 ? [] : [(): Command => {
      const { id } = draw.of(excepted)
      return draw.chance(60) ? asks('reassessCase', id, { severity: draw.of(['critical', 'severe']) }) : asks('signTravelException', id, { until: null })
    }]),
    ...(ill.length === 0 || draw.chance(75) ? [] : [(): Command => {
      const { id, body } = draw.of(ill)
      return asks('assessFitness', id, { fitness: 'fit', assessedAt: before(read(body['asOf'])), assessors: ['icu-2', 'resp-1'] })
    }]),
    ...(gone.length === 0 || draw.chance(75) ? [] : [(): Command => {
      const { person, end } = draw.of(gone)
      return asks('requestTransfer', person, { at: before(end.at) })
    }]),
  ]
}

const figure = (draw: Draw, most: number): number | string => (draw.chance(6) ? 'unknown' : draw.below(most + 1))
/** A count as it may be: near what is known, or so few that somebody is missed, or so many that promises do not fit. */
function count(draw: Draw, state: State, pool: string): Fields {
  const beds = POOLS[pool]?.[3] ?? 2
  const { physical } = present(state, 'pools', pool)?.body ?? {}
  const lying = named(state, pool)
  const occupied = draw.chance(5) ? 'unknown' : draw.chance(60) ? lying + draw.below(2) : draw.chance(30) ? Math.max(0, lying - 1) : figure(draw, beds + 1)
  // A census may find beds taken that dispatch has promised.
  if (promised(state, pool) > 0 && draw.chance(35)) return { staffed: beds, occupied: beds - draw.below(2), physical: beds + 1 }
  const staffed = draw.chance(68) ? Math.min(beds, isCount(physical) ? physical : beds) : figure(draw, beds + 1)
  return { staffed, occupied, ...(draw.chance(20) ? { physical: beds + draw.below(2) } : {}), ...(draw.chance(15) ? { held: figure(draw, 1) } : {}) }
}
function told(draw: Draw, state: State, near: readonly unknown[]): Fields {
  const asOf = moment(draw, state, near)
  return {
    ...(asOf === undefined ? {} : { asOf }), ...source(draw), ...(draw.chance(20) ? { onBehalf: { calledPost: 'night-desk', answeredPost: 'ward-2' } } : {}),
  }
}

export const reportBeds: DrawCommand = (draw, state) => {
  const id = draw.chance(3) ? 'nowhere' : rather(draw, Object.keys(POOLS), 40, (pool) => promised(state, pool) > 0 || present(state, 'pools', pool)?.body['occupied'] === 'unknown') ?? 'nowhere'
  const record = present(state, 'pools', id)
  const inRooms = [...state.rooms.values()].filter(({ pool }) => pool === id)
  return asks('reportBeds', id, { ...count(draw, state, id), ...told(draw, state, [record?.body['asOf'], record?.effectiveAt, ...inRooms.flatMap(({ began, end }) => [began, end?.at])]) })
}
export const reportPlace: DrawCommand = (draw, state) => {
  const place = draw.chance(4) ? 'nowhere' : draw.of(idsOf(state, 'places'))
  const own = idsOf(state, 'pools').filter((id) => present(state, 'pools', id)?.body['place'] === place)
  const named = draw.chance(90) ? own : draw.chance(50) ? own.slice(1) : [...own, 'nowhere']
  const times = own.flatMap((id) => present(state, 'pools', id)?.body['asOf'] ?? [])
  return asks('reportPlace', place, { pools: Object.fromEntries(named.map((id) => [id, count(draw, state, id)])), ...told(draw, state, times) })
}

/** A bed of the city, mostly by its pool. */
function bed(draw: Draw, state: State): Fields {
  const pool = draw.of(Object.keys(POOLS))
  const place = present(state, 'pools', pool)?.body['place'] ?? 'nowhere'
  return draw.chance(8) ? { place: draw.of(idsOf(state, 'places')), pool } : draw.chance(10) ? { place, pool: null } : { place, pool }
}
const timesOf = (state: State, pool: unknown): unknown[] => [present(state, 'pools', String(pool))?.body['asOf']]

export const admit: DrawCommand = (draw, state) => {
  const person = rather(draw, idsOf(state, 'cases'), 92, (id) => openStayOf(state, id) === undefined) ?? 'U1-99'
  const odd = draw.chance(50) ? (pool: string) => promised(state, pool) > 0 : (pool: string) => Number(present(state, 'pools', pool)?.body['occupied']) < named(state, pool)
  const pools = Object.keys(POOLS).filter(odd)
  const pool = pools.length > 0 && draw.chance(45) ? draw.of(pools) : null
  const where: Fields = pool === null ? bed(draw, state) : { place: present(state, 'pools', pool)?.body['place'], pool }
  const left = [...state.stays.values()].filter((stay) => stay.person === person).map((stay) => stay.end?.at ?? stay.began)
  return asks('admit', null, { case: person, ...where, ...at(moment(draw, state, [...left.slice(-1), ...timesOf(state, where['pool'])])) })
}
/** Rather one whom an order or a plan is about: by hand they go elsewhere. */
function someStay(draw: Draw, state: State) {
  const stays = [...state.stays.values()]
  const isAbout = (person: string) => [...state.orders.values()].some(({ patient }) => patient === person)
  return draw.chance(3) ? undefined : rather(draw, draw.chance(90) ? stays.filter(({ end }) => end === null) : stays, 50, ({ person }) => isAbout(person))
}
export const move: DrawCommand = (draw, state) => {
  const stay = someStay(draw, state)
  const order = [...state.orders.values()].find(({ patient, now }) => patient === stay?.person && isLive(now.state))
  const where = order !== undefined && draw.chance(35) ? { place: order.now.toPlace, pool: order.now.pool } : bed(draw, state)
  return asks('move', stay?.id ?? 'no-stay', { ...where, ...at(moment(draw, state, [stay?.began, ...timesOf(state, where.pool)], 60)) })
}
export const end: DrawCommand = (draw, state) => {
  const stay = someStay(draw, state)
  return asks('endStay', stay?.id ?? 'no-stay', { ending: draw.of(['discharged', 'died', 'left']), ...at(moment(draw, state, [stay?.began, stay === undefined ? undefined : stay.began + MINUTE], 60)) })
}
