import { type Command, type Fields, isCount, type Kind, read, type Sent, written } from './modelWords.js'
import type { World } from './modelWorld.js'

/** Chance that repeats itself: the same seed draws the same again. */
export class Draw {
  private state: number
  constructor(...seeds: readonly number[]) {
    this.state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) ^ (mixed >>> 15), 0x2545f491)
    for (let i = 0; i < 8; i += 1) this.next()
  }
  /** In [0, 1): mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    const a = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    const b = (a + Math.imul(a ^ (a >>> 7), 61 | a)) ^ a
    return ((b ^ (b >>> 14)) >>> 0) / 4_294_967_296
  }
  below(count: number): number {
    return Math.floor(this.next() * count)
  }
  chance(percent: number): boolean {
    return this.next() * 100 < percent
  }
  of<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)]
    if (found === undefined && list.length === 0) throw new Error('nothing to draw from')
    return found as T
  }
}

const MINUTE = 60_000
export const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Names with letters that addresses, sorting and the database may take amiss. */
const UNITS = ['渝中', 'U1', 'U1-x', 'z/9']
const PLACES = ['市三院', 'P/1', 'p.2', 'Ω#4']
const POOLS = ['市三院/重症', 'P/1/b', 'P/1/a', 'pool_2', 'Pool-3']
const PEOPLE = ['U1-1', 'U1-2', 'U1-x-7', 'U1-x', '渝中-004', '渝中-11', 'z/9-1', 'U1-3']
const DAYS = ['2020-01-25', '2020-01-26', '2020-01-24', '2020-02-03']
const POSTS = ['local', 'ward-3', 'desk.7']
const SOURCES = ['bulletin', 'ward book', '通报']

/** A moment as somebody may write it. */
const said = (draw: Draw, moment: number): string => (draw.chance(25) ? new Date(moment).toISOString() : written(moment))

/** The present, or a moment near something that happened, or rarely one that has not come. */
function moment(draw: Draw, world: World, near: readonly unknown[]): string | undefined {
  const dice = draw.below(100)
  if (dice < 40) return undefined
  if (dice < 45) return said(draw, world.now + 1 + draw.below(2 * HOUR))
  const known = near.filter((one) => one !== null && one !== undefined).map(read)
  if (dice < 60 || known.length === 0) return said(draw, world.now - draw.below(6 * HOUR))
  return said(draw, draw.of(known) + draw.of([0, 0, 0, -1, 1, -MINUTE, MINUTE, HOUR, -HOUR]))
}

const when = (at: string | undefined): Fields => (at === undefined ? {} : { at })
const provenance = (draw: Draw, world: World, assumed: readonly string[]): Fields => ({
  source: draw.of(SOURCES),
  ...(draw.chance(50) ? { assumed: assumed.filter(() => draw.chance(40)) } : {}),
  ...(draw.chance(50) ? { asOf: moment(draw, world, []) ?? null } : {}),
})
const figure = (draw: Draw, most: number): number | string => (draw.chance(8) ? 'unknown' : draw.below(most + 1))

/** One that there is, mostly. */
const idOf = (draw: Draw, ids: readonly string[]): string => (ids.length === 0 || draw.chance(3) ? 'nowhere' : draw.of(ids))
const there = (world: World, kind: Kind): string[] => [...world.records[kind].keys()]
const poolsAt = (world: World, place: unknown): string[] => POOLS.filter((pool) => world.present('pools', pool)?.body['place'] === place)

const BODIES: Readonly<Record<Kind, (draw: Draw, world: World, id: string) => Fields>> = {
  'reporting-units': (draw, world, id) => ({
    name: { zh: id, en: `unit ${draw.below(9)}` }, gbt2260: draw.chance(70) ? null : draw.of(['500101', '500102']),
    ...(draw.chance(50) ? { aliases: [`${id}a`] } : {}), longitude: null, latitude: draw.of([null, 29.5]), ...provenance(draw, world, ['latitude']),
  }),
  places: (draw, world, id) => ({
    name: { zh: id, en: `place ${draw.below(9)}` }, kind: draw.of(['centralisedTreatmentHospital', 'isolationSite', 'home']),
    unit: idOf(draw, there(world, 'reporting-units')), underCommand: draw.chance(80), longitude: 106.5, latitude: null, arrivalsPerHour: draw.of([6, 'unknown', 'notTracked']),
    ventilatorsFree: draw.of([0, 3, 'notTracked']), ...provenance(draw, world, ['longitude']),
  }),
  pools: (draw, world, id) => ({
    place: draw.chance(75) ? world.present('pools', id)?.body['place'] ?? idOf(draw, there(world, 'places')) : idOf(draw, there(world, 'places')),
    block: draw.chance(3) ? 'no-block' : null, careLevel: draw.of(['intensive', 'ordinary']),
    ...(draw.chance(50) ? { attributes: ['negativePressure'] } : {}), protected: draw.of([0, 0, 0, 1]), oxygenBeds: draw.of([2, 'unknown', 'notTracked']),
    ...provenance(draw, world, ['staffed', 'occupied', 'held']),
  }),
  cases: (draw, world, id) => {
    const assessed = draw.chance(40) ? world.now - draw.below(3 * HOUR) : null
    const unit = draw.chance(97) ? UNITS.find((one) => id.startsWith(`${one}-`) && !(one === 'U1' && id.startsWith('U1-x-'))) : draw.of(UNITS)
    return {
      unit: unit ?? 'U1', status: draw.chance(2) ? 'asymptomatic' : draw.chance(85) ? 'confirmed' : 'suspected', severity: draw.of(['ordinary', 'severe', 'critical']),
      waitingSince: draw.chance(30) ? said(draw, world.now - draw.below(20 * HOUR) + (draw.chance(5) ? DAY : 0)) : null,
      fitness: assessed === null ? draw.of(draw.chance(4) ? ['fit'] : ['unfit', 'unknown']) : 'fit', fitnessAssessedAt: assessed === null ? null : written(assessed),
      fitnessValidUntil: assessed === null ? null : said(draw, assessed + HOUR), ...(draw.chance(50) ? { needs: ['ventilator'] } : {}),
      sex: draw.of(['female', 'male', 'unknown']), ageBand: id.endsWith('1') ? '0-14' : draw.of(['15-59', '60-79', '80+']),
      companion: id.endsWith('1') && draw.chance(60) || draw.chance(2) ? idOf(draw, there(world, 'cases')) : null, dischargeDue: draw.of([null, '2020-02-01']),
      travelExceptionUntil: null, ...provenance(draw, world, ['sex']),
    }
  },
  intake: (draw, world) => ({ newConfirmed: figure(draw, 30), ...provenance(draw, world, ['newConfirmed']) }),
}
const IDS: Readonly<Record<Kind, readonly string[]>> = { 'reporting-units': UNITS, places: PLACES, pools: POOLS, cases: PEOPLE, intake: DAYS }

function put(draw: Draw, world: World, kind: Kind): Command {
  const isDay = kind === 'intake'
  const id = isDay && draw.chance(5) ? 'monday' : isDay && draw.chance(90) ? draw.of(DAYS.slice(0, 3)) : draw.of(IDS[kind])
  return { op: 'put', kind, id, body: BODIES[kind](draw, world, id) }
}

function report(draw: Draw, world: World): Command {
  const id = idOf(draw, there(world, 'pools'))
  const before = world.present('pools', id)
  const asOf = moment(draw, world, [before?.body['asOf'], before === undefined ? null : written(before.effectiveAt)])
  const occupied = draw.chance(30) ? Math.max(0, world.named(id) - draw.below(3)) : figure(draw, 4)
  return {
    op: 'report', id, body: {
      staffed: figure(draw, 6), occupied, ...(draw.chance(30) ? { physical: figure(draw, 7) } : {}),
      ...(draw.chance(30) ? { held: figure(draw, 2) } : {}), ...(asOf === undefined ? {} : { asOf }),
      ...(draw.chance(30) ? { source: draw.of(SOURCES) } : {}),
    },
  }
}

/** Fewer were counted there than lie there by name. */
function isMiscounted(world: World, pool: string): boolean {
  const occupied = world.present('pools', pool)?.body['occupied']
  return isCount(occupied) && occupied < world.named(pool)
}

/** A place and, mostly, one of its pools; rather often one where the census missed somebody. */
function bed(draw: Draw, world: World): Fields {
  const miscounted = POOLS.filter((pool) => isMiscounted(world, pool))
  if (miscounted.length > 0 && draw.chance(30)) {
    const pool = draw.of(miscounted)
    return { place: world.present('pools', pool)?.body['place'], pool }
  }
  const place = idOf(draw, there(world, 'places'))
  const pools = poolsAt(world, place)
  const pool = draw.chance(6) ? idOf(draw, POOLS) : pools.length === 0 || draw.chance(15) ? null : draw.of(pools)
  return pool === null && draw.chance(50) ? { place } : { place, pool }
}
const timesOf = (world: World, pool: unknown): unknown[] => [world.present('pools', String(pool))?.body['asOf']]

function admit(draw: Draw, world: World): Command {
  const free = PEOPLE.filter((one) => world.openStayOf(one) === undefined && world.present('cases', one) !== undefined)
  const person = free.length === 0 || draw.chance(8) ? idOf(draw, PEOPLE) : draw.of(free)
  const where = bed(draw, world)
  const left = [...world.stays.values()].filter((stay) => stay.person === person).map((stay) => written(stay.end?.at ?? stay.began))
  return { op: 'admit', body: { case: person, ...where, ...when(moment(draw, world, [...left.slice(-1), ...timesOf(world, where['pool'])])) } }
}

function ofStay(draw: Draw, world: World): { id: string; pool: string | null; near: unknown[] } {
  const stays = [...world.stays.values()]
  const open = stays.filter(({ end }) => end === null)
  const stay = draw.chance(4) || stays.length === 0 ? undefined : open.length > 0 && draw.chance(90) ? draw.of(open) : draw.of(stays)
  return { id: stay?.id ?? 'no-stay', pool: stay?.pool ?? null, near: stay === undefined ? [] : [written(stay.began), ...timesOf(world, stay.pool)] }
}

function move(draw: Draw, world: World): Command {
  const { id, pool, near } = ofStay(draw, world)
  const stays = pool !== null && draw.chance(15)
  const where = stays ? { place: world.present('pools', pool)?.body['place'], pool } : bed(draw, world)
  return { op: 'move', id, body: { ...where, ...when(moment(draw, world, [...near, ...timesOf(world, where['pool'])])) } }
}

function end(draw: Draw, world: World): Command {
  const { id, near } = ofStay(draw, world)
  return { op: 'end', id, body: { ending: draw.of(['discharged', 'died', 'left']), ...when(moment(draw, world, near)) } }
}

function ask(draw: Draw, world: World): Command {
  return { op: 'ask', body: draw.chance(50) ? { asOf: moment(draw, world, []) ?? null, planDay: '2020-01-30' } : { planDay: '2020-01-30', seconds: 1 + draw.below(60), policy: { safeFillPerMille: 800 }, require: draw.of([null, ['severe']]) } }
}

const WEIGHTS: readonly (readonly [number, (draw: Draw, world: World) => Command])[] = [
  [2, (draw, world) => put(draw, world, 'reporting-units')], [3, (draw, world) => put(draw, world, 'places')],
  [6, (draw, world) => put(draw, world, 'pools')], [9, (draw, world) => put(draw, world, 'cases')], [3, (draw, world) => put(draw, world, 'intake')],
  [20, report], [20, admit], [16, move], [11, end], [2, ask], [1, () => ({ op: 'import' })],
  [4, (draw, world) => ({ op: 'cancel', id: world.runs.size === 0 || draw.chance(5) ? 'no-run' : draw.of([...world.runs.keys()].slice(-3)) })],
]
const TOTAL = WEIGHTS.reduce((sum, [weight]) => sum + weight, 0)

function weighted(draw: Draw, world: World): Command {
  let left = draw.below(TOTAL)
  const found = WEIGHTS.find(([weight]) => (left -= weight) < 0)
  return (found ?? WEIGHTS[0])?.[1](draw, world) ?? { op: 'import' }
}

/** What a sequence begins with, so that the rest has a world to act in. */
const FIRST: readonly (readonly [Kind, readonly string[]])[] = [
  ['reporting-units', ['U1']], ['reporting-units', UNITS.slice(0, 3)], ['places', PLACES], ['places', PLACES],
  ['pools', POOLS], ['pools', POOLS], ['pools', POOLS], ['cases', PEOPLE], ['cases', PEOPLE], ['cases', PEOPLE], ['cases', PEOPLE],
]

export function drawCommand(draw: Draw, world: World, step: number): Command {
  const [kind, ids] = FIRST[step] ?? [undefined, []]
  const missing = kind === undefined ? [] : ids.filter((id) => world.present(kind, id) === undefined)
  if (kind !== undefined && missing.length > 0) {
    const id = draw.of(missing)
    return { op: 'put', kind, id, body: BODIES[kind](draw, world, id) }
  }
  const command = weighted(draw, world)
  if ((command.op === 'move' || command.op === 'end') && command.id === 'no-stay' && draw.chance(80)) return admit(draw, world)
  const isEmpty = there(world, 'reporting-units').length + there(world, 'places').length + there(world, 'cases').length === 0
  return command.op === 'import' && isEmpty ? ask(draw, world) : command
}

const KINDS_OF_CROOKED = [{ occupied: -1 }, { nobody: 'asked' }, { source: '' }, { asOf: 'yesterday' }, { at: '2020-01-30' }] as const

/** Sends a command under a key of its own, with the condition that somebody would add, or should have. */
export function envelope(draw: Draw, world: World, command: Command, key: string): Sent {
  const version = command.op === 'put' ? world.present(command.kind, command.id)?.version
    : command.op === 'report' ? world.present('pools', command.id)?.version
      : command.op === 'move' || command.op === 'end' ? 1 : undefined
  const isNeeded = command.op === 'put' && version !== undefined
  const ifMatch = version === undefined ? (command.op === 'put' && draw.chance(3) ? '"1"' : null) : draw.chance(isNeeded ? 4 : 75) ? null
    : draw.chance(6) ? `"${draw.of([version - 1, version + 1])}"` : draw.chance(5) ? `"${version + 7}", "${version}"` : `"${version}"`
  const isCrooked = 'body' in command && draw.chance(1)
  const sent = isCrooked ? { ...command, body: { ...command.body, ...crooked(draw, command.op) } } : command
  return { command: sent, post: draw.of(POSTS), key: draw.chance(1) ? null : key, ifMatch, isCrooked }
}

const crooked = (draw: Draw, op: string): Fields => (op === 'report' ? draw.of(KINDS_OF_CROOKED.slice(0, 4)) : { nobody: draw.of(['asked', 'knew']) })

/** The same request again, or something like it that is not the same. */
export function again(draw: Draw, sent: readonly Sent[]): { how: string; request: Sent } {
  const before = draw.chance(40) ? sent.at(-1) : draw.of(sent)
  if (before === undefined) throw new Error('nothing was sent yet')
  const dice = draw.below(100)
  if (dice < 60) return { how: 'replay', request: dice < 20 ? turned(before) : before }
  if (dice < 75) return { how: 'other post, same key', request: { ...before, post: draw.of(POSTS) } }
  if (dice < 85) return { how: 'other condition, same key', request: { ...before, ifMatch: '"99"' } }
  return { how: 'other content, same key', request: { ...draw.of(sent), post: before.post, key: before.key } }
}

/** The same content, its fields in another order. */
function turned(sent: Sent): Sent {
  if (!('body' in sent.command)) return sent
  return { ...sent, command: { ...sent.command, body: Object.fromEntries(Object.entries(sent.command.body).reverse()) } }
}
