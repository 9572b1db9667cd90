import type { Ground } from './modelGround.js'
import { rideMusts } from './modelMustsOfRides.js'
import { allowed, type Fields } from './modelWords.js'

/** Somebody who goes to another bed. `order`: the order that stands, which they follow; moments are milliseconds. */
export interface Going {
  readonly patient: string
  readonly from: string
  readonly fromPool: string | null
  readonly to: string
  readonly pool: string
  readonly severity: unknown
  readonly careLevel: unknown
  readonly order: string | null
  readonly trip: string | null
  readonly departs: number | null
  readonly arrives: number | null
  readonly travelMinutes: number
}
export interface Trip {
  readonly id: string
  readonly vehicle: string
  readonly base: string
  readonly crew: string
  readonly patients: readonly string[]
  readonly from: string
  readonly to: string
  readonly leaves: number
  readonly departs: number
  readonly arrives: number
  readonly clean: number
}
export interface Lines { readonly moves: readonly Going[]; readonly trips: readonly Trip[] }
/** A must that does not hold, what it is about, and by how much: the same of the same is the same. */
export interface Broken { readonly rule: string; readonly subject: string; readonly how: string }

/**
 * What deciding these moves would break of the musts, with the orders that stand carried out beside them. What those break
 * by themselves was broken before, once for each time.
 */
export function brokenBy(ground: Ground, lines: Lines): Broken[] {
  const unknown = lines.moves.filter(({ pool, to }) => ground.picture.pools[pool]?.['place'] !== to)
  if (unknown.length > 0) return unknown.map(({ pool }) => ({ rule: 'known', subject: pool, how: '' }))
  const standing = standingMoves(ground)
  const before = measured(ground, { moves: standing, trips: [] }).map(nameOf)
  return measured(ground, { moves: [...standing, ...lines.moves], trips: lines.trips }).filter((one) => {
    const at = before.indexOf(nameOf(one))
    if (at >= 0) before.splice(at, 1)
    return at < 0
  })
}
const nameOf = ({ rule, subject, how }: Broken): string => JSON.stringify([rule, subject, how])

function standingMoves(ground: Ground): Going[] {
  return Object.entries(ground.picture.orders).map(([order, { patient: who, pool: to }]) => {
    const [patient, pool] = [String(who), String(to)]
    const person = ground.row('cases', patient)
    const { place, careLevel } = ground.row('pools', pool)
    return {
      patient, from: String(person['place']), fromPool: person['pool'] as string | null, to: String(place), pool, severity: person['severity'], careLevel, order,
      trip: null, departs: null, arrives: null, travelMinutes: ground.minutesBetween(person['place'], place) ?? 0,
    }
  })
}

/** Whose vehicle has left is neither judged nor called back. */
export const hasLeft = (ground: Ground, { order }: Going): boolean => order !== null && ground.picture.orders[order]?.['state'] === 'dispatched'

function measured(ground: Ground, lines: Lines): Broken[] {
  const found: Broken[] = []
  const wrongIf = (is: boolean, rule: string, subject: string, how: unknown = '') => {
    if (is) found.push({ rule, subject, how: JSON.stringify(how) })
  }
  onePlace(ground, lines, wrongIf)
  for (const going of lines.moves.filter((one) => !hasLeft(ground, one))) ofOne(ground, going, wrongIf)
  together(ground, lines, wrongIf)
  places(ground, lines, wrongIf)
  blocks(ground, lines, wrongIf)
  rideMusts(ground, lines, wrongIf)
  return found
}
export type WrongIf = (is: boolean, rule: string, subject: string, how?: unknown) => void

function onePlace(ground: Ground, { moves }: Lines, wrongIf: WrongIf): void {
  const seen = new Set<string>()
  for (const { patient, from, fromPool, pool } of moves) {
    const person = ground.row('cases', patient)
    const liesThere = person['place'] === from && person['pool'] === fromPool && pool !== fromPool
    wrongIf(seen.has(patient) || !liesThere, 'onePlace', patient, seen.has(patient))
    seen.add(patient)
  }
}

/** What is asked of one person and one bed. */
function ofOne(ground: Ground, going: Going, wrongIf: WrongIf): void {
  const { patient, from, to, pool, severity, careLevel, departs, travelMinutes } = going
  const person = ground.row('cases', patient)
  const beds = ground.row('pools', pool)
  const places = [from, to].map((place) => ground.row('places', place)['underCommand'] === true)
  wrongIf(places.includes(false), 'underCommand', places[0] === true ? to : from, [from, to])
  wrongIf(!ground.isLawfulPlace(person, to), 'lawfulPlace', patient)
  wrongIf(beds['careLevel'] !== careLevel || person['severity'] !== severity || !ground.serves(person, beds['careLevel']), 'careLevel', patient)
  const lacks = (person['needs'] as string[]).filter((need) => !(beds['attributes'] as string[]).includes(need))
  wrongIf(lacks.length > 0, 'placeNeeds', patient, lacks)
  wrongIf(person['status'] === 'suspected' && !ground.isAlone(pool), 'singleRoom', patient)
  wrongIf(!ground.mayMove(person, going), 'inpatients', patient)
  wrongIf(ground.isDischargeDue(person), 'dischargeDue', patient)
  const leaves = departs ?? ground.firstDeparture
  wrongIf(from !== to && !ground.isFitAt(person, leaves), 'fitness', patient)
  const minutes = ground.minutesBetween(from, to)
  wrongIf(minutes !== travelMinutes || (from !== to && ground.isTooFar(person, minutes, leaves)), 'travelLimit', patient, minutes)
}

/** A carer and children of one status at one place go as one, while none of them has an order. */
function together(ground: Ground, { moves }: Lines, wrongIf: WrongIf): void {
  const moveOf = (id: string) => moves.findLast(({ patient }) => patient === id)
  const way = (id: string) => JSON.stringify([moveOf(id)?.to ?? ground.row('cases', id)['place'], moveOf(id)?.trip ?? null])
  for (const [child, carer] of pairs(ground)) wrongIf(way(child) !== way(carer), 'together', child)
}
export function pairs(ground: Ground): [child: string, carer: string][] {
  const ordered = new Set(Object.values(ground.picture.orders).map(({ patient }) => patient))
  return Object.entries(ground.picture.cases).flatMap(([child, { companion, place, status }]): [string, string][] => {
    const carer = companion === null ? undefined : ground.row('cases', companion)
    const isOne = carer !== undefined && carer['place'] === place && carer['status'] === status && !ordered.has(child) && !ordered.has(companion)
    return isOne ? [[child, String(companion)]] : []
  })
}

/** Beds, step-downs and ventilators are counted over all who go. */
function places(ground: Ground, { moves }: Lines, wrongIf: WrongIf): void {
  const stepsDown = moves.filter((going) => ground.isStepDown(ground.row('cases', going.patient), going))
  for (const pool of new Set(moves.map((going) => going.pool))) {
    const coming = moves.filter((going) => going.pool === pool)
    const isFreed = (ground.bedsFree(pool) ?? -1) >= 0
    const into = coming.filter((going) => !hasLeft(ground, going)).length - (isFreed ? stepsDown.filter(({ fromPool }) => fromPool === pool).length : 0)
    const onTheRoad = Object.values(ground.picture.orders).filter((order) => order['pool'] === pool && order['state'] === 'dispatched').length
    const usable = Math.max(0, ground.usable(pool) - onTheRoad)
    wrongIf(into > usable, 'usableBeds', pool, [into, usable])
  }
  for (const pool of new Set(moves.filter(({ order }) => order === null).map(({ fromPool }) => fromPool))) {
    const down = stepsDown.filter(({ fromPool, order }) => fromPool === pool && order === null).length
    wrongIf(pool !== null && down > moves.filter((going) => going.pool === pool).length, 'inpatients', String(pool))
  }
  for (const [id, { ventilatorsFree }] of Object.entries(ground.picture.places)) {
    const needed = moves.filter(({ patient, from, to }) => to === id && from !== id && (ground.row('cases', patient)['needs'] as string[]).includes('ventilator')).length
    wrongIf(needed > allowed(ventilatorsFree), 'ventilators', id, needed)
  }
}

/** Blocks that moves would open: those into which somebody goes, and those before them in their place. */
export function blocksOpened(ground: Ground, moves: readonly Going[]): string[] {
  const entered = moves.filter((going) => !hasLeft(ground, going)).map(({ pool }) => ground.row('pools', pool)['block']).filter((block) => block !== null && !ground.isOpen(block))
  return Object.entries(ground.picture.blocks).filter(([, { opened, place, sequence }]) => opened !== true && entered.some((later) => {
    const other: Fields = ground.row('blocks', later)
    return other['place'] === place && Number(other['sequence']) >= Number(sequence)
  })).map(([id]) => id)
}

function blocks(ground: Ground, { moves }: Lines, wrongIf: WrongIf): void {
  for (const going of moves.filter((one) => !hasLeft(ground, one))) {
    const { block } = ground.row('pools', going.pool)
    wrongIf(block !== null && !ground.takesFrom(block, ground.row('cases', going.patient)), 'reserveReady', String(block), going.patient)
  }
  for (const block of blocksOpened(ground, moves)) wrongIf(!ground.isReady(block), 'reserveReady', block, 'opened')
}
