import type { Place, Unit } from '../../src/facilities/places.js'
import type { MaterialTables, Scenario } from '../../src/planning/scenario.js'
import { validateScenario } from '../../src/planning/scenarioFaults.js'
import { city, type CityPatch, PLAN_DAY } from './city.js'

type Rows<T> = Readonly<Record<string, Partial<T>>>
type Row<N extends keyof MaterialTables> = MaterialTables[N][string]
type MaterialPatch = { readonly [N in keyof MaterialTables]?: Rows<Row<N>> }

const SOURCE = { source: 'made up for a test', assumed: [] as string[], asOf: null }
const named = (id: string) => ({ name: { zh: `名${id}`, en: `the ${id}` } })

/** What a row says where a test does not. */
const DEFAULTS: { readonly [N in keyof MaterialTables]: (id: string) => Row<N> } = {
  items: (id) => ({ ...named(id), unit: 'piece', grade: 'grade', zones: ['red', 'buffer', 'clean'], shipsBy: null, cubicCentimetres: 'notTracked', ...SOURCE }),
  packings: (id) => ({ item: id, packing: 'box', units: 10, ...SOURCE }),
  substitutes: (id) => ({ item: id.split('/')[0] ?? '', substitute: id.split('/')[1] ?? '', order: 1, ...SOURCE }),
  kitParts: (id) => ({ kit: id.split('/')[0] ?? '', item: id.split('/')[1] ?? '', units: 1, ...SOURCE }),
  norms: (id) => ({
    item: id, unit: 'piece', per: 'staffShift', severity: null, zone: null, role: null,
    conventionalPerMille: 1000, contingencyPerMille: 1000, crisisPerMille: 1000, effectiveFrom: '2020-01-01', effectiveUntil: null, ...SOURCE,
  }),
  receivers: (id) => ({ place: id, suppliedBy: null, opensOn: null, ...SOURCE }),
  staff: (id) => ({ place: id.split('/')[0] ?? '', area: 'ward', zone: 'red', role: 'nurse', peoplePerShift: 1, shiftsPerDay: 1, ...SOURCE }),
  uses: (id) => ({ place: id.split('/')[0] ?? '', item: id.split('/')[1] ?? '', days: 1, units: 0, ...SOURCE }),
  sources: (id) => ({ place: id, keepBackPerMille: 0, litresPerDay: 'notTracked', ...SOURCE }),
  lots: (id) => ({
    item: id.split('→')[0] ?? '', place: (id.split('→')[1] ?? '').replace(/#.*$/, ''), lot: null, units: 0, expiresOn: null, quarantined: false,
    authority: 'city', released: true, earmark: null, ...SOURCE,
  }),
  supplies: (id) => ({
    item: id.split('→')[0] ?? '', place: (id.split('→')[1] ?? '').replace(/#.*$/, ''), day: PLAN_DAY, units: 0, expiresOn: null,
    authority: 'purchase', released: true, earmark: null, ...SOURCE,
  }),
  consignments: (id) => ({
    item: id.split('→')[0] ?? '', from: null, to: (id.split('→')[1] ?? '').replace(/#.*$/, ''), units: 1, arrivesOn: PLAN_DAY, expiresOn: null, ...SOURCE,
  }),
  requests: (id) => ({ place: id.split('/')[0] ?? '', item: id.split('/')[1] ?? '', units: 1, urgency: 'ordinary', askedAt: null, ...SOURCE }),
}

/** A city with material: a warehouse `store`, 45 minutes from every place that is named as a receiver. */
export interface SuppliedPatch extends Omit<CityPatch, keyof MaterialTables>, MaterialPatch {}

/**
 * The small city with what is told of material. Ids say what they can: `mask→store` is a lot of masks in the store,
 * `a/1` staff of the place a, `mask/cloth` cloth in place of masks, `set/mask` a mask in a set.
 */
export function supplied(patch: SuppliedPatch = {}): Scenario {
  const { items, packings, substitutes, kitParts, norms, receivers, staff, uses, sources, lots, supplies, consignments, requests, ...rest } = patch
  const tables: MaterialPatch = {
    items: items ?? {}, packings: packings ?? {}, substitutes: substitutes ?? {}, kitParts: kitParts ?? {}, norms: norms ?? {},
    receivers: receivers ?? {}, staff: staff ?? {}, uses: uses ?? {}, sources: sources ?? { store: {} }, lots: lots ?? {},
    supplies: supplies ?? {}, consignments: consignments ?? {}, requests: requests ?? {},
  }
  const receiving = Object.keys(tables.receivers ?? {})
  const giving = Object.keys(tables.sources ?? {})
  const bare = city({
    ...rest,
    units: Object.fromEntries(receiving.map((id): [string, Partial<Unit>] => [tables.receivers?.[id]?.suppliedBy ?? 'south', {}]).concat(Object.entries(rest.units ?? {}) as [string, Partial<Unit>][])),
    places: {
      ...Object.fromEntries(giving.map((id): [string, Partial<Place>] => [id, { kind: 'warehouse' }])),
      ...Object.fromEntries(receiving.map((id): [string, Partial<Place>] => [id, { unit: tables.receivers?.[id]?.suppliedBy ?? 'south' }])),
      ...rest.places,
    },
    travel: { ...Object.fromEntries(giving.flatMap((from) => receiving.filter((to) => to !== from).map((to) => [`${from}→${to}`, 45]))), ...rest.travel },
  })
  const made = Object.fromEntries(Object.entries(DEFAULTS).map(([name, defaults]) => {
    const rows: Rows<object> = tables[name as keyof MaterialTables] ?? {}
    return [name, Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, { ...defaults(id), ...row }]))]
  }))
  const validated = validateScenario({ ...bare, ...made })
  if (validated.ok) return validated.scenario
  throw new Error(`the city is not valid: ${JSON.stringify(validated.faults.slice(0, 3), null, 1)}`)
}
