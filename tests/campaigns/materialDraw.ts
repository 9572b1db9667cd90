import fc from 'fast-check'
import type { Area, StaffRole } from '../../src/supplies/norms.js'
import { dayAfter } from '../../src/kernel/time.js'
import { PLAN_DAY } from '../support/city.js'
import type { SuppliedPatch } from '../support/supplied.js'

/** Everything that material knows, in small: units that split their part, kits, substitutes, earmarks, expiry, vehicles, new places. */
const PLACES = ['a', 'b', 'c', 'd'] as const
const ITEMS = ['suit', 'mask', 'cloth'] as const
const SOURCES = ['store', 'plant'] as const
const AREAS: readonly Area[] = ['intensiveCare', 'ward', 'feverClinic', 'checkpoint']
const ROLES: readonly StaffRole[] = ['nurse', 'doctor']

const day = (most: number) => fc.nat({ max: most }).map((days) => dayAfter(PLAN_DAY, days))
const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null, freq: 2 })
const place = fc.constantFrom(...PLACES)
const item = fc.constantFrom(...ITEMS)

const stock = fc.record({
  item, place: fc.constantFrom(...SOURCES), units: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 25 }) }, { weight: 1, arbitrary: fc.constant('unknown' as const) }),
  expiresOn: orNull(day(9)), released: fc.constantFrom(true, true, true, false), earmark: orNull(fc.constantFrom('a', 'b', 'north')),
})

const drawn = fc.record({
  lots: fc.tuple(fc.constantFrom(1, 2, 4), fc.constantFrom(1, 3), fc.constantFrom(1, 2)),
  hasKit: fc.boolean(),
  // Never in a circle, which the door refuses.
  substitutes: fc.subarray(['mask/cloth', 'cloth/mask', 'suit/cloth'] as const)
    .map((drawn) => (drawn.includes('mask/cloth') ? drawn.filter((id) => id !== 'cloth/mask') : drawn)),
  clothZones: fc.constantFrom(['clean'] as const, ['red', 'buffer', 'clean'] as const),
  volumes: fc.tuple(fc.nat({ max: 3000 }), fc.nat({ max: 900 }), fc.nat({ max: 500 })),
  norms: fc.array(fc.tuple(fc.integer({ min: 0, max: 2500 }), fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 1500 })), { minLength: 3, maxLength: 3 }),
  receivers: fc.array(fc.record({ unit: fc.constantFrom(null, 'north', null), opensIn: fc.constantFrom(null, null, 0, 2, 9), minutes: fc.constantFrom(30, 500), plantMinutes: fc.constantFrom(40, 700) }), { minLength: 1, maxLength: PLACES.length }),
  // Nobody's shifts are told twice, which the door refuses.
  staff: fc.uniqueArray(fc.record({
    place: fc.nat({ max: PLACES.length - 1 }), area: fc.constantFrom(...AREAS), zone: fc.constantFrom('red' as const, 'clean' as const),
    role: fc.constantFrom(...ROLES), people: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) }, { weight: 1, arbitrary: fc.constant('unknown' as const) }), shifts: fc.integer({ min: 1, max: 3 }),
  }), { minLength: 1, maxLength: 6, selector: ({ place: at, area, zone, role }) => `${at}/${area}/${zone}/${role}` }),
  sources: fc.tuple(fc.record({ keepBack: fc.constantFrom(0, 150, 400), litres: fc.constantFrom('notTracked' as const, 'notTracked' as const, 5, 30, 'unknown' as const) }), fc.record({ keepBack: fc.constantFrom(0, 250), litres: fc.constantFrom('notTracked' as const, 12) })),
  stock: fc.array(stock, { maxLength: 8 }),
  supplies: fc.array(fc.tuple(stock, day(8)), { maxLength: 5 }),
  own: fc.array(fc.record({ item, place, units: fc.nat({ max: 20 }), expiresOn: orNull(day(9)), quarantined: fc.boolean() }), { maxLength: 5 }),
  consigned: fc.array(fc.record({ item, place, from: orNull(fc.constantFrom(...SOURCES)), units: fc.integer({ min: 1, max: 9 }), arrivesOn: day(8), expiresOn: orNull(day(12)) }), { maxLength: 3 }),
  uses: fc.uniqueArray(fc.record({ item, place, units: fc.nat({ max: 60 }), days: fc.integer({ min: 1, max: 5 }) }), { maxLength: 3, selector: (row) => `${row.place}/${row.item}` }),
  wishes: fc.shuffledSubarray(['fewestSubstitutions', 'earmarkedFirst', 'oldestFirst', 'shortestRoad', 'fewestShipments'] as const, { minLength: 0, maxLength: 5 }),
  seed: fc.nat({ max: 99 }),
})

/** A small city with some of everything. */
export const materialPatches: fc.Arbitrary<SuppliedPatch> = drawn.map((d): SuppliedPatch => {
  const there = PLACES.slice(0, d.receivers.length)
  const isThere = (id: string) => there.some((one) => one === id)
  const at = <T>(rows: readonly T[], id: (row: T, i: number) => string, row: (row: T) => object): Record<string, object> =>
    Object.fromEntries(rows.map((one, i) => [id(one, i), row(one)]))
  const [suitLot, maskLot, clothLot] = d.lots
  const boxes = [['suit', suitLot], ['mask', maskLot], ['cloth', clothLot]] as const
  return {
    lotSeed: `seed ${d.seed}`,
    policy: { material: { wishes: d.wishes } },
    items: Object.fromEntries(ITEMS.map((id, i) => [id, {
      unit: 'piece' as const, shipsBy: (boxes[i]?.[1] ?? 1) === 1 ? null : 'box', cubicCentimetres: d.volumes[i] ?? 0,
      zones: id === 'cloth' ? [...d.clothZones] : ['red', 'buffer', 'clean'] as ('red' | 'buffer' | 'clean')[],
    }])),
    packings: Object.fromEntries(boxes.filter(([, units]) => units > 1).map(([id, units]) => [id, { item: id, units }])),
    substitutes: Object.fromEntries(d.substitutes.map((id, i) => [id, { order: i + 1 }])),
    kitParts: d.hasKit ? { 'set/suit': {}, 'set/mask': { units: 2 } } : {},
    norms: Object.fromEntries(ITEMS.map((id, i) => {
      const [conventionalPerMille = 0, contingencyPerMille = 0, crisisPerMille = 0] = d.norms[i] ?? []
      return [id, { conventionalPerMille, contingencyPerMille, crisisPerMille }]
    })),
    receivers: Object.fromEntries(there.map((id, i) => {
      const { unit, opensIn } = d.receivers[i] ?? { unit: null, opensIn: null }
      return [id, { suppliedBy: unit, opensOn: opensIn === null ? null : dayAfter(PLAN_DAY, opensIn) }]
    })),
    travel: Object.fromEntries(there.flatMap((id, i) => [[`store→${id}`, d.receivers[i]?.minutes ?? 30], [`plant→${id}`, d.receivers[i]?.plantMinutes ?? 30]])),
    staff: at(d.staff.filter((row) => isThere(PLACES[row.place] ?? '')), (_, i) => `s/${i}`, (row) => ({
      place: PLACES[row.place], area: row.area, zone: row.zone, role: row.role, peoplePerShift: row.people, shiftsPerDay: row.shifts,
    })),
    sources: Object.fromEntries(SOURCES.map((id, i) => [id, { keepBackPerMille: d.sources[i]?.keepBack ?? 0, litresPerDay: d.sources[i]?.litres ?? 'notTracked' }])),
    lots: {
      ...at(d.stock, (_, i) => `l${i}`, (row) => ({ ...row, earmark: earmarkOf(row.earmark, isThere) })),
      ...at(d.own.filter((row) => isThere(row.place)), (_, i) => `o${i}`, (row) => row),
    },
    supplies: at(d.supplies, (_, i) => `u${i}`, ([row, comes]) => ({ ...row, earmark: earmarkOf(row.earmark, isThere), day: comes })),
    consignments: at(d.consigned.filter((row) => isThere(row.place)), (_, i) => `c${i}`, ({ place: to, ...row }) => ({ ...row, to })),
    uses: at(d.uses.filter((row) => isThere(row.place)), (_, i) => `w${i}`, (row) => row),
  }
})

const earmarkOf = (earmark: string | null, isThere: (id: string) => boolean): string | null =>
  (earmark === null || earmark === 'north' || isThere(earmark) ? earmark : null)
