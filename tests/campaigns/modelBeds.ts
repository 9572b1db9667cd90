import { type Act, done, found, keep, match, matchIfGiven, needs, No, note, when } from './modelAct.js'
import { recordOut } from './modelOut.js'
import { atPlace } from './modelRoles.js'
import { idsOf, isLive, present, type State, type Stay, type Version } from './modelState.js'
import { stated } from './modelStated.js'
import { type Answered, type Fields, isCount, ofCodePoints, orNought, read, written } from './modelWords.js'

export const NOBODY_COUNTED: Fields = { physical: 'unknown', staffed: 'unknown', occupied: 'unknown', held: 'unknown', asOf: null }

const figuresOf = (state: State, pool: string): Fields => present(state, 'pools', pool)?.body ?? { ...NOBODY_COUNTED, oxygenBeds: 'unknown' }

/** Everyone who lies in a pool by name, cases and contacts alike. */
const lyingIn = (state: State, pool: string): Stay[] => [...state.stays.values(), ...state.rooms.values()].filter((stay) => stay.pool === pool)
export const named = (state: State, pool: string): number => lyingIn(state, pool).filter(({ end }) => end === null).length

/** Of when the people of a pool were counted. A count that came without a time is of when the pool first came. */
export function countedAt(state: State, pool: string): number | null {
  const { asOf, occupied } = figuresOf(state, pool)
  if (asOf !== null && asOf !== undefined) return read(asOf)
  return isCount(occupied) ? state.records.pools.get(pool)?.[0]?.effectiveAt ?? null : null
}

/** Beds that dispatch has promised: one for every order that stands, and those of reliefs until they are lifted. */
export function promised({ orders, reliefs }: State, pool: string): number {
  const ofOrders = [...orders.values()].filter(({ now }) => now.pool === pool && isLive(now.state)).length
  return [...reliefs.values()].filter((relief) => relief.pool === pool && relief.lifted === null).reduce((sum, { beds }) => sum + beds, ofOrders)
}
/** With those that the place itself has promised, as far as it said. */
const held = (state: State, pool: string): number => orNought(figuresOf(state, pool)['held']) + promised(state, pool)

/** Everyone in the pool; null: nobody counted. */
const peopleIn = (state: State, pool: string): number | null => {
  const { occupied } = figuresOf(state, pool)
  return isCount(occupied) ? Math.max(occupied, named(state, pool)) : null
}

/** Beds that may still be given to somebody; null: nobody knows. */
export function bedsLeft(state: State, pool: string): number | null {
  const { physical, staffed, oxygenBeds } = figuresOf(state, pool)
  const people = peopleIn(state, pool)
  if (!isCount(staffed) || people === null) return null
  return Math.min(...[staffed, physical, oxygenBeds].filter(isCount)) - people - held(state, pool)
}

/** Beds that a plan may give away, and a site has free: of what is left, those that are protected are kept. */
export function bedsFree(state: State, pool: string): number | null {
  const { physical, held: own, protected: kept, oxygenBeds } = figuresOf(state, pool)
  const left = bedsLeft(state, pool)
  if (left === null || !isCount(physical) || !isCount(own)) return null
  return (oxygenBeds === 'unknown' ? Math.min(left, 0 - (peopleIn(state, pool) ?? 0) - held(state, pool)) : left) - Number(kept)
}

/** What nobody has told of a pool; while there is anything, nobody knows how many beds are free. */
const lackingIn = (figures: Fields): string[] => ['physical', 'staffed', 'occupied', 'held'].filter((figure) => !isCount(figures[figure]))
export const notReported = (state: State, pool: string): string[] => lackingIn(figuresOf(state, pool))

/** The book of a pool, as far as it is compared. Every bed is in one account, and all of them sum to nought. */
export function bookOut(state: State, pool: string): Fields {
  const { physical, staffed, occupied } = figuresOf(state, pool)
  const [people, lying, given] = [peopleIn(state, pool), named(state, pool), held(state, pool)]
  const free = isCount(staffed) && people !== null ? staffed - people : null
  const covered = Math.max(free ?? 0, given)
  const unstaffed = isCount(physical) && isCount(staffed) ? Math.max(0, physical - staffed) : null
  const inside: [string, number, boolean, number][] = [
    ['free', covered, free !== null, given], ['named', lying, true, 0], ['overfull', (free ?? 0) - covered, true, 0],
    ['unnamed', (people ?? lying) - lying, people !== null, 0], ['unstaffed', unstaffed ?? 0, unstaffed !== null, 0],
  ]
  const outside = 0 - inside.reduce((sum, [, balance]) => sum + balance, 0)
  return {
    pool, people, named: lying, countedBelowNamed: isCount(occupied) ? Math.max(0, lying - occupied) : 0, bedsLeft: bedsLeft(state, pool),
    accounts: [...inside, ['outside', outside === 0 ? 0 : outside, true, 0] as const]
      .map(([account, balance, counted, promises]) => ({ account, balance, counted, held: promises })).sort((a, b) => ofCodePoints(a.account, b.account)),
  }
}

/** The place is there and the pool, where one is named, is of that place; where the pool is elsewhere and out of reach, it is as if there were none. */
export function checkBed({ state, reach }: Act, place: unknown, pool: unknown): void {
  needs(present(state, 'places', String(place)) !== undefined, 'unknownReference')
  if (pool === null) return
  const of = present(state, 'pools', String(pool))
  needs(of !== undefined && (of.body['place'] === place || atPlace(reach, of.body['place'])), 'unknownReference')
  needs(of?.body['place'] === place, 'wrongReference')
}

/**
 * Somebody comes into a pool. Who was there when it was last counted is one of the counted; for anybody else there has to
 * be a bed, unless one was promised to them.
 */
export function comeIn(act: Act, pool: string, at: number, hasPromise = false): void {
  const { state, reached } = act
  const body = figuresOf(state, pool)
  const { occupied } = body
  const counted = countedAt(state, pool)
  const lying = named(state, pool)
  const left = bedsLeft(state, pool)
  const isCounted = isCount(occupied) && counted !== null && at <= counted && occupied > lying
  if (isCounted) reached('arrival counted by an earlier census')
  else if (!hasPromise && left !== null && left < 1) {
    if (left + held(state, pool) >= 1) reached(promised(state, pool) > 0 ? 'the last bed is promised by dispatch' : 'the last bed is promised')
    throw new No('noFreeBed')
  } else if (!isCount(occupied)) reached('arrival where nobody counted')
  else if (occupied < lying) reached('arrival behind a census that missed somebody')
  if (hasPromise && left !== null && left < 0) reached('arrival on a promise in an overfull pool')
  keep(act, 'pools', { id: pool, body: isCounted || !isCount(occupied) ? body : { ...body, occupied: Math.max(occupied, lying) + 1 }, at, more: 1 })
}

/** Somebody leaves a pool. A later count has left them out already. */
export function goOut(act: Act, pool: string, at: number): void {
  const { state, reached } = act
  const body = figuresOf(state, pool)
  const { occupied } = body
  const counted = countedAt(state, pool)
  const wasCounted = counted !== null && at <= counted
  if (wasCounted) reached('departure counted by an earlier census')
  else if (isCount(occupied) && occupied < named(state, pool)) reached('departure of one whom the census missed')
  const takes = isCount(occupied) && !wasCounted && occupied >= named(state, pool)
  keep(act, 'pools', { id: pool, body: takes ? { ...body, occupied: occupied - 1 } : body, at, more: -1 })
}

export function reportBeds(act: Act, id: string, said: Fields): Answered {
  needs(atPlace(act.reach, found(act, 'pools', id).body['place']), 'notFound')
  matchIfGiven(act, found(act, 'pools', id).version)
  return done(reported(act, counted(act, id, said), said))
}

/** The count as it is answered, with what should be looked at again. Who came or left since is not of what was told. */
function reported({ state }: Act, version: Version, { occupied }: Fields): Fields {
  const { physical, staffed } = version.body
  const lying = named(state, version.id)
  const [promises, people] = [held(state, version.id), isCount(occupied) ? Math.max(occupied, lying) : null]
  const beyond = (most: unknown) => (isCount(occupied) && isCount(most) ? occupied - most : 0)
  const lacking = isCount(staffed) && people !== null ? promises - Math.max(0, staffed - people) : 0
  const remarks: [string, number][] = [
    ['overPhysical', beyond(physical)], ['overStaffed', beyond(physical) > 0 ? 0 : beyond(staffed)], ['belowNamed', isCount(occupied) ? lying - occupied : 0],
    ['promisedWithoutBed', lacking],
  ]
  return { ...recordOut(version), unknown: lackingIn(version.body), remarks: remarks.filter(([, count]) => count > 0).map(([kind, count]) => ({ kind, count })) }
}

/** Every pool of the place in one word, all of them or none. */
export function reportPlace(act: Act, place: string, { pools, ...told }: Fields): Answered {
  needs(atPlace(act.reach, place), 'notFound')
  found(act, 'places', place)
  const counts = pools as Readonly<Record<string, Fields>>
  const there = idsOf(act.state, 'pools').filter((id) => present(act.state, 'pools', id)?.body['place'] === place).sort(ofCodePoints)
  const wrong = [...there.filter((id) => counts[id] === undefined), ...Object.keys(counts).filter((id) => !there.includes(id))]
  needs(wrong.length === 0, 'wrongReference', wrong.map(pointerTo))
  const refused: { id: string; code: string }[] = []
  const versions = there.flatMap((id) => {
    try {
      return [reported(act, counted(act, id, { ...counts[id], ...told }), counts[id] ?? {})]
    } catch (no) {
      if (!(no instanceof No)) throw no
      refused.push({ id, code: no.code })
      return []
    }
  })
  const [first] = refused
  if (first !== undefined) throw new No(first.code, refused.map(({ id }) => pointerTo(id)))
  return done({ pools: versions })
}

const pointerTo = (pool: string): string => `/pools/${pool.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** One count: what is not said stays as it was, and who came or left since is counted in. */
function counted(act: Act, id: string, said: Fields): Version {
  const { state, reached } = act
  const before = found(act, 'pools', id)
  const { body } = before
  const at = when(act, said['asOf'])
  const last = countedAt(state, id)
  if (last !== null && at < last) {
    reached('late report')
    throw new No('figureIsOlder')
  }
  const { physical = body['physical'], staffed, occupied, held: own = body['held'] } = said
  needs(!(isCount(physical) && isCount(staffed) && staffed > physical), 'wrongFigure')
  const wasCounted = state.records.pools.get(id)?.some((version) => isCount(version.body['occupied']))
  if (!isCount(body['occupied']) && wasCounted === true && isCount(occupied)) reached('unknown, then known again')
  if (isCount(occupied) && occupied < named(state, id)) reached('census below the named')
  if (at < before.effectiveAt) reached('report of before the last change')
  const { assumed } = stated(body, said, 'pools')
  const after = { ...body, physical, staffed, occupied: afterwards(act, id, occupied, at), held: own, source: sourceOf(act, said), assumed, asOf: written(at) }
  const kept = keep(act, 'pools', { id, body: after, at })
  if ((bedsLeft(state, id) ?? 0) + held(state, id) < 0) reached('overfull pool')
  if (promised(state, id) > 0 && (bedsLeft(state, id) ?? 0) < 0) reached('census over what dispatch has promised')
  note(act, 'beds.reported', 'pools', id)
  return kept
}

function sourceOf({ by, reached }: Act, { source = `report by ${by}`, onBehalf }: Fields): string {
  if (onBehalf === undefined) return String(source)
  reached('report by telephone')
  const { calledPost, answeredPost } = onBehalf as Readonly<Record<string, string>>
  return `${String(source)}; by telephone, ${calledPost} called, ${answeredPost} answered`
}

/** A count of an earlier moment, with whoever came and left since. */
function afterwards({ state, reached }: Act, pool: string, occupied: unknown, at: number): unknown {
  if (!isCount(occupied)) return occupied
  const came = lyingIn(state, pool).filter(({ began }) => began > at).length
  const left = lyingIn(state, pool).filter(({ end }) => end !== null && end.at > at).length
  if (came !== left) reached('report of before somebody came or left')
  return Math.max(0, occupied + came - left)
}

/** What a pool is; its figures change by counts and stays only. */
export function putPool(act: Act, id: string, body: Fields): Answered {
  const { state, reach } = act
  needs(atPlace(reach, body['place']), 'forbidden')
  const before = present(state, 'pools', id)
  needs(before === undefined || atPlace(reach, before.body['place']), 'alreadyExists')
  match(act, before?.version ?? null)
  const at = when(act, body['asOf'])
  const { physical, staffed, occupied, held: own, asOf } = before?.body ?? NOBODY_COUNTED
  const { place, block } = body
  // Whoever lies there, or has lain there, was at the place that the pool then had; and who is on the way goes there.
  needs(!lyingIn(state, id).some((stay) => stay.place !== place), 'wrongReference')
  needs(![...state.orders.values()].some(({ now }) => now.pool === id && now.toPlace !== place), 'wrongReference')
  needs(present(state, 'places', String(place)) !== undefined, 'unknownReference')
  needs(block === null || present(state, 'reserve-blocks', String(block))?.body['place'] === place, 'wrongReference')
  const kept = keep(act, 'pools', { id, body: { ...body, physical, staffed, occupied, held: own, asOf }, at })
  note(act, 'put', 'pools', id)
  return done(recordOut(kept), before === undefined ? 201 : 200)
}
