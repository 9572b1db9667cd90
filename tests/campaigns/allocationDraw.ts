import fc from 'fast-check'
import { dayAfter } from '../../src/kernel/time.js'
import { PLAN_DAY } from '../support/city.js'
import type { SuppliedPatch } from '../support/supplied.js'

/** Places of a tiny city; the first letters are their names. */
const PLACES = ['a', 'b', 'c'] as const
const AREAS = ['intensiveCare', 'ward', 'isolationSite'] as const
const HOURS_FAR = 400

export interface TinyMaterial {
  readonly bands: readonly { days: number; norm: 'crisis' | 'contingency' | 'conventional'; who: 'exposed' | 'everybody' }[]
  /** Base units of the packing that the item ships by. */
  readonly lot: number
  readonly norms: readonly [number, number, number]
  readonly places: readonly {
    readonly area: number
    readonly people: number
    readonly zone: 'red' | 'clean'
    readonly own: number
    readonly consigned: number
    readonly consignedOn: number
    readonly isFar: boolean
    readonly asked: number
  }[]
  readonly lots: readonly { readonly units: number; readonly day: number }[]
  readonly seed: number
}

/** Few units, so that every way of giving them out can be tried. */
export const tinyMaterial = (kind: { lots: readonly number[]; days: number; bands: number }): fc.Arbitrary<TinyMaterial> => fc.record({
  bands: fc.tuple(fc.integer({ min: 1, max: kind.days }), fc.integer({ min: 1, max: kind.days }), fc.boolean()).map(([x, y, all]) => {
    const [first, last] = [Math.min(x, y), Math.max(x, y)]
    const bands = [
      { days: first, norm: 'crisis' as const, who: all ? 'everybody' as const : 'exposed' as const },
      { days: last, norm: 'conventional' as const, who: 'everybody' as const },
    ]
    return kind.bands === 1 ? bands.slice(1) : bands
  }),
  lot: fc.constantFrom(...kind.lots),
  norms: fc.tuple(fc.integer({ min: 200, max: 2000 }), fc.integer({ min: 200, max: 1500 }), fc.integer({ min: 0, max: 1000 })),
  places: fc.array(fc.record({
    area: fc.nat({ max: AREAS.length - 1 }),
    people: fc.integer({ min: 0, max: 3 }),
    zone: fc.constantFrom('red' as const, 'clean' as const),
    own: fc.nat({ max: 3 }),
    consigned: fc.nat({ max: 2 }),
    consignedOn: fc.nat({ max: kind.days - 1 }),
    isFar: fc.boolean(),
    asked: fc.nat({ max: 50 }),
  }), { minLength: 1, maxLength: PLACES.length }),
  lots: fc.array(fc.record({ units: fc.nat({ max: 5 }), day: fc.nat({ max: kind.days - 1 }) }), { minLength: 0, maxLength: 3 }),
  seed: fc.nat({ max: 99 }),
})

/** As a scenario; `times` the ask, other names, and other order of places, for what may change nothing. */
export function patchOf(tiny: TinyMaterial, change: { askTimes?: number; names?: readonly string[]; reversed?: boolean; more?: number } = {}): SuppliedPatch {
  const names = change.names ?? PLACES
  const nameOf = (i: number) => names[i] ?? ''
  const ordered = <T>(rows: [string, T][]): Record<string, T> => Object.fromEntries(change.reversed === true ? [...rows].reverse() : rows)
  const [conventionalPerMille, contingencyPerMille, crisisPerMille] = tiny.norms
  const lots = tiny.lots.map(({ units, day }, i) => ({ id: `mask→store#${i}`, units: units * tiny.lot + (i === 0 ? (change.more ?? 0) * tiny.lot : 0), day }))
  const each = <T>(row: (place: TinyMaterial['places'][number], name: string) => [string, T][]): Record<string, T> =>
    ordered(tiny.places.flatMap((place, i) => row(place, nameOf(i))))
  return {
    lotSeed: `seed ${tiny.seed}`,
    policy: { material: { bands: tiny.bands } },
    items: { mask: { shipsBy: tiny.lot === 1 ? null : 'box' } },
    packings: tiny.lot === 1 ? {} : { mask: { units: tiny.lot } },
    norms: { mask: { conventionalPerMille, contingencyPerMille, crisisPerMille } },
    receivers: each((_, name) => [[name, {}]]),
    staff: each(({ people, area, zone }, name) => [[`${name}/1`, { peoplePerShift: people, area: AREAS[area] ?? 'ward', zone }]]),
    lots: { ...Object.fromEntries(lots.filter(({ day }) => day === 0).map(({ id, units }) => [id, { units }])), ...each(({ own }, name) => [[`mask→${name}`, { units: own }]]) },
    supplies: Object.fromEntries(lots.filter(({ day }) => day > 0).map(({ id, units, day }) => [id, { units, day: dayAfter(PLAN_DAY, day) }])),
    consignments: each(({ consigned, consignedOn }, name) => (consigned === 0 ? [] : [[`mask→${name}`, { units: consigned, arrivesOn: dayAfter(PLAN_DAY, consignedOn) }]])),
    requests: each(({ asked }, name) => (asked === 0 ? [] : [[`${name}/mask`, { units: asked * (change.askTimes ?? 1) }]])),
    travel: each(({ isFar }, name) => [[`store→${name}`, isFar ? HOURS_FAR : 45]]),
  }
}
