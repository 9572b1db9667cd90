import { type LieOfWord, withMove } from './corruption.js'
import { story } from './given.js'

const WORDS = { zh: '另有安排', en: 'arranged otherwise' }
const intake = { '2020-01-29': { newConfirmed: 60, source: 'made up' } }

/** What a plan says beside its figures: every word follows from the scenario and the moves. */
export const CORRUPTIONS_OF_WORDS: readonly LieOfWord[] = [
  {
    kind: 'word',
    name: 'a reason that is not the reason',
    rule: 'reason',
    scenario: () => story('border-district'),
    corrupt: (plan) => withMove(plan, '甲县-0001', { reason: WORDS }),
  },
  {
    kind: 'word',
    name: 'a summary of another plan',
    rule: 'summary',
    scenario: () => story('border-district'),
    corrupt: (plan) => ({ ...plan, summary: WORDS }),
  },
  {
    kind: 'word',
    name: 'nothing to do where there is',
    rule: 'status',
    scenario: () => story('border-district'),
    corrupt: (plan) => ({ ...plan, status: 'nothingToDo' }),
  },
  {
    kind: 'word',
    name: 'the plan of another day',
    rule: 'identity',
    scenario: () => story('border-district'),
    corrupt: (plan) => ({ ...plan, planDay: '2020-01-31' }),
  },
  {
    kind: 'word',
    name: 'a team said not to be spared',
    rule: 'teams',
    scenario: () => story('critical-too-far'),
    corrupt: (plan) => ({ ...plan, teams: plan.teams.map((line) => ({ ...line, team: null })) }),
  },
  {
    kind: 'word',
    name: 'somebody left for a reason that does not bind',
    rule: 'unplaced',
    scenario: () => story('waits-longest-first'),
    corrupt: (plan) => ({ ...plan, unplaced: plan.unplaced.map((line) => ({ ...line, rule: 'fitness' })) }),
  },
  {
    kind: 'word',
    name: 'an unsigned block said to be ready',
    rule: 'reserves',
    scenario: () => story('reserve-not-ready'),
    corrupt: (plan) => ({ ...plan, reserves: plan.reserves.map((line) => ({ ...line, reason: WORDS })) }),
  },
  {
    kind: 'word',
    name: 'a need that is not met and not told',
    rule: 'unmet',
    scenario: () => story('waits-longest-first'),
    corrupt: (plan) => ({ ...plan, unmet: [] }),
  },
  {
    kind: 'word',
    name: 'an overfull hospital not told',
    rule: 'asFound',
    scenario: () => story('overfull-as-found'),
    corrupt: (plan) => ({ ...plan, asFound: [] }),
  },
  {
    kind: 'word',
    name: 'a hospital that did not report left off the call list',
    rule: 'callList',
    scenario: () => story('hospital-did-not-report'),
    corrupt: (plan) => ({ ...plan, callList: [] }),
  },
  {
    kind: 'word',
    name: 'a figure of the day before yesterday passed off as fresh',
    rule: 'stale',
    scenario: () => story('border-district', { pools: { 'west/ordinary': { asOf: '2020-01-28T17:00:00+08:00' } } }),
    corrupt: (plan) => ({ ...plan, stale: [] }),
  },
  {
    kind: 'word',
    name: 'no word that reserves have to be prepared',
    rule: 'startPreparing',
    scenario: () => story('surge-needs-reserve', { intake, policy: { intakeDays: 1 } }),
    corrupt: (plan) => ({ ...plan, startPreparing: null }),
  },
  {
    kind: 'word',
    name: 'assumed figures passed off as known',
    rule: 'assumed',
    scenario: () => story('border-district'),
    corrupt: (plan) => ({ ...plan, assumed: plan.assumed.slice(1) }),
  },
]
