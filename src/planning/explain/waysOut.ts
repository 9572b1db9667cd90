import { joinTexts, type Text, text } from '../../kernel/text.js'
import type { JsonPatch } from '../../kernel/mergePatch.js'
import { isKnown } from '../../kernel/quantity.js'
import { instantAt } from '../../kernel/time.js'
import { usableBeds } from '../../facilities/beds.js'
import { READINESS_STEPS, unsignedSteps } from '../../facilities/blocks.js'
import type { Easing } from '../model.js'
import type { WayOut } from '../plan.js'
import { placeName, poolName } from '../sayings.js'
import type { World } from '../world.js'
import type { Eased } from './eased.js'

/** So much of an easing was bought. */
export interface Bought {
  readonly easing: Easing
  readonly amount: number
}

/** A way out before it is proved: what to decide, what it costs, and the patch that does it. */
export type Proposal = Omit<WayOut, 'id' | 'proved'>

/** Puts what was bought into words, a price and a merge patch of the scenario. `x` says who profits. */
export function proposalOf(eased: Eased, bought: readonly Bought[], x: readonly number[]): Proposal {
  const parts = bought.map((one) => partOf(eased, one, x))
  return {
    kinds: [...new Set(bought.map(({ easing }) => easing.kind))],
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
} as const

const MADE = { source: 'way out', assumed: ['*'], asOf: null } as const

function partOf(eased: Eased, { easing, amount }: Bought, x: readonly number[]): Part {
  const { world } = eased
  const { subject } = easing
  const price = (n: number, unit: Text) => ({ kind: easing.kind, amount: n, unit })
  switch (easing.kind) {
    case 'staffBeds': {
      const pool = world.pool(subject)
      const taken = [pool.occupied, pool.held].reduce<number>((n, figure) => n + (isKnown(figure) ? figure : 0), pool.protected)
      const staffed = taken + usableBeds(pool) + amount
      const more = staffed - (isKnown(pool.staffed) ? pool.staffed : 0)
      const name = poolName(world, subject)
      return {
        text: text(`${name.zh}增开 ${more} 张（至 ${staffed} 张）`, `staff ${more} more ${name.en} (to ${staffed})`),
        price: price(more, UNITS.beds), patch: { pools: { [subject]: { staffed } } },
      }
    }
    case 'addVehicles': {
      const name = placeName(world, subject)
      const ids = freshIds(world.scenario.vehicles, `new-${subject}`, amount)
      const row = { fleet: subject, base: subject, negativePressure: true, lifeSupport: true, crews: 2, availableFrom: '00:00', availableTo: '24:00', ...MADE }
      return {
        text: text(`给${name.zh}增派负压救护车 ${amount} 辆（各两个班组）`, `${amount} more negative-pressure ambulances for ${name.en}, two crews each`),
        price: price(amount, UNITS.vehicles), patch: { vehicles: Object.fromEntries(ids.map((id) => [id, row])) },
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
      const ids = whoBreaks(eased, 'fitness', subject, x)
      // A patch cannot write null, which removes; so the assessment states its end.
      const row = { fitness: 'fit', fitnessAssessedAt: world.scenario.asOf, fitnessValidUntil: endOfDay(world) }
      return {
        text: text(`为${ids.join('、')}完成转运条件评估并签字`, `assess and sign fitness to travel of ${ids.join(', ')}`),
        price: price(ids.length, UNITS.people), patch: { cases: Object.fromEntries(ids.map((id) => [id, row])) },
      }
    }
    case 'signTravelException': {
      const ids = whoBreaks(eased, 'travelLimit', subject, x)
      const row = { travelExceptionUntil: endOfDay(world) }
      return {
        text: text(`为${ids.join('、')}签署超程转运例外`, `sign an exception from the travel limit for ${ids.join(', ')}`),
        price: price(ids.length, UNITS.people), patch: { cases: Object.fromEntries(ids.map((id) => [id, row])) },
      }
    }
    case 'raiseArrivals': {
      const name = placeName(world, subject)
      const now = world.place(subject).arrivalsPerHour
      const rate = (isKnown(now) ? now : 0) + amount
      return {
        text: text(`${name.zh}每小时接诊提高到 ${rate} 车次`, `${name.en} takes ${rate} trips an hour`),
        price: price(amount, UNITS.arrivals), patch: { places: { [subject]: { arrivalsPerHour: rate } } },
      }
    }
    case 'addVentilators': {
      const name = placeName(world, subject)
      const now = world.place(subject).ventilatorsFree
      const free = (isKnown(now) ? now : 0) + amount
      return {
        text: text(`${name.zh}增配呼吸机 ${amount} 台`, `${amount} more ventilators for ${name.en}`),
        price: price(amount, UNITS.ventilators), patch: { places: { [subject]: { ventilatorsFree: free } } },
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

/** People whose chosen option breaks this rule here: the ones for whom somebody has to sign. */
function whoBreaks({ world, build }: Eased, rule: string, subject: string, x: readonly number[]): string[] {
  const breaking = build.groups.flatMap((group) => {
    const count = build.optionsOf(group)
      .filter((option) => option.breaks.some((at) => at.rule === rule && at.subject === subject))
      .reduce((n, option) => n + (x[build.x(option)] ?? 0), 0)
    return group.parties.slice(0, count).flatMap((party) => party.members)
  })
  return breaking.filter((id) => (rule === 'fitness' ? !world.isFit(id) : !world.hasTravelException(id)))
}

function freshIds(taken: Record<string, unknown>, stem: string, count: number): string[] {
  const ids: string[] = []
  for (let n = 1; ids.length < count; n += 1) if (!Object.hasOwn(taken, `${stem}-${n}`)) ids.push(`${stem}-${n}`)
  return ids
}

function merged(a: JsonPatch, b: JsonPatch): JsonPatch {
  const tables = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries([...tables].map((table) => [table, { ...asObject(a[table]), ...asObject(b[table]) }]))
}

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})
