import { joinTexts, counted, type Text, text } from '../../kernel/text.js'
import { byCodeUnits } from '../../kernel/canonical.js'
import type { JsonPatch } from '../../kernel/mergePatch.js'
import { isKnown } from '../../kernel/quantity.js'
import { instantAt } from '../../kernel/time.js'
import { keysOf } from '../../kernel/vocabulary.js'
import { READINESS_STEPS, unsignedSteps } from '../../facilities/blocks.js'
import type { WayOut } from '../plan.js'
import { WAY_OUT_KINDS, type WayOutKind } from '../policy.js'
import { editName, placeName, poolName } from '../sayings.js'
import type { World } from '../world.js'

/** One thing that somebody decides, as a patch of the scenario says it: its words and its price follow from it. */
export interface Decision {
  readonly kind: WayOutKind
  readonly subject: string
  /** What is to be there afterwards (beds staffed, trips an hour, ventilators), or how many more come (ambulances, teams). */
  readonly figure: number
  /** For whom somebody signs. */
  readonly people: readonly string[]
}

/** A way out before it is proved: what to decide, what it costs, and the patch that does it. */
export type Proposal = Omit<WayOut, 'id' | 'proved'>

/** Decisions in words, with their price and a merge patch of the scenario, in the order of the kinds and then of the subjects. */
export function proposalOf(world: World, decisions: readonly Decision[]): Proposal {
  const order = keysOf(WAY_OUT_KINDS)
  const sorted = [...decisions].sort((a, b) =>
    order.indexOf(a.kind) - order.indexOf(b.kind) || byCodeUnits(a.subject, b.subject))
  const parts = sorted.map((decision) => partOf(world, decision))
  return {
    kinds: [...new Set(sorted.map(({ kind }) => kind))],
    text: joinTexts(parts.map((part) => part.text), text('；', '; ')),
    price: parts.map((part) => part.price),
    patch: parts.reduce<JsonPatch>((whole, part) => merged(whole, part.patch), {}),
  }
}

interface Part {
  readonly text: Text
  readonly price: WayOut['price'][number]
  readonly patch: JsonPatch
}

const UNITS = {
  beds: text('张', 'beds'), vehicles: text('辆', 'ambulances'), teams: text('个组', 'teams'), blocks: text('个分区', 'blocks'),
  people: text('人', 'people'), arrivals: text('车次/小时', 'trips an hour'), ventilators: text('台', 'ventilators'), orders: text('份指令', 'orders'),
  decisions: text('项人工决定', 'hand decisions'),
} as const

const MADE = { source: 'way out', assumed: ['*'], asOf: null } as const

function partOf(world: World, { kind, subject, figure, people }: Decision): Part {
  const price = (n: number, unit: Text) => ({ kind, amount: n, unit })
  switch (kind) {
    case 'staffBeds': {
      const pool = world.pool(subject)
      const more = figure - (isKnown(pool.staffed) ? pool.staffed : 0)
      const name = poolName(world, subject)
      return {
        text: text(`${name.zh}增开 ${more} 张（至 ${figure} 张）`, `staff ${counted(more, `more ${name.en}`)} (to ${figure})`),
        price: price(more, UNITS.beds), patch: { pools: { [subject]: { staffed: figure } } },
      }
    }
    case 'addVehicles': {
      const name = placeName(world, subject)
      const ids = freshIds(world.scenario.vehicles, `new-${subject}`, figure)
      const row = {
        fleet: subject, base: subject, negativePressure: true, lifeSupport: true, crews: 2,
        availableFrom: '00:00', availableTo: '24:00', ...MADE,
      }
      return {
        text: text(
          `给${name.zh}增派负压救护车 ${figure} 辆（各两个班组）`,
          `${counted(figure, `more negative-pressure ambulances for ${name.en}`)}, two crews each`),
        price: price(figure, UNITS.vehicles), patch: { vehicles: Object.fromEntries(ids.map((id) => [id, row])) },
      }
    }
    case 'stationTeam': {
      const name = placeName(world, subject)
      const [id = ''] = freshIds(world.scenario.teams, `new-${subject}`, 1)
      const row = { name: { zh: `增派${name.zh}专家组`, en: `team sent to ${name.en}` }, station: subject, underCommand: true, ...MADE }
      return {
        text: text(`向${name.zh}派驻一个专家组`, `station an expert team at ${name.en}`),
        price: price(1, UNITS.teams), patch: { teams: { [id]: row } },
      }
    }
    case 'signBlock': {
      const name = placeName(world, world.scenario.blocks[subject]?.place ?? '')
      const block = world.scenario.blocks[subject]
      const intensive = Object.values(world.scenario.pools).some((p) => p.block === subject && p.careLevel === 'intensive')
      const critical = intensive && block?.critical !== 'signed'
      const steps = block === undefined ? [] : unsignedSteps(block)
      const signed = Object.fromEntries([...steps, ...(critical ? ['critical'] : [])].map((step) => [step, 'signed']))
      const named = joinTexts([...steps.map((step) => READINESS_STEPS[step]), ...(critical ? [text('收治危重型', 'taking critical cases')] : [])])
      return {
        text: text(`完成并签署${name.zh}分区 ${subject} 的${named.zh}`, `finish and sign ${named.en} of block ${subject} of ${name.en}`),
        price: price(1, UNITS.blocks), patch: { blocks: { [subject]: signed } },
      }
    }
    case 'assessFitness': {
      // A patch cannot write null, which removes; so the assessment states its end.
      const row = { fitness: 'fit', fitnessAssessedAt: world.scenario.asOf, fitnessValidUntil: endOfDay(world) }
      return {
        text: text(`为${people.join('、')}完成转运条件评估并签字`, `assess and sign fitness to travel of ${people.join(', ')}`),
        price: price(people.length, UNITS.people), patch: { cases: Object.fromEntries(people.map((id) => [id, row])) },
      }
    }
    case 'signTravelException': {
      const row = { travelExceptionUntil: endOfDay(world) }
      return {
        text: text(`为${people.join('、')}签署超程转运例外`, `sign an exception from the travel limit for ${people.join(', ')}`),
        price: price(people.length, UNITS.people), patch: { cases: Object.fromEntries(people.map((id) => [id, row])) },
      }
    }
    case 'raiseArrivals': {
      const name = placeName(world, subject)
      const now = world.place(subject).arrivalsPerHour
      return {
        text: text(`${name.zh}每小时接诊提高到 ${figure} 车次`, `${name.en} takes ${counted(figure, 'trips an hour')}`),
        price: price(figure - (isKnown(now) ? now : 0), UNITS.arrivals), patch: { places: { [subject]: { arrivalsPerHour: figure } } },
      }
    }
    case 'addVentilators': {
      const name = placeName(world, subject)
      const now = world.place(subject).ventilatorsFree
      const more = figure - (isKnown(now) ? now : 0)
      return {
        text: text(`${name.zh}增配呼吸机 ${more} 台`, counted(more, `more ventilators for ${name.en}`)),
        price: price(more, UNITS.ventilators), patch: { places: { [subject]: { ventilatorsFree: figure } } },
      }
    }
    case 'withdrawEdit': {
      const name = editName(world, subject)
      return {
        text: text(`撤销${name.zh}`, `withdraw ${name.en}`),
        price: price(1, UNITS.decisions), patch: { edits: { [subject]: null } },
      }
    }
    case 'withdrawOrder':
      return {
        text: text(`撤回转运指令 ${subject}`, `withdraw transfer order ${subject}`),
        price: price(1, UNITS.orders), patch: { orders: { [subject]: null } },
      }
  }
}

/** 24:00 of the plan's day. */
const endOfDay = (world: World): string => instantAt(world.scenario.planDay, 24 * 60)

function freshIds(taken: Record<string, unknown>, stem: string, count: number): string[] {
  const ids: string[] = []
  for (let n = 1; ids.length < count; n += 1) if (!Object.hasOwn(taken, `${stem}-${n}`)) ids.push(`${stem}-${n}`)
  return ids
}

/** Row by row: a case may need two signatures. A null in a table, which takes a row away, is kept. */
function merged(a: JsonPatch, b: JsonPatch): JsonPatch {
  const both = (x: unknown, y: unknown): unknown => {
    if (!isObject(x) || !isObject(y)) return y === undefined ? x : y
    return Object.fromEntries([...new Set([...Object.keys(x), ...Object.keys(y)])].map((key) => [key, both(x[key], y[key])]))
  }
  return { ...a, ...Object.fromEntries(Object.keys(b).map((table) => [table, both(a[table], b[table])])) }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The decisions that a patch says, read from the patch alone. What it cannot read it leaves out, so that putting the
 * decisions into a patch again shows whether the patch does anything that its words do not tell.
 */
export function decisionsIn(world: World, patch: JsonPatch): Decision[] {
  const { scenario } = world
  const rows = (table: 'pools' | 'blocks' | 'places' | 'cases' | 'vehicles' | 'teams' | 'orders' | 'edits') => {
    const found = patch[table]
    return isObject(found) ? Object.entries(found) : []
  }
  const known = (table: 'pools' | 'blocks' | 'places' | 'cases', field: string) =>
    rows(table).flatMap(([id, row]) =>
      Object.hasOwn(scenario[table], id) && isObject(row) && field in row ? [{ id, value: row[field] }] : [])
  const figures = (kind: WayOutKind, table: 'pools' | 'places', field: string): Decision[] =>
    known(table, field).flatMap(({ id, value }) =>
      typeof value === 'number' ? [{ kind, subject: id, figure: value, people: [] }] : [])
  const sent = (kind: WayOutKind, table: 'vehicles' | 'teams', field: string): Decision[] =>
    [...counts(rows(table).flatMap(([, row]) => (isObject(row) && typeof row[field] === 'string' ? [row[field]] : [])))]
      .filter(([subject]) => Object.hasOwn(scenario.places, subject))
      .map(([subject, figure]) => ({ kind, subject, figure, people: [] }))
  const signed = (kind: WayOutKind, field: string): Decision[] => {
    const people = known('cases', field).map(({ id }) => id).sort(byCodeUnits)
    return [...new Set(people.map((id) => world.case(id).place))].map((subject) =>
      ({ kind, subject, figure: 0, people: people.filter((id) => world.case(id).place === subject) }))
  }
  return [
    ...figures('staffBeds', 'pools', 'staffed'), ...sent('addVehicles', 'vehicles', 'fleet'),
    ...sent('stationTeam', 'teams', 'station'),
    ...rows('blocks').filter(([id]) => Object.hasOwn(scenario.blocks, id))
      .map(([subject]): Decision => ({ kind: 'signBlock', subject, figure: 0, people: [] })),
    ...signed('assessFitness', 'fitness'), ...signed('signTravelException', 'travelExceptionUntil'),
    ...figures('raiseArrivals', 'places', 'arrivalsPerHour'), ...figures('addVentilators', 'places', 'ventilatorsFree'),
    ...rows('edits').filter(([id]) => Object.hasOwn(scenario.edits, id))
      .map(([subject]): Decision => ({ kind: 'withdrawEdit', subject, figure: 0, people: [] })),
    ...rows('orders').filter(([id]) => Object.hasOwn(scenario.orders, id))
      .map(([subject]): Decision => ({ kind: 'withdrawOrder', subject, figure: 0, people: [] })),
  ]
}

function counts(words: readonly string[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const word of words) found.set(word, (found.get(word) ?? 0) + 1)
  return found
}
