import type { Severity } from '../../cases/cases.js'
import { type CareLevel, openBeds } from '../../facilities/beds.js'
import type { PlaceKind } from '../../facilities/places.js'
import { isKnown } from '../../kernel/quantity.js'
import { minutesInto } from '../../kernel/time.js'
import type { Area } from '../../supplies/norms.js'
import { namedByPool } from '../../stays/stays.js'
import type { Ground } from './ground.js'

/** Patients of one severity in one area, as hours of their stay on each day of the horizon (24: one patient all day). */
export interface Lying {
  readonly place: string
  readonly area: Area
  readonly severity: Severity
  readonly hours: readonly number[]
}

const HOURS = 24

/** The severity that beds of a care level are for; people of whom only the number is known are counted so. */
const SEVERITY_OF: Readonly<Record<CareLevel, Severity>> = {
  intensive: 'critical', severe: 'severe', ordinary: 'ordinary', light: 'ordinary', observation: 'ordinary', room: 'ordinary',
}

const WARDS: readonly PlaceKind[] = ['centralisedTreatmentHospital', 'reserveHospital', 'fangcang']

/** The area to which beds belong, by what is done in them. */
export function areaOfBeds(kind: PlaceKind, careLevel: CareLevel): Area {
  if (careLevel === 'room') return 'isolationSite'
  if (kind === 'feverClinic') return 'feverClinic'
  if (careLevel === 'observation') return 'observation'
  if (careLevel === 'intensive' || careLevel === 'severe') return 'intensiveCare'
  return WARDS.includes(kind) ? 'ward' : 'districtWard'
}

/** Care level to which somebody would belong of whom only the place is known. */
const levelOf = (kind: PlaceKind, { status, severity }: { status: string; severity: Severity }): CareLevel =>
  kind === 'isolationSite' ? 'room'
  : severity === 'critical' ? 'intensive'
  : severity === 'severe' ? 'severe'
  : status === 'suspected' ? 'observation' : 'ordinary'

/**
 * Who lies where on each day, after the transfers of the plan: on its day up to the whole hour of arrival in the old bed,
 * from then on in the new one; where nobody states the hour, all day in the new one. Inpatients without a name are counted
 * by the care level of their pool. A new place counts its staffed beds from the day on which it opens.
 */
export function lyingAfter(ground: Ground): Lying[] {
  return sumOf(ground, [...namedAfter(ground), ...unnamed(ground), ...newBeds(ground)])
}

/** Who lies where now, before any transfer, as if it stayed so for one day: measured use was of that. */
export function lyingNow(ground: Ground): Lying[] {
  const named = Object.keys(ground.scenario.cases).map((id) => stay(ground, id, ground.world.bedOf(id), [HOURS]))
  return sumOf(ground, [...named, ...unnamed(ground).map((lying) => ({ ...lying, hours: [HOURS] }))])
}

/** Pools of receivers whose figure is missing, so that people who lie there are planned as nought. */
export function unknownPools(ground: Ground): string[] {
  return Object.entries(ground.scenario.pools).filter(([, pool]) => {
    if (!ground.isReceiver(pool.place)) return false
    return ground.isNew(pool.place) ? openBeds(pool) === null : !isKnown(pool.occupied)
  }).map(([id]) => id)
}

function namedAfter(ground: Ground): Lying[] {
  const { world, facts, horizon, scenario } = ground
  const whole = (hours: number, first: number) => Array.from({ length: horizon }, (_, day) => (day === 0 ? first : hours))
  return Object.keys(scenario.cases).flatMap((id) => {
    const move = facts.move(id)
    if (move === null) return [stay(ground, id, world.bedOf(id), whole(HOURS, HOURS))]
    const at = move.arrives === null ? 0 : Math.floor(minutesInto(scenario.planDay, move.arrives) / 60)
    const before = Math.min(HOURS, Math.max(0, at))
    return [stay(ground, id, world.bedOf(id), whole(0, before)), stay(ground, id, facts.after(id), whole(HOURS, HOURS - before))]
  })
}

function stay(ground: Ground, id: string, bed: { place: string; pool: string | null }, hours: number[]): Lying {
  const person = ground.world.case(id)
  const { kind } = ground.world.place(bed.place)
  const level = bed.pool === null ? levelOf(kind, person) : ground.world.pool(bed.pool).careLevel
  return { place: bed.place, area: areaOfBeds(kind, level), severity: person.severity, hours }
}

function unnamed(ground: Ground): Lying[] {
  const named = namedByPool(ground.scenario.cases)
  return Object.entries(ground.scenario.pools).flatMap(([id, { place, careLevel, occupied }]) => {
    const people = isKnown(occupied) ? occupied - (named.get(id) ?? 0) : 0
    return people <= 0 ? [] : [lyingIn(ground, place, careLevel, people)]
  })
}

const newBeds = (ground: Ground): Lying[] =>
  Object.values(ground.scenario.pools).filter(({ place }) => ground.isNew(place)).map((pool) =>
    ({ ...lyingIn(ground, pool.place, pool.careLevel, openBeds(pool) ?? 0), isBed: true }))

const lyingIn = (ground: Ground, place: string, careLevel: CareLevel, people: number): Lying => ({
  place, area: areaOfBeds(ground.world.place(place).kind, careLevel), severity: SEVERITY_OF[careLevel],
  hours: Array.from({ length: ground.horizon }, () => people * HOURS),
})

/** Added up by place, area and severity; of a new place only its beds are left, of what is no receiver nothing. */
function sumOf(ground: Ground, all: readonly (Lying & { readonly isBed?: true })[]): Lying[] {
  const sums = new Map<string, Lying & { hours: number[] }>()
  for (const { place, area, severity, hours, isBed } of all) {
    if (!ground.isReceiver(place) || ground.isNew(place) !== (isBed === true)) continue
    const key = JSON.stringify([place, area, severity])
    const sum = sums.get(key) ?? { place, area, severity, hours: hours.map(() => 0) }
    sums.set(key, { ...sum, hours: sum.hours.map((before, day) => before + (hours[day] ?? 0)) })
  }
  return [...sums.values()]
}
