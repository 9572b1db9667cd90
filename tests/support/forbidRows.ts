import { CENTRALISED, type CityPatch } from './city.js'

/** One question to every must that closes single beds: only `rule` may say no, and `subject` is what it names. */
export interface ForbidRow {
  readonly rule: string
  readonly says: string
  readonly forbids: boolean
  readonly city: CityPatch
  readonly patient?: string
  readonly pool: string
  readonly inside?: boolean
  readonly subject?: string
}

const POOLS = {
  'hub/intensive': {}, 'hub/severe': {}, 'hub/ordinary': {}, 'hub/observation': { attributes: ['singleRoom'] },
  'dist/ordinary': {}, 'dist/observation': { attributes: ['singleRoom'] },
} as const satisfies CityPatch['pools']
const SPARE: CityPatch = { places: { spare: { kind: 'reserveHospital' } }, travel: { 'dist→spare': 61 } }

const person = (row: NonNullable<CityPatch['cases']>[string], more: CityPatch = {}): CityPatch => ({
  ...more, pools: { ...POOLS, ...more.pools }, cases: { 'south-1': row },
})
/** Somebody who already lies in the centralised hospital, with a second one 52 minutes away. */
const inpatient = (severity: 'critical' | 'severe' | 'ordinary', pool: string | null): CityPatch =>
  person({ severity, place: 'hub', pool }, {
    places: { hub2: CENTRALISED }, travel: { 'hub→hub2': 52 },
    pools: { 'hub2/intensive': {}, 'hub2/severe': {}, 'hub2/ordinary': {} },
  })
type Block = NonNullable<NonNullable<CityPatch['blocks']>[string]>
const block = (row: Block, severity: 'critical' | 'ordinary' = 'ordinary') =>
  person({ severity }, {
    ...SPARE, blocks: { 'spare/A': row },
    pools: { 'spare/ordinary': { block: 'spare/A' }, 'spare/intensive': { block: 'spare/A' } },
  })
const ride = (severity: 'critical' | 'severe' | 'ordinary', minutes: number, more: object = {}): CityPatch =>
  person({ severity, ...more }, { travel: { 'dist→hub': minutes } })

const receiving = (arrivalsPerHour: number | 'unknown', more: CityPatch = {}): CityPatch =>
  person({}, { ...more, places: { hub: { ...CENTRALISED, arrivalsPerHour } } })

type Rest = Omit<ForbidRow, 'rule' | 'says' | 'forbids'>
const yes = (rule: string, says: string, row: Rest): ForbidRow => ({ rule, says, forbids: false, ...row })
const no = (rule: string, says: string, row: Rest & { subject: string }): ForbidRow =>
  ({ rule, says, forbids: true, ...row })

export const FORBIDS: readonly ForbidRow[] = [
  yes('inpatients', 'whoever lies in a reserve block that nobody signed ready may leave it', {
    city: person({ place: 'spare', pool: 'spare/ordinary' }, {
      ...SPARE, travel: { 'spare→hub': 61 }, blocks: { 'spare/A': { staff: 'notSigned' } }, pools: { 'spare/ordinary': { block: 'spare/A' } },
    }),
    pool: 'hub/ordinary',
  }),
  no('inpatients', 'whoever lies in one that is open stays', {
    city: person({ place: 'spare', pool: 'spare/ordinary' }, {
      ...SPARE, travel: { 'spare→hub': 61 }, blocks: { 'spare/A': { staff: 'notSigned', opened: true } },
      pools: { 'spare/ordinary': { block: 'spare/A' } },
    }),
    pool: 'hub/ordinary', subject: 'spare',
  }),
  no('arrivalsPerHour', 'a hospital that takes no trips takes nobody, unlimited ambulances or not', {
    city: receiving(0), pool: 'hub/ordinary', subject: 'hub',
  }),
  no('arrivalsPerHour', 'nor one that did not say how many', {
    city: receiving('unknown', { fleet: 'listed', vehicles: { V1: {} } }), pool: 'hub/ordinary', subject: 'hub',
  }),
  yes('arrivalsPerHour', 'one trip an hour is enough for one', { city: receiving(1), pool: 'hub/ordinary' }),
  yes('arrivalsPerHour', 'nobody has to be taken in who is there already', {
    city: person({ place: 'hub', pool: 'hub/ordinary', severity: 'severe' }, { places: { hub: { ...CENTRALISED, arrivalsPerHour: 0 } } }),
    pool: 'hub/severe', inside: true,
  }),
  no('underCommand', 'a military hospital is never planned', {
    city: person({}, { places: { hub: { ...CENTRALISED, underCommand: false } } }),
    pool: 'hub/ordinary', subject: 'hub',
  }),
  no('underCommand', 'nor are those who lie there', {
    city: person({ place: 'camp' }, { places: { camp: { underCommand: false } }, travel: { 'camp→hub': 12 } }),
    pool: 'hub/ordinary', subject: 'camp',
  }),
  yes('underCommand', 'a hospital under the command is', { city: person({}), pool: 'hub/ordinary' }),

  no('lawfulPlace', 'a confirmed case does not go to another district hospital', {
    city: person({}, { places: { dist2: {} }, pools: { 'dist2/ordinary': {} }, travel: { 'dist→dist2': 19 } }),
    pool: 'dist2/ordinary', subject: 'dist2',
  }),
  yes('lawfulPlace', 'a confirmed case may change beds inside the district hospital', {
    city: person({}), pool: 'dist/ordinary', inside: true,
  }),
  yes('lawfulPlace', 'a suspected case may go to another district hospital', {
    city: person({ status: 'suspected' }, {
      places: { dist2: {} }, pools: { 'dist2/observation': { attributes: ['singleRoom'] } },
      travel: { 'dist→dist2': 19 },
    }),
    pool: 'dist2/observation',
  }),
  no('lawfulPlace', 'a confirmed case does not go to an isolation site', {
    city: person({}, {
      places: { hotel: { kind: 'isolationSite' } }, pools: { 'hotel/ordinary': {} }, travel: { 'dist→hotel': 8 },
    }),
    pool: 'hotel/ordinary', subject: 'hotel',
  }),

  no('careLevel', 'an ordinary case takes no intensive bed', {
    city: person({}), pool: 'hub/intensive', subject: 'hub',
  }),
  yes('careLevel', 'an ordinary case may take a severe bed', { city: person({}), pool: 'hub/severe' }),
  no('careLevel', 'a severe case is not served by an ordinary bed', {
    city: person({ severity: 'severe' }), pool: 'hub/ordinary', subject: 'hub',
  }),
  yes('careLevel', 'a severe case may take an intensive bed', {
    city: person({ severity: 'severe' }), pool: 'hub/intensive',
  }),
  no('careLevel', 'a critical case is not served by a severe bed', {
    city: person({ severity: 'critical' }), pool: 'hub/severe', subject: 'hub',
  }),
  no('careLevel', 'an ordinary suspected case takes no ward bed, even alone in its room', {
    city: person({ status: 'suspected' }, { pools: { 'hub/ordinary': { attributes: ['singleRoom'] } } }),
    pool: 'hub/ordinary', subject: 'hub',
  }),

  no('placeNeeds', 'two things needed, one there: the bed does not serve', {
    city: person({ needs: ['dialysis', 'paediatric'] }, {
      pools: { 'hub/ordinary': { attributes: ['dialysis', 'ventilator'] } },
    }),
    pool: 'hub/ordinary', subject: 'hub',
  }),
  yes('placeNeeds', 'both there, and more: the bed serves', {
    city: person({ needs: ['dialysis', 'paediatric'] }, {
      pools: { 'hub/ordinary': { attributes: ['paediatric', 'ventilator', 'dialysis'] } },
    }),
    pool: 'hub/ordinary',
  }),

  no('singleRoom', 'a suspected case does not share an observation ward', {
    city: person({ status: 'suspected' }, { pools: { 'dist/observation': {} } }), pool: 'dist/observation',
    inside: true, subject: 'dist',
  }),
  yes('singleRoom', 'a suspected case lies in a single observation room', {
    city: person({ status: 'suspected' }), pool: 'dist/observation', inside: true,
  }),
  no('singleRoom', 'an isolation site without doctors and tests is no place for a suspected case', {
    city: person({ status: 'suspected' }, {
      places: { hotel: { kind: 'isolationSite' } }, pools: { 'hotel/observation': { attributes: ['singleRoom'] } },
      travel: { 'dist→hotel': 8 },
    }),
    pool: 'hotel/observation', subject: 'hotel',
  }),
  yes('singleRoom', 'an isolation site with doctors and tests may be', {
    city: person({ status: 'suspected' }, {
      places: { hotel: { kind: 'isolationSite' } },
      pools: { 'hotel/observation': { attributes: ['doctorsAndTests', 'singleRoom'] } }, travel: { 'dist→hotel': 8 },
    }),
    pool: 'hotel/observation',
  }),
  yes('singleRoom', 'a confirmed case needs no single room', { city: person({}), pool: 'hub/ordinary' }),

  no('inpatients', 'an ordinary case in a fitting bed of one centralised hospital is not moved to another', {
    city: inpatient('ordinary', 'hub/ordinary'), pool: 'hub2/ordinary', subject: 'hub',
  }),
  no('inpatients', 'nor is one whose bed there nobody wrote down', {
    city: inpatient('ordinary', null), pool: 'hub2/ordinary', subject: 'hub',
  }),
  yes('inpatients', 'a case that became severe in an ordinary bed moves up, even to another hospital', {
    city: inpatient('severe', 'hub/ordinary'), pool: 'hub2/severe',
  }),
  yes('inpatients', 'a severe case steps down from an intensive bed inside the hospital', {
    city: inpatient('severe', 'hub/intensive'), pool: 'hub/severe', inside: true,
  }),
  no('inpatients', 'but not to a severe bed of another hospital', {
    city: inpatient('severe', 'hub/intensive'), pool: 'hub2/severe', subject: 'hub',
  }),
  no('inpatients', 'a severe case in its severe bed is not moved up without need', {
    city: inpatient('severe', 'hub/severe'), pool: 'hub/intensive', inside: true, subject: 'hub',
  }),
  no('inpatients', 'an ordinary case that lies in an intensive bed is not sent to another hospital', {
    city: inpatient('ordinary', 'hub/intensive'), pool: 'hub2/ordinary', subject: 'hub',
  }),
  yes('inpatients', 'but may step down inside it', {
    city: inpatient('ordinary', 'hub/intensive'), pool: 'hub/ordinary', inside: true,
  }),
  yes('inpatients', 'a case in a district hospital is no such inpatient', {
    city: person({ pool: 'dist/ordinary' }), pool: 'hub/ordinary',
  }),

  no('dischargeDue', 'a case due for discharge the day after tomorrow stays', {
    city: person({ dischargeDue: '2020-02-01' }), pool: 'hub/ordinary', subject: 'dist',
  }),
  no('dischargeDue', 'one that was due yesterday stays', {
    city: person({ dischargeDue: '2020-01-29' }), pool: 'hub/ordinary', subject: 'dist',
  }),
  no('dischargeDue', 'and does not even change beds', {
    city: person({ dischargeDue: '2020-01-30' }), pool: 'dist/ordinary', inside: true, subject: 'dist',
  }),
  yes('dischargeDue', 'one that is due in three days moves', {
    city: person({ dischargeDue: '2020-02-02' }), pool: 'hub/ordinary',
  }),

  no('fitness', 'a severe case that nobody assessed does not ride', {
    city: person({ severity: 'severe', fitness: 'unknown', fitnessAssessedAt: null }), pool: 'hub/severe',
    subject: 'dist',
  }),
  yes('fitness', 'an ordinary case that nobody assessed may', {
    city: person({ fitness: 'unknown', fitnessAssessedAt: null }), pool: 'hub/ordinary',
  }),
  no('fitness', 'an ordinary case judged unfit may not', {
    city: person({ fitness: 'unfit' }), pool: 'hub/ordinary', subject: 'dist',
  }),
  // The first vehicle leaves at six; a judgement holds for 24 hours.
  no('fitness', 'a critical case judged fit at five in the morning of the day before does not ride', {
    city: person({ severity: 'critical', fitnessAssessedAt: '2020-01-29T05:00:00+08:00' }),
    pool: 'hub/intensive', subject: 'dist',
  }),
  yes('fitness', 'a critical case judged fit at seven in the morning of the day before does', {
    city: person({ severity: 'critical', fitnessAssessedAt: '2020-01-29T07:00:00+08:00' }), pool: 'hub/intensive',
  }),
  yes('fitness', 'an unfit case may change beds inside the hospital', {
    city: person({ fitness: 'unfit' }), pool: 'dist/ordinary', inside: true,
  }),

  no('travelLimit', 'a critical case does not ride 181 minutes', {
    city: ride('critical', 181), pool: 'hub/intensive', subject: 'dist',
  }),
  yes('travelLimit', 'a critical case may ride 180 minutes', { city: ride('critical', 180), pool: 'hub/intensive' }),
  no('travelLimit', 'a severe case does not ride 241 minutes', {
    city: ride('severe', 241), pool: 'hub/severe', subject: 'dist',
  }),
  yes('travelLimit', 'an ordinary case may ride 480 minutes', { city: ride('ordinary', 480), pool: 'hub/ordinary' }),
  yes('travelLimit', 'a signed exception lifts the limit while it holds', {
    city: ride('critical', 305, { travelExceptionUntil: '2020-01-30T18:00:00+08:00' }), pool: 'hub/intensive',
  }),
  no('travelLimit', 'an exception that lapses before the first vehicle leaves does not', {
    city: ride('critical', 305, { travelExceptionUntil: '2020-01-30T05:59:00+08:00' }),
    pool: 'hub/intensive', subject: 'dist',
  }),

  no('reserveReady', 'a block whose staff is not signed takes nobody', {
    city: block({ staff: 'notSigned' }), pool: 'spare/ordinary', subject: 'spare/A',
  }),
  no('reserveReady', 'a block of whose oxygen nobody knows takes nobody', {
    city: block({ oxygen: 'unknown' }), pool: 'spare/ordinary', subject: 'spare/A',
  }),
  no('reserveReady', 'a block not signed for critical care takes no critical case', {
    city: block({ critical: 'notSigned' }, 'critical'), pool: 'spare/intensive', subject: 'spare/A',
  }),
  yes('reserveReady', 'but takes an ordinary one', { city: block({ critical: 'notSigned' }), pool: 'spare/ordinary' }),
  yes('reserveReady', 'a block signed for critical care takes a critical case', {
    city: block({}, 'critical'), pool: 'spare/intensive',
  }),
]
