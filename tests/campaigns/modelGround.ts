import type { Picture, Rows } from './modelPicture.js'
import { allowed, DAY, type Fields, isCount, midnightOf, MINUTE, read } from './modelWords.js'

/** What the edition of January 2020 says, as far as the musts need it. */
export const EDITION = {
  confirmed: { critical: ['intensive'], severe: ['severe', 'intensive'], ordinary: ['ordinary', 'severe'] },
  suspected: { critical: ['intensive'], severe: ['severe', 'intensive'], ordinary: ['observation'] },
  destinations: {
    confirmed: ['centralisedTreatmentHospital', 'reserveHospital'],
    suspected: ['districtDesignatedHospital', 'centralisedTreatmentHospital', 'feverClinic', 'isolationSite'],
  },
  minutesMax: { critical: 180, severe: 240, ordinary: 480 },
  crewMinutesMax: 480, loading: 15, handover: 15, cleaning: 45, firstDeparture: 6 * 60, lastReturn: 24 * 60, dischargeDays: 2, fitnessHours: 24,
} as const

/** From the lowest to the highest care of a hospital; a row that is not in it does not compare. */
const CARE = ['light', 'ordinary', 'severe', 'intensive']
const isHigher = (level: unknown, than: unknown): boolean => CARE.includes(String(than)) && CARE.indexOf(String(level)) > CARE.indexOf(String(than))

const clockOf = (clock: unknown): number => Number(String(clock).slice(0, 2)) * 60 + Number(String(clock).slice(3, 5))

/** The picture of a moment, and what its rows mean for a move. Times are minutes of the planned day. */
export class Ground {
  private readonly road = new Map<string, number>()
  /** Nobody leaves before: what was signed has to hold then. */
  readonly firstDeparture: number

  /** `anyHour`: of one trip, which keeps its vehicle's hours and no others. */
  constructor(readonly picture: Picture, private readonly anyHour = false) {
    for (const { from, to, minutes } of Object.values(picture.travel)) this.road.set(JSON.stringify([from, to]), Number(minutes))
    this.firstDeparture = Math.max(this.momentOf(EDITION.firstDeparture), picture.asOf)
  }

  row(table: 'places' | 'pools' | 'cases' | 'vehicles' | 'blocks', id: unknown): Fields {
    const rows: Rows = this.picture[table]
    const found = rows[String(id)]
    if (found === undefined) throw new Error(`the picture has no ${String(id)} among its ${table}`)
    return found
  }
  minuteOf = (moment: number): number => Math.trunc((moment - midnightOf(this.picture.planDay)) / MINUTE)
  momentOf = (minute: number): number => midnightOf(this.picture.planDay) + minute * MINUTE
  minuteOfInstant = (instant: unknown): number => this.minuteOf(read(instant))

  /** Whole minutes by road, in this direction or the other; null: nobody knows of a road. */
  minutesBetween(from: unknown, to: unknown): number | null {
    if (from === to) return 0
    return this.road.get(JSON.stringify([from, to])) ?? this.road.get(JSON.stringify([to, from])) ?? null
  }
  /** To the patient, with them, and until the vehicle is back and clean. */
  round({ base, from, to }: { base: unknown; from: unknown; to: unknown }): { approach: number; ride: number; total: number } | null {
    const [approach, ride, back] = [this.minutesBetween(base, from), this.minutesBetween(from, to), this.minutesBetween(to, base)]
    if (approach === null || ride === null || back === null) return null
    return { approach, ride, total: approach + EDITION.loading + ride + EDITION.handover + back + EDITION.cleaning }
  }

  private levelsOf = ({ status, severity }: Fields): readonly string[] =>
    (status === 'asymptomatic' ? [] : EDITION[status === 'suspected' ? 'suspected' : 'confirmed'][severity as 'critical' | 'severe' | 'ordinary'] ?? [])
  serves = (person: Fields, level: unknown): boolean => this.levelsOf(person).includes(String(level))
  isMoreThanNeeded = (person: Fields, level: unknown): boolean => isHigher(level, this.levelsOf(person)[0])
  isLawfulPlace = (person: Fields, place: unknown): boolean =>
    place === person['place'] || (EDITION.destinations[person['status'] === 'suspected' ? 'suspected' : 'confirmed'] as readonly unknown[]).includes(this.row('places', place)['kind'])

  isFitAt({ fitness, fitnessAssessedAt, fitnessValidUntil, severity }: Fields, moment: number): boolean {
    const isUnfit = fitness === 'unfit'
    const until = fitnessAssessedAt === null ? null : fitnessValidUntil === null ? read(fitnessAssessedAt) + EDITION.fitnessHours * 60 * MINUTE : read(fitnessValidUntil)
    const isSigned = fitness === 'fit' && until !== null && read(fitnessAssessedAt) <= moment && moment <= until
    return isSigned || (!isUnfit && severity === 'ordinary')
  }
  isDischargeDue = ({ dischargeDue }: Fields): boolean =>
    dischargeDue !== null && (midnightOf(String(dischargeDue)) - midnightOf(this.picture.planDay)) / DAY <= EDITION.dischargeDays
  isTooFar = ({ severity, travelExceptionUntil }: Fields, minutes: number, departs: number): boolean =>
    minutes > (EDITION.minutesMax[severity as keyof typeof EDITION.minutesMax] ?? Number.POSITIVE_INFINITY) && !(travelExceptionUntil !== null && read(travelExceptionUntil) >= departs)

  isHub = (place: unknown): boolean => ['centralisedTreatmentHospital', 'reserveHospital'].includes(String(this.row('places', place)['kind']))
  isReady = (block: unknown): boolean => ['clearing', 'conversion', 'oxygen', 'staff'].every((step) => this.row('blocks', block)[step] === 'signed')
  isOpen = (block: unknown): boolean => this.row('blocks', block)['opened'] === true
  takesFrom = (block: unknown, { severity }: Fields): boolean =>
    (this.isOpen(block) || this.isReady(block)) && (severity !== 'critical' || this.row('blocks', block)['critical'] === 'signed')
  /** Found in a block that is neither open nor signed ready. */
  liesInShutBlock({ place, pool }: Fields): boolean {
    const pools = pool === null ? Object.values(this.picture.pools).filter((beds) => beds['place'] === place) : [this.row('pools', pool)]
    return pools.length > 0 && pools.every(({ block }) => block !== null && !this.isOpen(block) && !this.isReady(block))
  }
  isAlone(pool: unknown): boolean {
    const { attributes, place } = this.row('pools', pool)
    const { kind } = this.row('places', place)
    const has = (one: string) => (attributes as string[]).includes(one)
    return has('singleRoom') && (EDITION.destinations.suspected as readonly unknown[]).includes(kind) && (kind !== 'isolationSite' || has('doctorsAndTests'))
  }
  /** From a level higher than needed to the preferred one, inside one hospital. */
  isStepDown(person: Fields, { from, fromPool, to, pool }: { from: string; fromPool: string | null; to: string; pool: string }): boolean {
    if (from !== to || fromPool === null || fromPool === pool) return false
    return this.isMoreThanNeeded(person, this.row('pools', fromPool)['careLevel']) && this.levelsOf(person)[0] === this.row('pools', pool)['careLevel']
  }
  /** An inpatient of a hub moves only up a level, or down so that a bed is free for somebody. */
  mayMove(person: Fields, step: { from: string; fromPool: string | null; to: string; pool: string }): boolean {
    if (person['status'] === 'suspected' || !this.isHub(step.from) || this.liesInShutBlock(person)) return true
    const { place, pool } = person
    const level = pool === null ? null : this.row('pools', pool)['careLevel']
    const isSettled = this.isHub(place) && (level === null || this.serves(person, level) || this.isMoreThanNeeded(person, level))
    if (isSettled) return this.isStepDown(person, step)
    return step.fromPool === null || isHigher(this.row('pools', step.pool)['careLevel'], this.row('pools', step.fromPool)['careLevel'])
  }

  /** Open beds less occupied, held and protected; null: a figure is unknown. */
  bedsFree(pool: unknown): number | null {
    const { physical, staffed, occupied, held, protected: kept, oxygenBeds } = this.row('pools', pool)
    if (!isCount(physical) || !isCount(staffed) || !isCount(occupied) || !isCount(held)) return null
    return Math.min(physical, staffed, allowed(oxygenBeds)) - occupied - held - Number(kept)
  }
  usable = (pool: unknown): number => (this.row('places', this.row('pools', pool)['place'])['underCommand'] === true ? Math.max(0, this.bedsFree(pool) ?? 0) : 0)

  hoursOf = ({ availableFrom, availableTo }: Fields): { from: number; to: number } => {
    const [from, to, now] = [clockOf(availableFrom), clockOf(availableTo), this.minuteOf(this.picture.asOf)]
    if (this.anyHour) return { from: Math.max(from, now), to: to - from === 24 * 60 ? 2 * to : to }
    return { from: Math.max(from, EDITION.firstDeparture, now), to: Math.min(to, EDITION.lastReturn) }
  }
  /** When orders keep a vehicle busy: late ones from now on, as long as they were to, and one after the other. */
  busy = (vehicle: string): { from: number; to: number }[] => Object.values(this.picture.orders)
    .filter((order) => order['vehicle'] === vehicle && order['departs'] !== null && order['returns'] !== null)
    .map(({ departs, returns, state }) => ({ isOut: state === 'dispatched', from: this.minuteOfInstant(departs), to: this.minuteOfInstant(returns) }))
    .sort((a, b) => a.from - b.from)
    .reduce<{ isOut: boolean; from: number; to: number }[]>((before, { isOut, from, to }) => {
      const waits = Math.max(this.minuteOf(this.picture.asOf), ...before.filter((one) => !one.isOut).map((one) => one.to))
      const begins = isOut ? from : Math.max(from, waits)
      return [...before, { isOut, from: begins, to: begins + to - from }]
    }, []).sort((a, b) => a.from - b.from)
}
