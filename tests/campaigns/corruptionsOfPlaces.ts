import type { Plan } from '../../src/planning/plan.js'
import { alsoMoved, type LieOfDeed, opening, sentTo } from './corruption.js'
import { story } from './given.js'

const WITHOUT_TRIPS = { fleet: 'unlimited' } as const
const SIGNED = { clearing: 'signed', conversion: 'signed', oxygen: 'signed', staff: 'signed', critical: 'notSigned' }

/** A reserve of two signed blocks, of which the first is enough. */
const twoBlocks = () => story('reserve-not-ready', {
  ...WITHOUT_TRIPS,
  blocks: {
    'reserve#1': SIGNED,
    'reserve#2': { ...SIGNED, place: 'reserve', sequence: 2, opened: false, leadDays: 2, source: 'made up' },
  },
  pools: {
    'reserve#2/ordinary': {
      place: 'reserve', block: 'reserve#2', careLevel: 'ordinary', physical: 20, staffed: 20, occupied: 0, held: 0,
      protected: 0, oxygenBeds: 'notTracked', source: 'made up',
    },
  },
})
const IN_RESERVE = ['甲县-0001', '甲县-0003', '甲县-0005']

/** Musts about places, beds and blocks. */
export const CORRUPTIONS_OF_PLACES: readonly LieOfDeed[] = [
  {
    kind: 'deed',
    name: 'more patients than usable beds',
    rule: 'usableBeds',
    scenario: () => story('waits-longest-first', WITHOUT_TRIPS),
    corrupt: (plan, world) => alsoMoved(plan, world, { patient: '甲县-0001', pool: 'east/ordinary' }),
  },
  {
    kind: 'deed',
    name: 'a patient in a hospital that did not report',
    rule: 'usableBeds',
    scenario: () => story('hospital-did-not-report', WITHOUT_TRIPS),
    corrupt: (plan, world) => sentTo(plan, world, { patient: '甲县-0001', pool: 'east/ordinary' }),
  },
  {
    kind: 'deed',
    name: 'a protected bed given away',
    rule: 'usableBeds',
    scenario: () => story('surge-needs-reserve', WITHOUT_TRIPS),
    corrupt: (plan, world) => sentTo(plan, world, { patient: '乙县-0001', pool: 'east/intensive' }),
  },
  {
    kind: 'deed',
    name: 'a place that is not under the command',
    rule: 'underCommand',
    // Nothing there is usable either.
    also: ['usableBeds'],
    scenario: () => story('border-district', { ...WITHOUT_TRIPS, places: { east: { underCommand: false } } }),
    corrupt: (plan, world) => sentTo(plan, world, { patient: '甲县-0001', pool: 'east/ordinary' }),
  },
  {
    kind: 'deed',
    name: 'a confirmed case sent to another district’s hospital',
    rule: 'lawfulPlace',
    scenario: () => story('border-district', WITHOUT_TRIPS),
    corrupt: (plan, world) => sentTo(plan, world, { patient: '甲县-0001', pool: 'dd-bing/ordinary' }),
  },
  {
    kind: 'deed',
    name: 'a suspected case among confirmed ones',
    rule: 'singleRoom',
    scenario: () => story('suspected-among-confirmed', {
      ...WITHOUT_TRIPS, policy: { suspectedCareLevels: { ordinary: { allowed: ['ordinary'] } } },
    }),
    corrupt: (plan, world) => sentTo(plan, world, { patient: '甲县-0003', pool: 'east/ordinary' }),
  },
  {
    kind: 'deed',
    name: 'a reserve block that is not signed',
    rule: 'reserveReady',
    scenario: () => story('reserve-not-ready', WITHOUT_TRIPS),
    corrupt: (plan, world) =>
      opening(alsoMoved(plan, world, { patient: '甲县-0001', pool: 'reserve#1/ordinary' }), ['reserve#1']),
  },
  {
    kind: 'deed',
    name: 'an unsigned block opened for nobody',
    rule: 'reserveReady',
    scenario: () => story('reserve-not-ready'),
    corrupt: (plan) => opening(plan, ['reserve#1']),
  },
  {
    kind: 'deed',
    name: 'a critical case in a block not signed for them',
    rule: 'reserveReady',
    scenario: () => story('surge-needs-reserve', {
      ...WITHOUT_TRIPS, blocks: { 'reserve#1': { critical: 'notSigned' } },
    }),
    corrupt: (plan, world) =>
      opening(alsoMoved(plan, world, { patient: '乙县-0002', pool: 'reserve#1/intensive' }), ['reserve#1']),
  },
  {
    kind: 'deed',
    name: 'blocks opened out of their sequence',
    rule: 'reserveReady',
    scenario: twoBlocks,
    corrupt: (plan, world) => {
      const later = (moved: Plan, patient: string) => sentTo(moved, world, { patient, pool: 'reserve#2/ordinary' })
      return opening(IN_RESERVE.reduce(later, plan), ['reserve#2'])
    },
  },
  {
    kind: 'deed',
    name: 'patients in a block that is said to stay shut',
    rule: 'reserveReady',
    scenario: twoBlocks,
    corrupt: (plan) => opening(plan, []),
  },
  {
    kind: 'deed',
    name: 'more patients on ventilators than are free',
    rule: 'ventilators',
    scenario: () => story('border-district', {
      ...WITHOUT_TRIPS,
      places: { east: { ventilatorsFree: 0 } },
      pools: { 'east/ordinary': { attributes: ['ventilator'] } },
      cases: { '甲县-0001': { needs: ['ventilator'] } },
    }),
    corrupt: (plan, world) => alsoMoved(plan, world, { patient: '甲县-0001', pool: 'east/ordinary' }),
  },
]
