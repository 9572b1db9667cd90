import type { Plan } from '../../src/planning/plan.js'
import { type LieOfWord, retold, withMove, withoutMove, withTrip } from './corruption.js'
import { story } from './given.js'

const border = () => story('border-district')
const someoneLeft = () => story('waits-longest-first')

/** A lie in what the plan says of itself; nothing else is retold. */
const told = (lie: Pick<LieOfWord, 'name' | 'rule' | 'corrupt'> & Partial<LieOfWord>): LieOfWord =>
  ({ kind: 'word', scenario: border, ...lie })

const withLevel = (plan: Plan, rank: number, change: Partial<Plan['levels'][number]>): Plan =>
  ({ ...plan, levels: plan.levels.map((level) => (level.rank === rank ? { ...level, ...change } : level)) })

/** Form, identity, and the figures that follow from the moves. */
export const CORRUPTIONS_OF_FIGURES: readonly LieOfWord[] = [
  told({
    name: 'half a minute',
    rule: 'shape',
    corrupt: (plan) => withMove(plan, '甲县-0001', { travelMinutes: 12.5 }),
  }),
  told({ name: 'half a patient in a level', rule: 'shape', corrupt: (plan) => withLevel(plan, 1, { value: 0.5 }) }),
  told({ name: 'a field that no plan has', rule: 'shape', corrupt: (plan) => ({ ...plan, approved: true }) }),
  told({ name: 'no list of those who are left', rule: 'shape', corrupt: ({ unplaced: _unplaced, ...plan }) => plan }),
  told({
    name: 'a place that is not known',
    rule: 'known',
    corrupt: (plan) => withMove(plan, '甲县-0001', { to: 'nowhere' }),
  }),
  told({
    name: 'a patient who is not known',
    rule: 'known',
    corrupt: (plan) => withMove(plan, '甲县-0001', { patient: '甲县-9999' }),
  }),
  told({
    name: 'a bed of another place',
    rule: 'known',
    corrupt: (plan) => withMove(plan, '甲县-0001', { pool: 'west/ordinary' }),
  }),
  told({
    name: 'a vehicle that is not known',
    rule: 'known',
    corrupt: (plan) => withTrip(plan, '甲县-0001', (trip) => ({ ...trip, vehicle: 'v-9' })),
  }),
  told({
    name: 'an order that is not known',
    rule: 'known',
    corrupt: (plan) => withMove(plan, '甲县-0001', { order: 'T-9999' }),
  }),
  told({
    name: 'one trip number twice',
    rule: 'known',
    corrupt: (plan) => ({ ...plan, trips: plan.trips.map((trip) => ({ ...trip, id: 'T0001' })) }),
  }),
  told({
    name: 'a patient who is in no list',
    rule: 'unplaced',
    corrupt: (plan, world) => ({ ...retold(withoutMove(plan, '甲县-0001'), world), unplaced: plan.unplaced }),
  }),
  told({
    name: 'somebody who is left and not listed',
    rule: 'unplaced',
    scenario: someoneLeft,
    corrupt: (plan) => ({ ...plan, unplaced: plan.unplaced.slice(1) }),
  }),
  told({
    name: 'somebody listed twice as left',
    rule: 'unplaced',
    scenario: someoneLeft,
    corrupt: (plan) => ({ ...plan, unplaced: [...plan.unplaced, ...plan.unplaced.slice(0, 1)] }),
  }),
  told({
    name: 'a level said to be better than it is',
    rule: 'levels',
    // The need is then no longer told as one that is not met.
    also: ['unmet'],
    scenario: someoneLeft,
    corrupt: (plan) => withLevel(plan, 4, { value: 0 }),
  }),
  told({
    name: 'a level left out',
    rule: 'levels',
    corrupt: (plan) => ({ ...plan, levels: plan.levels.slice(0, -1) }),
  }),
  told({
    name: 'levels in another order',
    rule: 'levels',
    corrupt: (plan) => {
      const reversed = [...plan.levels].reverse()
      return { ...plan, levels: reversed.map((level, i) => ({ ...level, rank: i + 1 })) }
    },
  }),
  told({
    name: 'no next best place where there is one',
    rule: 'nextBest',
    corrupt: (plan) => withMove(plan, '甲县-0001', { nextBest: null }),
  }),
  told({
    name: 'a next best place that is said to be equal',
    rule: 'nextBest',
    corrupt: (plan) => {
      const nextBest = plan.moves.find(({ patient }) => patient === '甲县-0001')?.nextBest ?? null
      return withMove(plan, '甲县-0001', { nextBest: nextBest === null ? null : { ...nextBest, differences: [] } })
    },
  }),
  told({
    name: 'more concentration than there is',
    rule: 'concentration',
    corrupt: (plan) => ({ ...plan, concentration: { ...plan.concentration, before: plan.concentration.after } }),
  }),
  told({
    name: 'the hash of another snapshot',
    rule: 'identity',
    corrupt: (plan) => ({ ...plan, snapshotHash: 'ab'.repeat(32) }),
  }),
  told({
    name: 'the seed of another lot',
    rule: 'identity',
    corrupt: (plan) => ({ ...plan, lotSeed: 'drawn again' }),
  }),
  told({
    name: 'another policy edition',
    rule: 'identity',
    corrupt: (plan) => ({ ...plan, policyEdition: { ...plan.policyEdition, edition: '2022-11' } }),
  }),
  told({
    name: 'a demanded need that is not met',
    rule: 'require:critical',
    // The summary of an impossible plan says so.
    also: ['summary'],
    scenario: () => story('impossible-demand'),
    corrupt: (plan) => ({ ...plan, status: 'planned' }),
  }),
]
