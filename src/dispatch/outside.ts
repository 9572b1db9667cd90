import { UNKNOWN } from '../kernel/quantity.js'
import type { Scenario } from '../planning/scenario.js'
import { World } from '../planning/world.js'
import type { Outside } from './destination.js'

/** No id of a place or of a pool begins so. */
const OUTSIDE = '→outside'

/**
 * Musts about taking somebody from where they lie, and about the ride. What awaits them outside the system is not known
 * here, so that no rule about beds is asked; nor whether an inpatient is settled, since that compares beds.
 */
const OF_LEAVING_THE_SYSTEM: readonly string[] = [
  'onePlace', 'underCommand', 'fitness', 'dischargeDue', 'vehicleMinutes', 'lifeSupport', 'onePatientATrip', 'decontamination', 'crewHours',
  'together', 'ordersStand',
]

/**
 * Whether a must has anything to say of an order out of the system: of the limit of a road only where its minutes are
 * known, and of minutes of vehicles only where one of this system drives, since the receiver may send its own.
 */
export const isOfLeaving = (rule: string, { travelMinutes }: Outside, vehicle: string | null): boolean =>
  (OF_LEAVING_THE_SYSTEM.includes(rule) && (rule !== 'vehicleMinutes' || vehicle !== null)) || (rule === 'travelLimit' && travelMinutes !== null)

interface Leaving {
  readonly patient: string
  readonly vehicle: string | null
  readonly to: Outside
}

/**
 * The scenario with the place outside in it, as far away as was said, so that one plan of a move can be judged by the same
 * musts. The vehicle comes back the way it went, which is never shorter than the road it will take.
 */
export function withOutside(scenario: Scenario, { patient, vehicle, to: { outside, travelMinutes } }: Leaving): { scenario: Scenario; pool: string } {
  const world = new World(scenario)
  const { place: from, unit } = world.case(patient)
  const made = { source: 'said by whoever orders it', assumed: [], asOf: null }
  const base = vehicle === null ? from : world.vehicle(vehicle).base
  const approach = world.minutesBetween(base, from)
  const road = (start: string, end: string, minutes: number | null) => (minutes === null ? {} : { [`${start}→${end}`]: { from: start, to: end, minutes, ...made } })
  return {
    pool: OUTSIDE,
    scenario: {
      ...scenario,
      places: { ...scenario.places, [OUTSIDE]: {
        name: { zh: outside, en: outside }, kind: 'districtDesignatedHospital', unit, underCommand: true, longitude: null, latitude: null,
        arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', ...made,
      } },
      pools: { ...scenario.pools, [OUTSIDE]: {
        place: OUTSIDE, block: null, careLevel: 'ordinary', attributes: [], physical: UNKNOWN, staffed: UNKNOWN, occupied: UNKNOWN, held: UNKNOWN,
        protected: 0, oxygenBeds: 'notTracked', ...made,
      } },
      travel: {
        ...scenario.travel,
        ...road(from, OUTSIDE, travelMinutes),
        ...(base === from || approach === null ? {} : road(OUTSIDE, base, travelMinutes === null ? null : travelMinutes + approach)),
      },
    },
  }
}
