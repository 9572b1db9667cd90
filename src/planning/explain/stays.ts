import { fitnessAt } from '../../cases/cases.js'
import { bedsFree } from '../../facilities/beds.js'
import { allowedBy } from '../../kernel/quantity.js'
import { byCodeUnits, canonicalJson } from '../../kernel/canonical.js'
import { counted, joinTexts, type Text, text } from '../../kernel/text.js'
import { isAsDecided } from '../edits.js'
import { blocksToOpen, type Facts } from '../facts.js'
import { mayCarry, roundTrip, vehicleClasses } from '../fleet.js'
import { forbiddenBy } from '../options.js'
import { likenessOf, partiesOf } from '../parties.js'
import type { Move, Unplaced } from '../plan.js'
import { MUSTS } from '../rules/musts.js'
import { forbiddenByHand, placedByHand } from '../rules/edits.js'
import { editName, placeName, poolName } from '../sayings.js'
import type { HeldBy, World } from '../world.js'

/** Everybody who lacks something after the plan, and the rule that binds. */
export function unplacedOf(facts: Facts): Unplaced[] {
  const { world } = facts
  const parties = new Map(partiesOf(world).flatMap((party) => party.members.map((id) => [id, party] as const)))
  // Alike people stay for the same reason; hundreds of them may be left.
  const known = new Map<string, Bound>()
  const boundOf = (patient: string): Bound => {
    const party = parties.get(patient) ?? { members: [patient] }
    const key = canonicalJson([likenessOf(world, party), party.members.indexOf(patient), facts.move(patient) === null, facts.after(patient), fitnessOf(world, patient)])
    const found = known.get(key) ?? new Binding(facts, patient, party.members).find()
    // A reason that names a companion is of that party alone.
    if (party.members.length === 1) known.set(key, found)
    return found
  }
  return Object.keys(world.scenario.cases)
    .filter((id) => [...world.needsMet(id, facts.after(id)).values()].some((met) => !met))
    .sort((a, b) => world.lotRank(a) - world.lotRank(b))
    .map((patient) => {
      const { rule, reason } = boundOf(patient)
      return { patient, severity: world.case(patient).severity, at: facts.after(patient).place, rule, reason }
    })
}

interface Bound {
  readonly rule: string
  readonly reason: Text
}

const HELD: Readonly<Record<Exclude<HeldBy, 'fitness' | 'ordersStand'>, Text>> = {
  underCommand: text('所在场所不归指挥部调用，只列明，不安排', 'lies at a place that is not under the command: shown, never planned'),
  dischargeDue: text('即将出院，不再转运', 'due for discharge, so stays'),
  inpatients: text('已在集中救治医院在院，不再转院', 'already an inpatient of a centralised hospital, so stays'),
}

/** Who was judged unfit is looked at again by a doctor; who was not judged, or too long ago, needs one to sign. */
const NOT_FIT = {
  fit: text('转运条件评估出车前失效，暂留原处', 'the fitness-to-travel assessment lapses before departure, so stays for now'),
  unfit: text('评估为不宜转运，暂留原处', 'assessed as not fit to travel, so stays for now'),
  expired: text('转运条件评估已过期，须重新评估，暂留原处', 'the fitness-to-travel assessment has expired and has to be made again, so stays for now'),
  unknown: text('没有转运条件评估，暂留原处', 'no fitness-to-travel assessment, so stays for now'),
} as const

const fitnessOf = (world: World, patient: string): keyof typeof NOT_FIT =>
  fitnessAt(world.case(patient), { now: world.firstDeparture, validHours: world.policy.fitnessValidHours })

function heldText(world: World, patient: string, held: HeldBy): Text {
  if (held === 'fitness') return NOT_FIT[fitnessOf(world, patient)]
  if (held !== 'ordersStand') return HELD[held]
  const [order, outside] = [world.orderOf.get(patient), world.leavesFor(patient)]
  return text(`转运指令 ${order} 转往系统外的${outside}，不另安排`, `transfer order ${order} takes them out of the system, to ${outside}; nothing else is planned`)
}

/** Looks for what keeps one person from a bed that would help, the nearest to success first. */
class Binding {
  private readonly world: World

  constructor(
    private readonly facts: Facts,
    private readonly patient: string,
    private readonly members: readonly string[],
  ) {
    this.world = facts.world
  }

  find(): Bound {
    const { world, patient } = this
    const placed = this.placedByHand()
    if (placed !== null) return placed
    const move = this.facts.move(patient)
    if (move !== null) return this.afterMove(move)
    for (const member of [patient, ...this.members]) {
      const held = world.heldBy(member)
      if (held === 'inpatients' && !world.hasTeam(world.case(member).place)) return this.noTeam()
      if (held === null) continue
      const why = heldText(world, member, held)
      return { rule: held, reason: member === patient ? why : this.withCompanion(member, why) }
    }
    const helpful = this.helpfulPools()
    if (helpful.length === 0) return this.noSuchBed()
    const lawful = helpful.filter((pool) => this.forbidding(pool).length === 0)
    const free = lawful.filter((pool) => this.freeBeds(pool) >= 1)
    if (free.length > 0) return this.noVehicle(free)
    if (lawful.length > 0) return this.full(lawful)
    return this.closed(helpful)
  }

  /** Who was placed by hand lies where that says, or where it could not be carried out. */
  private placedByHand(): Bound | null {
    for (const member of [this.patient, ...this.members]) {
      const placed = this.world.hand.placedOf(member)
      if (placed === null) continue
      const name = editName(this.world, placed.id)
      const isSo = isAsDecided(placed.edit, { own: this.world.bedOf(member), after: this.facts.after(member) })
      const why = isSo ? name : text(`${name.zh}，未能照办`, `${name.en}, which cannot be carried out`)
      return { rule: placedByHand.name, reason: member === this.patient ? why : this.withCompanion(member, why) }
    }
    return null
  }

  private withCompanion(member: string, why: Text): Text {
    return text(`同行者 ${member}：${why.zh}`, `companion ${member}: ${why.en}`)
  }

  /** Moved, and still lacking something. */
  private afterMove(move: Move): Bound {
    if (move.order !== null) {
      return { rule: 'ordersStand', reason: text(`已下达的转运指令 ${move.order} 有效，不另安排`, `transfer order ${move.order} stands, so nothing else is planned`) }
    }
    if (this.world.needsMissing(this.patient, { place: move.to, pool: move.pool }).includes('concentrated')) {
      return { rule: 'usableBeds', reason: text('先在原处换到合适床位；集中收治的床位已满或不可及', 'moved to a fitting bed where they lie; no hub bed is left or in reach') }
    }
    return this.noTeam()
  }

  private noTeam(): Bound {
    return { rule: 'expertTeam', reason: text('所在医院没有专家组驻点或相应床位，建议派专家组', 'no expert team or bed of the level there; a team should be sent') }
  }

  /** Pools elsewhere or here that meet a need that is now missing. */
  private helpfulPools(): string[] {
    const { world, patient } = this
    const missing = new Set([...world.needsMet(patient, world.bedOf(patient))].filter(([, met]) => !met).map(([need]) => need))
    return Object.keys(world.scenario.pools).sort(byCodeUnits).filter((pool) => {
      const { place } = world.pool(pool)
      return world.place(place).underCommand && [...world.needsMet(patient, { place, pool })].some(([need, met]) => met && missing.has(need)) &&
        world.levelServes(patient, world.pool(pool).careLevel)
    })
  }

  private noSuchBed(): Bound {
    return { rule: 'lawfulPlace', reason: text('指挥部所属场所中没有能收治的床位', 'no place under the command has a bed that may take this case') }
  }

  private forbidding(pool: string) {
    const { world, patient } = this
    const { place } = world.pool(pool)
    const from = world.case(patient).place
    const minutes = place === from ? null : world.minutesBetween(from, place)
    if (place !== from && minutes === null) return [{ rule: 'travelLimit', subject: from, liftable: false }]
    return forbiddenBy({ world, patient, to: { place, pool }, rideMinutes: minutes })
  }

  private freeBeds(pool: string): number {
    return this.world.usable(pool) - this.facts.into(pool).length + this.facts.steppingDownFrom(pool).length
  }

  /** Beside the bed itself: what the place has left for the whole party once the plan is carried out. */
  private otherLimit(pool: string): Bound | null {
    const { world, members } = this
    const at = world.pool(pool).place
    const place = world.place(at)
    const coming = this.facts.plan.moves.filter((move) => move.to === at && move.from !== at)
    const onVentilator = (ids: readonly string[]) => ids.filter((id) => world.case(id).needs.includes('ventilator')).length
    if (this.freeBeds(pool) < members.length && members.length > 1) {
      return { rule: 'usableBeds', reason: text(
        `${place.name.zh}剩余床位不够同行 ${members.length} 人一起去`, `${place.name.en} has too few beds left for the ${members.length} who go together`) }
    }
    const needed = onVentilator(members)
    if (needed > 0 && allowedBy(place.ventilatorsFree) - onVentilator(coming.map((move) => move.patient)) < needed) {
      return { rule: 'ventilators', reason: text(`${place.name.zh}没有空闲呼吸机了`, `${place.name.en} has no ventilator left`) }
    }
    const { block } = world.pool(pool)
    const shut = block === null ? [] : blocksToOpen(world, [{ pool }]).filter((id) => !world.isBlockReady(id))
    if (shut.length > 0) {
      return { rule: 'reserveReady', reason: text(
        `${place.name.zh}须先启用的分区 ${shut.join('、')} 未签署就绪`, `block ${shut.join(', ')} of ${place.name.en}, which has to open first, is not signed ready`) }
    }
    if (world.scenario.fleet === 'unlimited') {
      return { rule: 'usableBeds', reason: text(`${place.name.zh}的床位按先后另有安排`, `the bed at ${place.name.en} is needed for somebody who goes first`) }
    }
    return null
  }

  private takesNobody(pool: string): Bound {
    const { name } = this.world.place(this.world.pool(pool).place)
    return { rule: 'arrivalsPerHour', reason: text(`${name.zh}未报每小时接诊数，或不能接诊`, `${name.en} takes no arrivals, or did not say how many an hour`) }
  }

  private noVehicle(free: readonly string[]): Bound {
    const { world } = this
    const from = world.case(this.patient).place
    const rounds = free.flatMap((pool) => {
      const { place } = world.pool(pool)
      return vehicleClasses(world)
        .filter((vehicles) => mayCarry(world, { party: { members: this.members }, vehicles, to: place }))
        .flatMap((vehicles) => {
          const round = roundTrip(world, { base: vehicles.base, from, to: place })
          return round === null ? [] : [{ total: round.total, duty: vehicles.longestDuty }]
        })
    })
    const minutesTo = (pool: string) => world.minutesBetween(from, world.pool(pool).place) ?? Number.POSITIVE_INFINITY
    const [first = ''] = [...free].sort((a, b) => minutesTo(a) - minutesTo(b) || byCodeUnits(a, b))
    const place = world.place(world.pool(first).place)
    const other = this.otherLimit(first)
    if (other !== null) return other
    if (rounds.length === 0) {
      return { rule: 'vehicleMinutes', reason: text(
        `${place.name.zh}有床，但没有可用的救护车`, `${place.name.en} has a bed, but no ambulance may carry this case`) }
    }
    if (rounds.every(({ total, duty }) => total > duty)) {
      const shortest = Math.min(...rounds.map(({ total }) => total))
      return { rule: 'crewHours', reason: text(
        `${place.name.zh}有床，但往返连洗消至少 ${shortest} 分钟，当日没有班组排得出这段时间`,
        `${place.name.en} has a bed, but a round with decontamination takes at least ${counted(shortest, 'minutes')}, more than any crew has left today`) }
    }
    return { rule: 'vehicleMinutes', reason: text(
      `${place.name.zh}有床，但当日车辆、班组时间已用完`, `${place.name.en} has a bed, but the day's vehicle and crew time is used up`) }
  }

  private full(lawful: readonly string[]): Bound {
    const { world } = this
    const unknown = lawful.filter((pool) => bedsFree(world.pool(pool)) === null)
    if (unknown.length === lawful.length) {
      return { rule: 'unknown', reason: text(
        `${joinTexts(unknown.map((p) => poolName(world, p))).zh}未报床位，按无床处理`,
        `${joinTexts(unknown.map((p) => poolName(world, p))).en} did not report; planned as having none`) }
    }
    const ahead = lawful.some((pool) => this.facts.into(pool).length > 0)
    const shown = joinTexts(lawful.slice(0, 3).map((p) => poolName(world, p)))
    return { rule: 'usableBeds', reason: text(
      `可收治的床位已满：${shown.zh}${ahead ? '；在先者病情更重、等候更久或抽签在前' : ''}`,
      `every bed that may take this case is full: ${shown.en}${ahead ? '; those before are severer, waited longer or drew the earlier lot' : ''}`) }
  }

  /** Every helpful bed is closed by some must: the one with the fewest, and of those the nearest, is shown. */
  private closed(helpful: readonly string[]): Bound {
    const { world } = this
    const from = world.case(this.patient).place
    const ranked = helpful
      .map((pool) => ({ pool, by: this.forbidding(pool), minutes: world.minutesBetween(from, world.pool(pool).place) ?? Number.POSITIVE_INFINITY }))
      .sort((a, b) => a.by.length - b.by.length || a.minutes - b.minutes)
    const [best] = ranked
    const rule = best?.by[0]?.rule ?? 'lawfulPlace'
    if (rule === 'arrivalsPerHour') return this.takesNobody(best?.pool ?? '')
    if (rule === forbiddenByHand.name) return { rule, reason: editName(world, best?.by[0]?.subject ?? '') }
    const title = MUSTS.find((must) => must.name === rule)?.title ?? text(rule, rule)
    const name = placeName(world, world.pool(best?.pool ?? '').place)
    const minutes = best !== undefined && Number.isFinite(best.minutes) ? text(`（${best.minutes} 分钟）`, ` (${counted(best.minutes, 'minutes')})`) : text('', '')
    return { rule, reason: text(`最接近可行的${name.zh}${minutes.zh}不合“${title.zh}”`, `${name.en}${minutes.en}, which comes closest, fails "${title.en}"`) }
  }
}
