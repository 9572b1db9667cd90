import fc from 'fast-check'
import type { Status } from '../../src/cases/cases.js'
import type { CareLevel } from '../../src/facilities/beds.js'
import { among, index, often } from './tinyDraw.js'

/** Nothing stands in the way of this one but beds and vehicles. */
const plain = fc.record({
  unit: fc.constant(0),
  place: fc.constant(1),
  pool: fc.constant(null),
  status: fc.constant<Status>('confirmed'),
  severity: among<'ordinary' | 'severe' | 'critical'>('ordinary', 'severe', 'critical'),
  waited: fc.nat(72),
  fitness: fc.constant<'fit'>('fit'),
  assessedHoursAgo: fc.constant(6),
  validHours: fc.constant(null),
  needs: fc.constant<'ventilator'[]>([]),
  companion: fc.constant(null),
  dischargeInDays: fc.constant(null),
  travelExceptionHours: fc.constant(null),
  lastPlan: fc.constant(null),
})

/** Lies above the level that would do, so that a bed can be freed inside the house. */
const above = fc.tuple(plain, among(0, 1), among<Status>('confirmed', 'suspected'))
  .map(([calm, place, status]) => ({ ...calm, place, pool: 1, status, severity: 'severe' as const }))

/** Suspected, perhaps alone in a room already, and wanted somewhere by the last plan. */
const apart = fc.tuple(plain, among(1, 2), index)
  .map(([calm, place, to]) => ({
    ...calm, place, pool: 3, status: 'suspected' as const, severity: 'ordinary' as const,
    lastPlan: { to, careLevel: 'observation' as const },
  }))

const odd = fc.record({
  unit: among(0, 0, 1),
  place: among(1, 1, 1, 0, 0, 2, 3),
  pool: fc.option(index, { freq: 8 }),
  status: among<Status>('confirmed', 'confirmed', 'confirmed', 'suspected', 'asymptomatic'),
  severity: among<'ordinary' | 'severe' | 'critical' | 'mild'>(
    'ordinary', 'ordinary', 'severe', 'severe', 'critical', 'critical', 'mild',
  ),
  waited: fc.option(fc.nat(72), { freq: 6 }),
  fitness: often<'fit' | 'unknown' | 'unfit'>('fit', 'unknown', 'unfit'),
  assessedHoursAgo: often(6, 6, 30),
  validHours: often<number | null>(null, 3, 48),
  needs: often<('ventilator' | 'dialysis')[]>([], ['ventilator'], ['dialysis']),
  companion: fc.option(fc.record({ of: index, together: often(true, false) }), { freq: 1 }),
  dischargeInDays: often<number | null>(null, 0, 2, 3),
  travelExceptionHours: often<number | null>(null, -2, 24),
  lastPlan: fc.option(
    fc.record({ to: index, careLevel: among<CareLevel>('ordinary', 'severe', 'intensive', 'observation') }),
    { freq: 1 },
  ),
})

export const person = fc.oneof(
  { weight: 4, arbitrary: plain },
  { weight: 2, arbitrary: above },
  { weight: 1, arbitrary: apart },
  { weight: 4, arbitrary: odd },
)
