import { CENTRALISED, type CityPatch } from './city.js'
import { broken, ill, kept, type MustRow, one, to } from './mustRow.js'
import { moves, type Paper } from './planning.js'

const ORDER = { orders: { 'O-1': { patient: 'south-1', pool: 'hub/ordinary' } } } as const satisfies CityPatch
/** Nine staffed beds of which five are occupied, one promised and one protected: two are usable. */
const TWO_USABLE = { pools: { 'hub/ordinary': { occupied: 5, held: 1, protected: 1 } } } as const satisfies CityPatch
const threeTo = (pool: string): Paper => ({ moves: moves({ 'south-1': pool, 'south-2': pool, 'south-3': pool }) })
const CHILD = { ageBand: '0-14', companion: 'south-1' } as const
const CARER_AND_CHILD = { 'south-1': {}, 'south-2': CHILD }
const THREE = { 'south-1': {}, 'south-2': {}, 'south-3': {} }
const SPARE: CityPatch = {
  places: { spare: { kind: 'reserveHospital' } }, travel: { 'dist→spare': 61 },
  pools: {
    'spare/ordinary#A': { block: 'spare/A' }, 'spare/intensive#A': { block: 'spare/A' },
    'spare/ordinary#B': { block: 'spare/B' },
  },
}
const spare = (blocks: NonNullable<CityPatch['blocks']>): CityPatch =>
  ({ ...SPARE, blocks: { 'spare/A': { sequence: 1 }, 'spare/B': { sequence: 2 }, ...blocks } })

export const PEOPLE_AND_PLACES: readonly MustRow[] = [
  broken('onePlace', 'nobody is moved twice', ['south-1'], {
    city: one({}), paper: { moves: [...moves({ 'south-1': 'hub/ordinary' }), ...moves({ 'south-1': 'hub/ordinary' })] },
  }),
  broken('onePlace', 'nobody is fetched from a bed in which they do not lie', ['south-1'], {
    city: one({}), paper: { moves: [{ patient: 'south-1', pool: 'hub/ordinary', fromPool: 'dist/ordinary' }] },
  }),
  kept('onePlace', 'three people once each', { city: ill(THREE), paper: threeTo('hub/ordinary') }),

  broken('together', 'the carer is moved and the child stays', ['south-2'], {
    city: ill(CARER_AND_CHILD), paper: to('hub/ordinary'),
  }),
  broken('together', 'two children are sent to another hospital than their carer', ['south-2', 'south-3'], {
    city: ill({ ...CARER_AND_CHILD, 'south-3': CHILD }, {
      places: { hub2: CENTRALISED }, pools: { 'hub2/ordinary': {} }, travel: { 'dist→hub2': 52 },
    }),
    paper: { moves: moves({ 'south-1': 'hub/ordinary', 'south-2': 'hub2/ordinary', 'south-3': 'hub2/ordinary' }) },
  }),
  kept('together', 'the child lies at the same hospital, in a bed of another level', {
    city: ill({ ...CARER_AND_CHILD, 'south-2': { ...CHILD, severity: 'severe' } }),
    paper: { moves: moves({ 'south-1': 'hub/ordinary', 'south-2': 'hub/severe' }) },
  }),
  kept('together', 'a child that lies elsewhere than its carer travels alone', {
    city: ill({ ...CARER_AND_CHILD, 'south-2': { ...CHILD, place: 'hub' } }), paper: to('hub/ordinary'),
  }),

  broken('ordersStand', 'an order that nobody carries out', ['O-1'], { city: one({}, ORDER), paper: {} }),
  broken('ordersStand', 'an order that ends in another bed', ['O-1'], {
    city: one({}, ORDER), paper: { moves: [{ patient: 'south-1', pool: 'hub/severe', order: 'O-1' }] },
  }),
  broken('ordersStand', 'a move of its own beside the order', ['O-1'], {
    city: one({}, ORDER), paper: to('hub/ordinary'),
  }),
  kept('ordersStand', 'the order carried out as issued', {
    city: one({}, ORDER), paper: { moves: [{ patient: 'south-1', pool: 'hub/ordinary', order: 'O-1' }] },
  }),

  // A hospital that is not under the command has no beds to give, so that its beds are exceeded as well.
  broken('underCommand', 'nobody is sent to a military hospital', ['hub'], {
    city: one({}, { places: { hub: { ...CENTRALISED, underCommand: false } } }), paper: to('hub/ordinary'),
    also: ['usableBeds'],
  }),
  broken('underCommand', 'nobody is fetched from a military hospital', ['camp'], {
    city: one({ place: 'camp' }, { places: { camp: { underCommand: false } }, travel: { 'camp→hub': 12 } }),
    paper: to('hub/ordinary'),
  }),
  kept('underCommand', 'a military hospital near by hinders nobody', {
    city: one({}, { places: { camp: { underCommand: false } }, pools: { 'camp/ordinary': {} } }),
    paper: to('hub/ordinary'),
  }),

  broken('lawfulPlace', 'a confirmed case is sent to another district hospital', ['south-1'], {
    city: one({}, { places: { dist2: {} }, pools: { 'dist2/ordinary': {} }, travel: { 'dist→dist2': 19 } }),
    paper: to('dist2/ordinary'),
  }),
  kept('lawfulPlace', 'a confirmed case changes beds inside the district hospital', {
    city: one({}), paper: to('dist/ordinary'),
  }),

  broken('careLevel', 'a severe case in an ordinary bed', ['south-1'], {
    city: one({ severity: 'severe' }), paper: to('hub/ordinary'),
  }),
  broken('careLevel', 'the plan calls an ordinary bed a severe one', ['south-1'], {
    city: one({}), paper: { moves: [{ patient: 'south-1', pool: 'hub/ordinary', careLevel: 'severe' }] },
  }),
  broken('careLevel', 'the plan calls a severe case ordinary', ['south-1'], {
    city: one({ severity: 'severe' }),
    paper: { moves: [{ patient: 'south-1', pool: 'hub/severe', severity: 'ordinary' }] },
  }),
  kept('careLevel', 'a severe case in an intensive bed', {
    city: one({ severity: 'severe' }), paper: to('hub/intensive'),
  }),

  broken('placeNeeds', 'two things needed, one there', ['south-1'], {
    city: one({ needs: ['dialysis', 'delivery'] }, {
      pools: { 'hub/ordinary': { attributes: ['delivery', 'paediatric'] } },
    }),
    paper: to('hub/ordinary'),
  }),
  kept('placeNeeds', 'one thing needed, and there', {
    city: one({ needs: ['delivery'] }, { pools: { 'hub/ordinary': { attributes: ['delivery', 'paediatric'] } } }),
    paper: to('hub/ordinary'),
  }),

  broken('singleRoom', 'a suspected case in a shared observation ward', ['south-1'], {
    city: one({ status: 'suspected' }, { pools: { 'dist/observation': {} } }), paper: to('dist/observation'),
  }),
  kept('singleRoom', 'a suspected case alone, a confirmed one in a ward', {
    city: ill({ 'south-1': { status: 'suspected' }, 'south-2': {} }),
    paper: { moves: moves({ 'south-1': 'dist/observation', 'south-2': 'hub/ordinary' }) },
  }),

  broken('inpatients', 'an inpatient in a fitting bed is moved to another centralised hospital', ['south-1'], {
    city: one({ place: 'hub', pool: 'hub/ordinary' }, {
      places: { hub2: CENTRALISED }, pools: { 'hub2/ordinary': {} }, travel: { 'hub→hub2': 52 },
    }),
    paper: to('hub2/ordinary'),
  }),
  broken('inpatients', 'two step down for one who comes', ['hub/intensive'], {
    city: ill({
      'south-1': { place: 'hub', pool: 'hub/intensive', severity: 'severe' },
      'south-2': { place: 'hub', pool: 'hub/intensive', severity: 'severe' }, 'south-3': { severity: 'critical' },
    }),
    paper: { moves: moves({ 'south-1': 'hub/severe', 'south-2': 'hub/severe', 'south-3': 'hub/intensive' }) },
  }),
  kept('inpatients', 'one steps down for one who comes', {
    city: ill({
      'south-1': { place: 'hub', pool: 'hub/intensive', severity: 'severe' }, 'south-3': { severity: 'critical' },
    }),
    paper: { moves: moves({ 'south-1': 'hub/severe', 'south-3': 'hub/intensive' }) },
  }),

  broken('dischargeDue', 'somebody who goes home the day after tomorrow is moved', ['south-1'], {
    city: one({ dischargeDue: '2020-02-01' }), paper: to('hub/ordinary'),
  }),
  kept('dischargeDue', 'somebody who goes home in three days is moved', {
    city: one({ dischargeDue: '2020-02-02' }), paper: to('hub/ordinary'),
  }),

  broken('fitness', 'a severe case rides on a judgement of the day before yesterday', ['south-1'], {
    city: one({ severity: 'severe', fitnessAssessedAt: '2020-01-28T12:00:00+08:00' }), paper: to('hub/severe'),
  }),
  kept('fitness', 'an unfit case changes beds without riding', {
    city: one({ fitness: 'unfit' }), paper: to('dist/ordinary'),
  }),

  broken('travelLimit', 'a critical case rides over three hours', ['south-1'], {
    city: one({ severity: 'critical' }, { travel: { 'dist→hub': 184 } }), paper: to('hub/intensive'),
  }),
  broken('travelLimit', 'the plan shortens the road', ['south-1'], {
    city: one({}), paper: { moves: [{ patient: 'south-1', pool: 'hub/ordinary', travelMinutes: 36 }] },
  }),
  kept('travelLimit', 'with an exception signed for today a critical case does', {
    city: one({ severity: 'critical', travelExceptionUntil: '2020-01-30T12:00:00+08:00' }, {
      travel: { 'dist→hub': 184 },
    }),
    paper: to('hub/intensive'),
  }),

  broken('usableBeds', 'three come into two usable beds', ['hub/ordinary'], {
    city: ill(THREE, TWO_USABLE), paper: threeTo('hub/ordinary'),
  }),
  broken('usableBeds', 'a bed that stands under an order is used twice', ['hub/ordinary'], {
    city: ill(THREE, { ...TWO_USABLE, ...ORDER }),
    paper: {
      moves: [
        { patient: 'south-1', pool: 'hub/ordinary', order: 'O-1' },
        ...moves({ 'south-2': 'hub/ordinary', 'south-3': 'hub/ordinary' }),
      ],
    },
  }),
  broken('usableBeds', 'somebody comes into beds of which nobody knows whether they are staffed', ['hub/ordinary'], {
    city: one({}, { pools: { 'hub/ordinary': { staffed: 'unknown' } } }), paper: to('hub/ordinary'),
  }),
  broken('usableBeds', 'a bed that somebody leaves by ambulance is filled again the same day', ['hub/severe'], {
    city: ill({
      'south-1': { place: 'hub', pool: 'hub/severe', severity: 'critical' }, 'south-2': { severity: 'severe' },
    }, {
      places: { hub2: CENTRALISED }, travel: { 'hub→hub2': 52 },
      pools: { 'hub/severe': { staffed: 1 }, 'hub2/intensive': {} },
    }),
    paper: { moves: moves({ 'south-1': 'hub2/intensive', 'south-2': 'hub/severe' }) },
  }),
  kept('usableBeds', 'two come into two usable beds', {
    city: ill({ 'south-1': {}, 'south-2': {} }, TWO_USABLE),
    paper: { moves: moves({ 'south-1': 'hub/ordinary', 'south-2': 'hub/ordinary' }) },
  }),
  kept('usableBeds', 'one who steps down frees a bed of a full ward', {
    city: ill({ 'south-1': { place: 'hub', pool: 'hub/severe' }, 'south-2': { severity: 'severe' } }, {
      pools: { 'hub/severe': { staffed: 1 } },
    }),
    paper: { moves: moves({ 'south-1': 'hub/ordinary', 'south-2': 'hub/severe' }) },
  }),
]

const ventilated = (free: number | 'unknown'): CityPatch =>
  ill({ 'south-1': { needs: ['ventilator'] }, 'south-2': { needs: ['ventilator'] }, 'south-3': {} }, {
    places: { hub: { ...CENTRALISED, ventilatorsFree: free } },
    pools: { 'hub/ordinary': { attributes: ['ventilator'] } },
  })

export const VENTILATORS_AND_RESERVES: readonly MustRow[] = [
  broken('ventilators', 'two need one and one is free', ['hub'], {
    city: ventilated(1), paper: threeTo('hub/ordinary'),
  }),
  broken('ventilators', 'one needs one and nobody knows how many are free', ['hub'], {
    city: ventilated('unknown'), paper: to('hub/ordinary'),
  }),
  kept('ventilators', 'two need one and two are free; the third needs none', {
    city: ventilated(2), paper: threeTo('hub/ordinary'),
  }),
  kept('ventilators', 'inside the hospital it moves along', {
    city: one({ place: 'hub', pool: 'hub/ordinary', severity: 'severe', needs: ['ventilator'] }, {
      places: { hub: { ...CENTRALISED, ventilatorsFree: 0 } }, pools: { 'hub/severe': { attributes: ['ventilator'] } },
    }),
    paper: to('hub/severe'),
  }),

  broken('reserveReady', 'a block is opened and filled before its conversion is signed', ['spare/A', 'spare/A'], {
    city: one({}, spare({ 'spare/A': { conversion: 'notSigned' } })),
    paper: { ...to('spare/ordinary#A'), opened: ['spare/A'] },
  }),
  broken('reserveReady', 'a critical case in a block that is not signed for critical care', ['spare/A'], {
    city: one({ severity: 'critical' }, spare({ 'spare/A': { critical: 'unknown' } })),
    paper: { ...to('spare/intensive#A'), opened: ['spare/A'] },
  }),
  broken('reserveReady', 'people come into a block that nobody opens', ['spare/A'], {
    city: one({}, spare({})), paper: to('spare/ordinary#A'),
  }),
  broken('reserveReady', 'the second block is opened before the first', ['spare/A'], {
    city: one({}, spare({})), paper: { ...to('spare/ordinary#B'), opened: ['spare/B'] },
  }),
  broken('reserveReady', 'an unsigned block is opened though nobody comes', ['spare/A'], {
    city: one({}, spare({ 'spare/A': { clearing: 'notSigned' } })),
    paper: { ...to('hub/ordinary'), opened: ['spare/A'] },
  }),
  kept('reserveReady', 'both blocks opened for somebody in the second', {
    city: one({}, spare({})), paper: { ...to('spare/ordinary#B'), opened: ['spare/A', 'spare/B'] },
  }),
  kept('reserveReady', 'the second alone where the first is open already', {
    city: one({}, spare({ 'spare/A': { sequence: 1, opened: true } })),
    paper: { ...to('spare/ordinary#B'), opened: ['spare/B'] },
  }),
]
