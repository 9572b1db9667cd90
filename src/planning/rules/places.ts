import { bedsFree, type Pool, usableBeds } from '../../facilities/beds.js'
import { allowedBy, isKnown, NOT_TRACKED } from '../../kernel/quantity.js'
import { byCodeUnits } from '../../kernel/canonical.js'
import { counted, text } from '../../kernel/text.js'
import { clockMinutes, minutesInto } from '../../kernel/time.js'
import { entering, membersOf } from '../option.js'
import { type Build } from '../build.js'
import { blocksToOpen, type Facts } from '../facts.js'
import { addTerm } from '../model.js'
import type { Easing } from '../model.js'
import type { Option } from '../option.js'
import { destinationsFor } from '../policy.js'
import { personName, placeName, poolName, violation } from '../sayings.js'
import type { World } from '../world.js'
import { forMoves, steppingDown } from './people.js'
import type { Must } from './rule.js'

/** A place not under the command is shown and never planned, neither to receive nor to send. */
export const underCommand: Must = {
  level: 'must',
  name: 'underCommand',
  title: text('只安排指挥部所属场所', 'only places under the command are planned'),
  source: 'domain: places',
  forbids: ({ world, patient, to }) =>
    [world.case(patient).place, to.place].find((place) => !world.place(place).underCommand) ?? null,
  measure: (facts) =>
    forMoves(facts, (move, world) =>
      world.place(move.to).underCommand && world.place(move.from).underCommand
        ? null
        : violation('underCommand', world.place(move.from).underCommand ? move.to : move.from, text(
            `${placeName(world, move.from).zh}或${placeName(world, move.to).zh}不归指挥部调用`,
            `${placeName(world, move.from).en} or ${placeName(world, move.to).en} is not under the command`))),
}

/** Only to a kind of place to which the edition sends such a case; beds inside one place may change. */
export const lawfulPlace: Must = {
  level: 'must',
  name: 'lawfulPlace',
  title: text('去向符合现行规定', 'the place may take such a case'),
  source: 'policy destinations, suspectedDestinations',
  forbids: ({ world, patient, to }) => (isLawful(world, patient, to.place) ? null : to.place),
  measure: (facts) =>
    forMoves(facts, (move, world) =>
      isLawful(world, move.patient, move.to)
        ? null
        : violation('lawfulPlace', move.patient, text(
            `${placeName(world, move.to).zh}不得收治${personName(world, move.patient).zh}`,
            `${placeName(world, move.to).en} may not take ${personName(world, move.patient).en}`))),
}

function isLawful(world: World, patient: string, place: string): boolean {
  const person = world.case(patient)
  return place === person.place || destinationsFor(world.policy, person).includes(world.place(place).kind)
}

/** Suspected cases alone in a room, never with confirmed ones. */
export const singleRoom: Must = {
  level: 'must',
  name: 'singleRoom',
  title: text('疑似病例单间', 'suspected cases alone in a room'),
  source: 'domain: transfer plan, must; 诊疗方案（试行第四版）',
  forbids: ({ world, patient, to }) =>
    world.case(patient).status !== 'suspected' || world.isAloneLawfully(to) ? null : to.place,
  measure: (facts) =>
    forMoves(facts, (move, world) =>
      world.case(move.patient).status !== 'suspected' || world.isAloneLawfully({ place: move.to, pool: move.pool })
        ? null
        : violation('singleRoom', move.patient, text(
            `疑似病例 ${move.patient} 在 ${move.pool} 不是单间`,
            `suspected case ${move.patient} would not lie alone at ${move.pool}`))),
}

/** Usable beds are never exceeded by the plan; only a step down inside the hospital frees one for today. */
export const usableBedsRule: Must = {
  level: 'must',
  name: 'usableBeds',
  title: text('不超过可用床位', 'usable beds are never exceeded'),
  source: 'domain: usable beds; decisions 8, 9, 20',
  add(build) {
    for (const [id, pool] of Object.entries(build.world.scenario.pools)) {
      const moves = build.moves().filter((option) => !hasLeft(build.world, option.order))
      const frees = isFreedByStepDown(pool)
      const terms = build.total(moves, (o) => entering(build.world, o, id) - (frees ? steppingDown(build.world, o, id) : 0))
      if (terms.size === 0) continue
      const usable = leftToPlan(build.world, id)
      const opens = blockColumn(build, pool)
      // Beds of a block count only once it is opened: in − out − usable·open ≤ 0, and whoever comes in opens it.
      if (opens !== null) {
        addTerm(terms, opens, -usable)
        const coming = build.total(moves, (o) => entering(build.world, o, id))
        addTerm(coming, opens, -Object.keys(build.world.scenario.cases).length)
        build.model.atMost({ rule: 'reserveReady', subject: pool.block ?? id, terms: coming, upper: 0 })
      }
      build.model.atMost({
        rule: this.name, subject: id, terms, upper: opens === null ? usable : 0, easing: staffing(id, pool, opens),
      })
    }
  },
  measure: (facts) =>
    facts.poolsEntered().flatMap((id) => {
      const into = facts.into(id).filter((move) => !hasLeft(facts.world, move.order)).length -
        (isFreedByStepDown(facts.world.pool(id)) ? facts.steppingDownFrom(id).length : 0)
      const usable = leftToPlan(facts.world, id)
      return into <= usable ? [] : [violation('usableBeds', id, text(
        `${poolName(facts.world, id).zh}可用 ${usable} 张，安排了 ${into} 人`,
        `${counted(into, 'people')} for ${counted(usable, `usable ${poolName(facts.world, id).en}`)}`))]
    }),
}

const hasLeft = (world: World, order: string | null): boolean =>
  order !== null && world.scenario.orders[order]?.state === 'dispatched'

/** A bed left in a pool that is overfull, or did not report, is not known to be free for anybody. */
const isFreedByStepDown = (pool: Pool): boolean => (bedsFree(pool) ?? -1) >= 0

/** Usable beds less those of patients already on the road, who come whatever is planned. */
function leftToPlan(world: World, pool: string): number {
  const coming = Object.values(world.scenario.orders).filter((order) => order.pool === pool && order.state === 'dispatched')
  return Math.max(0, world.usable(pool) - coming.length)
}

/** Only beds that stand there physically and have oxygen can be staffed; what is taken already counts first. */
function staffing(id: string, pool: Pool, opens: number | null): Easing {
  const { physical, occupied, held } = pool
  const known = isKnown(physical) && isKnown(occupied) && isKnown(held)
  const most = known ? Math.min(physical, allowedBy(pool.oxygenBeds)) - occupied - held - pool.protected : 0
  // Beds to be staffed so that none is lacking: what is taken, less what is staffed already.
  const taken = known ? occupied + held + pool.protected + usableBeds(pool) : 0
  const fixed = Math.max(0, taken - (isKnown(pool.staffed) ? pool.staffed : 0))
  return { kind: 'staffBeds', subject: id, per: 1, max: Math.max(0, most - usableBeds(pool)), fixed, ...(opens === null ? {} : { opens }) }
}

/** Only blocks that are signed ready take patients, in their sequence, critical ones only when that is signed too. */
export const reserveReady: Must = {
  level: 'must',
  name: 'reserveReady',
  title: text('后备分区签署就绪、依次启用', 'reserve blocks are signed ready and open in sequence'),
  source: 'domain: places, reserves',
  liftedBy: 'signBlock',
  forbids: ({ world, patient, to }) => {
    const { block } = world.pool(to.pool)
    return block === null || isReadyFor(world, patient, block) ? null : block
  },
  add(build) {
    for (const [earlier, later] of successions(build.world)) {
      const terms = new Map([[openColumn(build, later), 1], [openColumn(build, earlier), -1]])
      build.model.atMost({ rule: this.name, subject: later, terms, upper: 0 })
    }
    if (!build.eased) return
    for (const [id, block] of Object.entries(build.world.scenario.blocks)) {
      if (block.opened || build.world.isBlockReady(id)) continue
      const easing = { kind: 'signBlock', subject: id, per: 1, max: 1 } as const
      build.model.atMost({ rule: this.name, subject: id, terms: new Map([[openColumn(build, id), 1]]), upper: 0, easing })
    }
  },
  measure(facts) {
    const { world } = facts
    const unready = forMoves(facts, (move) => {
      const { block } = world.pool(move.pool)
      return block === null || isReadyFor(world, move.patient, block) ? null : violation(this.name, block, text(
        `分区 ${block} 未签署就绪，不能收治${personName(world, move.patient).zh}`,
        `block ${block} is not signed ready for ${personName(world, move.patient).en}`))
    })
    const opened = new Set(facts.opened())
    const needed = new Set(blocksToOpen(world, facts.plan.moves))
    const shut = [...needed].filter((block) => !opened.has(block))
    const unsigned = [...opened].filter((block) => !world.isBlockReady(block))
    return [...unready, ...shut.map((block) => violation(this.name, block, text(
      `分区 ${block} 未启用就要收治患者或越过其次序`, `block ${block} has to be opened before patients come or a later block opens`))),
    ...unsigned.map((block) => violation(this.name, block, text(
      `分区 ${block} 未签署就绪就启用`, `block ${block} is opened before it is signed ready`)))]
  },
}

function isReadyFor(world: World, patient: string, block: string): boolean {
  const row = world.scenario.blocks[block]
  const ready = row !== undefined && (row.opened || world.isBlockReady(block))
  return ready && (world.case(patient).severity !== 'critical' || row.critical === 'signed')
}

/** Pairs of neighbouring blocks of one place of which neither is open yet, in their sequence. */
function successions(world: World): [string, string][] {
  const shut = Object.entries(world.scenario.blocks)
    .filter(([, block]) => !block.opened)
    .sort(([a, x], [b, y]) => byCodeUnits(x.place, y.place) || x.sequence - y.sequence || byCodeUnits(a, b))
  return shut.slice(1).flatMap(([id, block], i): [string, string][] => {
    const before = shut[i]
    return before !== undefined && before[1].place === block.place ? [[before[0], id]] : []
  })
}

/** The column that opens the block of a pool; null: open already, or in no block. */
function blockColumn(build: Build, pool: Pool): number | null {
  if (pool.block === null || build.world.isOpen(pool)) return null
  return openColumn(build, pool.block)
}

const openColumn = (build: Build, block: string): number =>
  build.opens(block, build.eased || build.world.isBlockReady(block) ? 1 : 0)

/** Patients who need a ventilator never exceed those that are free; inside one hospital it moves along. */
export const ventilators: Must = {
  level: 'must',
  name: 'ventilators',
  title: text('不超过空闲呼吸机', 'free ventilators are never exceeded'),
  source: 'domain: usable beds; decisions 9, 10',
  add(build) {
    for (const [id, place] of Object.entries(build.world.scenario.places)) {
      if (place.ventilatorsFree === NOT_TRACKED) continue
      const terms = build.total(build.rides(), (option) => (option.to === id ? ventilated(build.world, option) : 0))
      const easing = { kind: 'addVentilators', subject: id, per: 1, max: 100 } as const
      build.model.atMost({ rule: this.name, subject: id, terms, upper: allowedBy(place.ventilatorsFree), easing })
    }
  },
  measure: ({ world, plan }) =>
    Object.entries(world.scenario.places).flatMap(([id, place]) => {
      const needed = plan.moves.filter((m) => m.to === id && m.from !== id && needsVentilator(world, m.patient)).length
      return needed <= allowedBy(place.ventilatorsFree) ? [] : [violation('ventilators', id, text(
        `${place.name.zh}需 ${needed} 台呼吸机，空闲不足`, `${place.name.en} would need ${counted(needed, 'ventilators')}, more than are free`))]
    }),
}

const needsVentilator = (world: World, patient: string) => world.case(patient).needs.includes('ventilator')
const ventilated = (world: World, option: Option): number =>
  membersOf(option).filter(({ patient }) => needsVentilator(world, patient)).length

/**
 * Trips that arrive in one clock hour never exceed what the receiver can take. A limit of nought, or one that nobody
 * stated, closes the place to every ride of the plan, with a timetable or without.
 */
export const arrivalsPerHour: Must = {
  level: 'must',
  name: 'arrivalsPerHour',
  title: text('不超过每小时接诊数', 'arrivals per hour are never exceeded'),
  source: 'domain: places',
  liftedBy: 'raiseArrivals',
  forbids: ({ world, patient, to, rideMinutes }) =>
    rideMinutes !== null && world.order(patient) === null && takesNobody(world, to.place) ? to.place : null,
  add(build) {
    // Without a timetable nobody knows who arrives when; a limit of nought closes single options above.
    if (build.world.scenario.fleet === 'unlimited') return
    const { firstDeparture, lastReturn } = build.world.policy.timetable
    // Clock hours touched by the day: a limit counts from full hour to full hour.
    const hours = Math.ceil(clockMinutes(lastReturn) / 60) - Math.floor(clockMinutes(firstDeparture) / 60)
    for (const [id, place] of Object.entries(build.world.scenario.places)) {
      if (place.arrivalsPerHour === NOT_TRACKED) continue
      // An order that stands arrives when it arrives; the plan spaces its own trips.
      const terms = build.total(build.rides(), (option) => (option.to === id && option.order === null ? 1 : 0))
      const easing = { kind: 'raiseArrivals', subject: id, per: hours, max: 60 } as const
      build.model.atMost({ rule: this.name, subject: id, terms, upper: allowedBy(place.arrivalsPerHour) * hours, easing })
    }
  },
  measure: (facts) => {
    const { world } = facts
    const counts = new Map<string, number>()
    for (const trip of facts.plan.trips) {
      const key = `${trip.to}|${hourOf(facts, trip.arrives)}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    const into = new Set(facts.decided.filter(({ from, to, trip }) => from !== to && trip === null && takesNobody(world, to)).map(({ to }) => to))
    const shut = [...into].map((place) => violation('arrivalsPerHour', place, text(
      `${placeName(world, place).zh}不能接诊，或未报每小时接诊数`, `${placeName(world, place).en} takes no arrivals, or did not say how many an hour`)))
    return [...shut, ...[...counts].flatMap(([key, count]) => {
      const place = key.slice(0, key.lastIndexOf('|'))
      const limit = allowedBy(world.place(place).arrivalsPerHour)
      return count <= limit ? [] : [violation('arrivalsPerHour', place, text(
        `${placeName(world, place).zh}一小时内到达 ${count} 车次，超过 ${limit}`,
        `${count} trips arrive at ${placeName(world, place).en} within one hour, more than ${limit}`))]
    })]
  },
}

const takesNobody = (world: World, place: string): boolean => allowedBy(world.place(place).arrivalsPerHour) < 1

const hourOf = (facts: Facts, instant: string): number =>
  Math.floor(minutesInto(facts.world.scenario.planDay, instant) / 60)
