import { byCodeUnits } from '../../kernel/canonical.js'
import { isKnown } from '../../kernel/quantity.js'
import { keysOf } from '../../kernel/vocabulary.js'
import type { Zone } from '../../supplies/items.js'
import { type Area, type Norm, NORM_TIERS, type NormTier } from '../../supplies/norms.js'
import type { Ground } from './ground.js'
import { normsByDay, type NormSpan } from './norms.js'
import { type Lying, lyingAfter, lyingNow } from './patients.js'
import type { Band } from './policy.js'

/** By tier of the norm, thousandths of a base unit on each day. */
type ByNorm = Readonly<Record<NormTier, readonly number[]>>

/** What one area of a place uses up of one item (需求测算), day by day: from the plan's day on, or from that of its opening. */
export interface Need {
  readonly place: string
  readonly area: Area
  readonly item: string
  /** Staff where it is contaminated and transfer crews; all staff; everybody, patients too. */
  readonly exposed: ByNorm
  readonly staff: ByNorm
  readonly everybody: ByNorm
  /** Zones in which it is worn: what stands in for it has to be of a grade for all of them. */
  readonly zones: readonly Zone[]
  readonly factorPerMille: number
}

/** Measured use that lies further from the norm than the policy lets it correct. */
export interface Unexplained {
  readonly place: string
  readonly item: string
  readonly measuredPerMille: number
  readonly appliedPerMille: number
}

/** What a place used up by its own count or its notes, beside what the norm says of the people who are there now. */
export interface Measured extends Unexplained {
  readonly units: number
  readonly days: number
  /** Thousandths of a base unit a day. */
  readonly normPerMille: number
}

/** Where the norm says nought and something was used all the same. */
const BEYOND_ALL_NORMS = 1_000_000

const TIERS = keysOf(NORM_TIERS)
const FIELD = { conventional: 'conventionalPerMille', contingency: 'contingencyPerMille', crisis: 'crisisPerMille' } as const

/** The need on one day at the norm of a band, of those who count in it. */
export const needOn = (need: Need, band: Band, day: number): number =>
  day >= band.days ? 0 : (band.who === 'exposed' ? need.exposed : need.everybody)[band.norm][day] ?? 0

/** The same of those who work shifts, for whom kits are made up. */
export const shiftNeedOn = (need: Need, band: Band, day: number): number =>
  day >= band.days ? 0 : (band.who === 'exposed' ? need.exposed : need.staff)[band.norm][day] ?? 0

/** The need of every receiver, in code-unit order of place, area and item; and what measured use leaves unexplained. */
export function needsOf(ground: Ground): { needs: Need[]; unexplained: Unexplained[] } {
  const used = usedUp(ground, normsByDay(ground.scenario.norms, ground.days), lyingAfter(ground), tripsByBase(ground))
  const measured = measuredUse(ground)
  const needs = [...used.values()].map((sum): Need => {
    const factorPerMille = measured.get(JSON.stringify([sum.place, sum.item]))?.appliedPerMille ?? 1000
    const corrected = (days: ByNorm) => byNorm((tier) => days[tier].map((units) => Math.ceil((units * factorPerMille) / 1000)))
    const patients = byNorm((tier) => sum.patientHours[tier].map((hours) => Math.ceil(hours / 24)))
    return {
      place: sum.place, area: sum.area, item: sum.item, zones: [...sum.zones], factorPerMille,
      exposed: corrected(sum.exposed), staff: corrected(sum.staff),
      everybody: corrected(byNorm((tier) => sum.staff[tier].map((units, day) => units + (patients[tier][day] ?? 0)))),
    }
  }).sort((a, b) => byCodeUnits(a.place, b.place) || byCodeUnits(a.area, b.area) || byCodeUnits(a.item, b.item))
  const unexplained = [...measured.values()].filter(({ measuredPerMille, appliedPerMille }) => measuredPerMille !== appliedPerMille)
    .map(({ place, item, measuredPerMille, appliedPerMille }) => ({ place, item, measuredPerMille, appliedPerMille }))
  return { needs, unexplained }
}

interface Sum {
  readonly place: string
  readonly area: Area
  readonly item: string
  readonly exposed: Record<NormTier, number[]>
  readonly staff: Record<NormTier, number[]>
  /** Thousandths times hours of stay. */
  readonly patientHours: Record<NormTier, number[]>
  readonly zones: Set<Zone>
}

/** `spans`: the norms of each day; a day of none uses nothing. */
function usedUp(ground: Ground, spans: readonly NormSpan[], lying: readonly Lying[], trips: ReadonlyMap<string, number>): Map<string, Sum> {
  const sums = new Map<string, Sum>()
  const sumOf = (place: string, area: Area, item: string): Sum => {
    const key = JSON.stringify([place, area, item])
    const nought = () => byNorm(() => Array.from({ length: ground.horizon }, () => 0))
    const sum = sums.get(key) ?? { place, area, item, exposed: nought(), staff: nought(), patientHours: nought(), zones: new Set() }
    sums.set(key, sum)
    return sum
  }
  for (const { norms, on } of spans) {
    const inSpan = (days: readonly number[]) => days.map((count, day) => (on[day] === true ? count : 0))
    for (const [item, { zones }] of Object.entries(ground.scenario.items)) {
      for (const { place, area, severity, hours } of lying) {
        const norm = norms.normFor({ item, per: 'patientDay', severity })
        if (norm !== null) add(sumOf(place, area, item).patientHours, norm, inSpan(hours))
      }
      for (const { place, area, zone, role, peoplePerShift, shiftsPerDay } of Object.values(ground.scenario.staff)) {
        const norm = norms.normFor({ item, per: 'staffShift', zone, role })
        if (norm === null || !zones.includes(zone) || !ground.isReceiver(place)) continue
        const sum = sumOf(place, area, item)
        const shifts = inSpan(Array.from({ length: ground.horizon }, () => (isKnown(peoplePerShift) ? peoplePerShift * shiftsPerDay : 0)))
        add(sum.staff, norm, shifts)
        if (zone !== 'clean' || area === 'transferCrews') add(sum.exposed, norm, shifts)
        sum.zones.add(zone)
      }
      for (const [place, count] of trips) {
        const norm = norms.normFor({ item, per: 'trip', role: 'crew' })
        if (norm === null || ground.opensIn(place) > 0) continue
        const sum = sumOf(place, 'transferCrews', item)
        add(sum.staff, norm, inSpan([count]))
        add(sum.exposed, norm, inSpan([count]))
        sum.zones.add('red')
      }
    }
  }
  return sums
}

function add(to: Record<NormTier, number[]>, norm: Norm, days: readonly number[]): void {
  for (const tier of TIERS) {
    for (const [day, count] of days.entries()) to[tier][day] = (to[tier][day] ?? 0) + norm[FIELD[tier]] * count
  }
}

/** Trips of the plan by the receiver at which their vehicle has its base. */
function tripsByBase(ground: Ground): Map<string, number> {
  const trips = new Map<string, number>()
  for (const { base } of ground.facts.plan.trips) {
    if (ground.isReceiver(base)) trips.set(base, (trips.get(base) ?? 0) + 1)
  }
  return trips
}

/** What every receiver that is at work was measured to use up, in the order in which it was told. */
export const measuredUses = (ground: Ground): Measured[] => [...measuredUse(ground).values()]

/** Measured use beside what the norm of today says of patients as they lie now and of staff, and how far it may correct it. */
function measuredUse(ground: Ground): Map<string, Measured> {
  const { useCapPerMille } = ground.policy
  const uses = Object.values(ground.scenario.uses).filter(({ place }) => ground.isReceiver(place) && !ground.isNew(place))
  if (uses.length === 0) return new Map()
  const daily = new Map<string, number>()
  for (const { place, item, staff, patientHours } of usedUp(ground, normsByDay(ground.scenario.norms, [ground.scenario.planDay]), lyingNow(ground), new Map()).values()) {
    const key = JSON.stringify([place, item])
    const units = (staff.conventional[0] ?? 0) + Math.ceil((patientHours.conventional[0] ?? 0) / 24)
    daily.set(key, (daily.get(key) ?? 0) + units)
  }
  const used = new Map<string, { place: string; item: string; units: number; days: number }>()
  for (const { place, item, units, days } of uses) {
    const key = JSON.stringify([place, item])
    const before = used.get(key)
    used.set(key, { place, item, units: units + (before?.units ?? 0), days: days + (before?.days ?? 0) })
  }
  return new Map([...used].map(([key, { place, item, units, days }]) => {
    const norm = daily.get(key) ?? 0
    const measured = norm > 0 ? Math.floor((units * 1_000_000) / (days * norm)) : units > 0 ? BEYOND_ALL_NORMS : 1000
    const measuredPerMille = Math.min(BEYOND_ALL_NORMS, measured)
    const appliedPerMille = norm === 0 ? 1000 : Math.min(1000 + useCapPerMille, Math.max(1000 - useCapPerMille, measuredPerMille))
    return [key, { place, item, units, days, normPerMille: norm, measuredPerMille, appliedPerMille }]
  }))
}

const byNorm = <T>(of: (tier: NormTier) => T): Record<NormTier, T> =>
  ({ conventional: of('conventional'), contingency: of('contingency'), crisis: of('crisis') })
