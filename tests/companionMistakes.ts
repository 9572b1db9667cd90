import { person, type Row } from './scenarioMistakes.js'

/** The sound scenario's jia-1 is a child; this makes jia-2 a carer. */
const CARER = { 'cases.jia-2.ageBand': '60-79' } as const

/** Who may travel with whom: what is wrong, and where it is told. */
export const COMPANIONS: readonly Row[] = [
  ['own companion', { 'cases.jia-1.companion': 'jia-1' }, 'cases', 'jia-1', 'companion', 'jia-1', 'its own companion'],
  [
    'companions in a chain',
    {
      'cases.jia-1.companion': 'jia-2', 'cases.jia-2.companion': 'jia-3', 'cases.jia-2.ageBand': '0-14',
      'cases.jia-3.ageBand': '80+',
    },
    'cases', 'jia-1', 'companion', 'jia-2', 'chain',
  ],
  [
    'a companion of no known age', { 'cases.jia-1.companion': 'jia-2' },
    'cases', 'jia-2', 'ageBand', 'unknown', 'state the age band',
  ],
  [
    'a child of no known age', { ...CARER, 'cases.jia-3.companion': 'jia-2' },
    'cases', 'jia-3', 'ageBand', 'unknown', 'state the age band',
  ],
  [
    'an adult with a companion', { ...CARER, 'cases.jia-1.companion': 'jia-2', 'cases.jia-1.ageBand': '15-59' },
    'cases', 'jia-1', 'companion', 'jia-2', 'only a child of 0-14',
  ],
  [
    'a child as companion', { 'cases.jia-1.companion': 'jia-2', 'cases.jia-2.ageBand': '0-14' },
    'cases', 'jia-1', 'companion', 'jia-2', 'must not be a child',
  ],
  [
    'a companion of another status', { ...CARER, 'cases.jia-1.companion': 'jia-2', 'cases.jia-1.status': 'suspected' },
    'cases', 'jia-1', 'companion', 'jia-2', 'same status',
  ],
  [
    'a fourth child of one carer',
    {
      ...CARER, 'cases.jia-1.companion': 'jia-2',
      ...Object.fromEntries([4, 5, 6].map((n) =>
        [`cases.jia-${n}`, { ...person('dist', null), ageBand: '0-14', companion: 'jia-2' }])),
    },
    'cases', 'jia-6', 'companion', 'jia-2', '3 children at most',
  ],
]
