import type { JsonPatch } from '../../src/kernel/mergePatch.js'

/** A story in which a setting matters, and the setting that shows it. */
export interface PolicyRow {
  readonly story: string
  /** Laid over the story first, where the story as it is does not show it. */
  readonly given?: JsonPatch
  readonly policy: JsonPatch
  /** The setting makes the story unlawful: nothing is planned any more. */
  readonly unlawful?: true
  /** The difference is looked for in the ways out too. */
  readonly waysOut?: true
}

const intake = (...daily: number[]): JsonPatch => Object.fromEntries(daily.map((newConfirmed, i) =>
  [`2020-01-${27 + i}`, { newConfirmed, source: 'made up' }]))

/** Three rides of 185 minutes: two like ambulances have the minutes but not the hours, a plain one has both. */
const TIGHT_FLEET: JsonPatch = {
  cases: { '甲县-0004': { dischargeDue: '2020-01-30' } },
  vehicles: { 'v-3': { negativePressure: false } },
  policy: { timetable: { lastReturn: '10:40' } },
}

/** The road east without a row in the table; by the estimate of the edition it is too far. */
const NO_TABLE: JsonPatch = { travel: { 'dd-jia→east': null } }

/** By policy field, and by inner field where a field has some. Every field of the policy has at least one. */
export const POLICY_ROWS: Readonly<Record<string, PolicyRow>> = {
  severities: { story: 'discharge-due', policy: { severities: { confirmed: ['severe', 'critical'] } }, unlawful: true },
  careLevels: {
    story: 'step-down', policy: { careLevels: { critical: { preferred: 'severe', allowed: ['intensive'] } } },
  },
  suspectedCareLevels: {
    story: 'suspected-among-confirmed',
    policy: { suspectedCareLevels: { ordinary: { preferred: 'intensive', allowed: [] } } },
  },
  destinations: { story: 'border-district', policy: { destinations: { ordinary: ['reserveHospital'] } } },
  suspectedDestinations: { story: 'suspected-among-confirmed', policy: { suspectedDestinations: ['isolationSite'] } },
  travelMinutesMax: { story: 'critical-too-far', policy: { travelMinutesMax: { critical: 200 } } },
  fitnessRequired: {
    story: 'discharge-due', given: { cases: { '甲县-0002': { fitness: 'unknown' } } },
    policy: { fitnessRequired: ['ordinary'] },
  },
  fitnessValidHours: { story: 'step-down', policy: { fitnessValidHours: 3 } },
  figureHoursMax: {
    story: 'border-district', given: { pools: { 'west/ordinary': { asOf: '2020-01-29T17:00:00+08:00' } } }, policy: { figureHoursMax: 6 },
  },
  dischargeWithinDays: { story: 'discharge-due', policy: { dischargeWithinDays: 3 } },
  safeFillPerMille: { story: 'border-district', policy: { safeFillPerMille: 200 } },
  warningLinePerMille: {
    story: 'surge-needs-reserve', given: { intake: intake(10, 10, 10) }, policy: { warningLinePerMille: 500 },
  },
  'material.bands': { story: 'material-half', policy: { material: { bands: [{ days: 2, norm: 'conventional', who: 'everybody' }] } } },
  'material.tiers': { story: 'material-welfare-checkpoint-icu', policy: { material: { tiers: { welfareHome: 1 } } } },
  'material.useCapPerMille': { story: 'material-plenty', policy: { material: { useCapPerMille: 0 } } },
  'material.sameDayMinutes': { story: 'material-expiring', policy: { material: { sameDayMinutes: 0 } } },
  'material.wishes': { story: 'material-short-substitute', policy: { material: { wishes: ['shortestRoad'] } } },
  'material.waysOut': { story: 'material-welfare-checkpoint-icu', policy: { material: { waysOut: ['addSupply'] } }, waysOut: true },
  'timetable.firstDeparture': { story: 'border-district', policy: { timetable: { firstDeparture: '10:00' } } },
  'timetable.lastReturn': { story: 'border-district', policy: { timetable: { lastReturn: '07:00' } } },
  'timetable.loadingMinutes': { story: 'border-district', policy: { timetable: { loadingMinutes: 20 } } },
  'timetable.handoverMinutes': { story: 'border-district', policy: { timetable: { handoverMinutes: 20 } } },
  'timetable.decontaminationMinutes': {
    story: 'border-district', policy: { timetable: { decontaminationMinutes: 60 } },
  },
  'timetable.crewMinutesMax': { story: 'border-district', policy: { timetable: { crewMinutesMax: 120 } } },
  'timetable.rounds': { story: 'overfull-as-found', given: TIGHT_FLEET, policy: { timetable: { rounds: 0 } } },
  'travelEstimate.kmPerHour': {
    story: 'critical-too-far', given: NO_TABLE, policy: { travelEstimate: { kmPerHour: 120 } },
  },
  'travelEstimate.detourPerMille': {
    story: 'critical-too-far', given: { ...NO_TABLE, policy: { travelEstimate: { kmPerHour: 120 } } },
    policy: { travelEstimate: { detourPerMille: 2500 } },
  },
  'urgentWeights.critical': { story: 'surge-needs-reserve', policy: { urgentWeights: { critical: 5 } } },
  'urgentWeights.severe': { story: 'chongqing-2020-01-29', policy: { urgentWeights: { severe: 2 } } },
  wishes: { story: 'border-district', policy: { wishes: ['oneHospitalPerUnit', 'minutes', 'loadBalance'] } },
  intakeDays: { story: 'surge-needs-reserve', given: { intake: intake(4, 4, 16) }, policy: { intakeDays: 1 } },
  waysOut: { story: 'impossible-demand', policy: { waysOut: ['withdrawOrder'] }, waysOut: true },
}
