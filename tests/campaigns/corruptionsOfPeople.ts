import { alsoMoved, type LieOfDeed, sentTo, withMove, withoutMove } from './corruption.js'
import { story } from './given.js'

/** No vehicle rows and no timetable: a lie about people and beds then breaks nothing about trips. */
const WITHOUT_TRIPS = { fleet: 'unlimited' } as const

/** Musts about single people. */
export const CORRUPTIONS_OF_PEOPLE: readonly LieOfDeed[] = [
  {
    kind: 'deed',
    name: 'a critical case in an ordinary bed',
    rule: 'careLevel',
    scenario: () => story('surge-needs-reserve', WITHOUT_TRIPS),
    corrupt: (plan, world) => sentTo(plan, world, { patient: '乙县-0001', pool: 'reserve#1/ordinary' }),
  },
  {
    kind: 'deed',
    name: 'a line that names another care level than the bed has',
    rule: 'careLevel',
    scenario: () => story('border-district'),
    corrupt: (plan) => withMove(plan, '甲县-0001', { careLevel: 'severe' }),
  },
  {
    kind: 'deed',
    name: 'a line that names another severity than the patient has',
    rule: 'careLevel',
    scenario: () => story('border-district'),
    corrupt: (plan) => withMove(plan, '甲县-0001', { severity: 'severe' }),
  },
  {
    kind: 'deed',
    name: 'a patient moved twice',
    rule: 'onePlace',
    scenario: () => story('border-district', WITHOUT_TRIPS),
    corrupt: (plan) => ({ ...plan, moves: [...plan.moves, ...plan.moves.slice(0, 1)] }),
  },
  {
    kind: 'deed',
    name: 'a patient fetched from where they do not lie',
    rule: 'onePlace',
    scenario: () => story('border-district', WITHOUT_TRIPS),
    corrupt: (plan, world) => withMove(plan, '甲县-0001', {
      from: 'dd-bing', fromPool: 'dd-bing/ordinary', travelMinutes: world.minutesBetween('dd-bing', 'east') ?? 0,
    }),
  },
  {
    kind: 'deed',
    name: 'a patient moved though unfit to travel',
    rule: 'fitness',
    scenario: () => story('border-district', { ...WITHOUT_TRIPS, cases: { '甲县-0001': { fitness: 'unfit' } } }),
    corrupt: (plan, world) => alsoMoved(plan, world, { patient: '甲县-0001', pool: 'east/ordinary' }),
  },
  {
    kind: 'deed',
    name: 'a severe case moved without any assessment',
    rule: 'fitness',
    scenario: () => story('surge-needs-reserve', { ...WITHOUT_TRIPS, cases: { '甲县-0001': { fitness: 'unknown' } } }),
    corrupt: (plan, world) => alsoMoved(plan, world, { patient: '甲县-0001', pool: 'east/intensive' }),
  },
  {
    kind: 'deed',
    name: 'a patient moved though due for discharge',
    rule: 'dischargeDue',
    scenario: () => story('discharge-due', WITHOUT_TRIPS),
    corrupt: (plan, world) => alsoMoved(plan, world, { patient: '甲县-0001', pool: 'east/ordinary' }),
  },
  {
    kind: 'deed',
    name: 'an inpatient of a hub moved to another hub',
    rule: 'inpatients',
    scenario: () => story('overfull-as-found', WITHOUT_TRIPS),
    corrupt: (plan, world) => alsoMoved(plan, world, { patient: '乙县-0001', pool: 'south/ordinary' }),
  },
  {
    kind: 'deed',
    name: 'a step down that nobody needs',
    rule: 'inpatients',
    scenario: () => story('step-down', { ...WITHOUT_TRIPS, cases: { '甲县-0001': { fitness: 'unfit' } } }),
    corrupt: (plan, world) => alsoMoved(plan, world, { patient: '乙县-0002', pool: 'east/severe' }),
  },
  {
    kind: 'deed',
    name: 'an order that stands dropped',
    rule: 'ordersStand',
    scenario: () => story('orders-stand'),
    corrupt: (plan) => withoutMove(plan, '甲县-0001'),
  },
  {
    kind: 'deed',
    name: 'an order that stands sent elsewhere',
    rule: 'ordersStand',
    scenario: () => story('orders-stand'),
    corrupt: (plan, world) => sentTo(plan, world, { patient: '甲县-0001', pool: 'north/ordinary' }),
  },
  {
    kind: 'deed',
    name: 'an order that stands shown as a move of this plan',
    rule: 'ordersStand',
    scenario: () => story('orders-stand', WITHOUT_TRIPS),
    corrupt: (plan) => withMove(plan, '甲县-0001', { order: null }),
  },
  {
    kind: 'deed',
    name: 'a child in a bed that is not for children',
    rule: 'placeNeeds',
    scenario: () => story('carer-and-child', WITHOUT_TRIPS),
    corrupt: (plan, world) => {
      const carer = sentTo(plan, world, { patient: '甲县-0001', pool: 'north/ordinary' })
      return sentTo(carer, world, { patient: '甲县-0002', pool: 'north/ordinary' })
    },
  },
  {
    kind: 'deed',
    name: 'a child parted from its carer',
    rule: 'together',
    scenario: () => story('carer-and-child', WITHOUT_TRIPS),
    corrupt: (plan) => withoutMove(plan, '甲县-0001'),
  },
  {
    kind: 'deed',
    name: 'a critical case taken beyond the travel limit',
    rule: 'travelLimit',
    scenario: () => story('critical-too-far', WITHOUT_TRIPS),
    corrupt: (plan, world) => alsoMoved(plan, world, { patient: '甲县-0001', pool: 'east/intensive' }),
  },
  {
    kind: 'deed',
    name: 'travel minutes that are not the road’s',
    rule: 'travelLimit',
    scenario: () => story('border-district'),
    corrupt: (plan) => withMove(plan, '甲县-0001', { travelMinutes: 11 }),
  },
]
