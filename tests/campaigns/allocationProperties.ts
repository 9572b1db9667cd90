import fc from 'fast-check'
import { canonicalJson } from '../../src/kernel/canonical.js'
import { Facts } from '../../src/planning/facts.js'
import { checkMaterial } from '../../src/planning/material/check.js'
import { givenOf, solved } from '../../src/planning/material/core.js'
import { Ground } from '../../src/planning/material/ground.js'
import { materialFor } from '../../src/planning/material/run.js'
import { servedBy, Stores } from '../../src/planning/material/served.js'
import type { Slot } from '../../src/planning/material/slots.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { World } from '../../src/planning/world.js'
import { supplied } from '../support/supplied.js'
import { bestOf, type Tiny, unitsInOrder } from './allocationBrute.js'
import { patchOf, tinyMaterial } from './allocationDraw.js'
import { materialPatches } from './materialDraw.js'
import type { Property } from './property.js'

/** A property of tiny problems: `wrong` says what does not hold, or null. */
const ofMaterial = <T>(name: string, draw: fc.Arbitrary<T>, wrong: (drawn: T) => string | null): Property => ({
  name: `allocation: ${name}`,
  run: async ({ runs, seed: asked, path }) => {
    const seed = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), asked)
    const property = fc.property(draw, (drawn) => {
      const what = wrong(drawn)
      if (what !== null) throw new Error(what)
    })
    const told = fc.check(property, { numRuns: runs, seed, ...(path === undefined ? {} : { path }) })
    if (!told.failed) return { runs: told.numRuns, broken: null }
    const why = told.errorInstance instanceof Error ? told.errorInstance.message : String(told.errorInstance)
    const repeat = `--runs ${runs} --seed ${asked} --path ${told.counterexamplePath} --only "${name}"`
    return { runs: told.numRuns, broken: `${why}\n  ${repeat}\n  ${JSON.stringify(told.counterexample)}` }
  },
})

interface Found {
  readonly ground: Ground
  readonly slots: readonly Slot[]
  readonly served: ReadonlyMap<Slot, number>
  readonly tiny: Tiny
}

/** Nobody moves. */
function standing(scenario: Scenario): Facts {
  return new Facts(new World(scenario), { moves: [], trips: [], reserves: [] })
}

function foundIn(scenario: Scenario, lot: number): Found {
  const facts = standing(scenario)
  const ground = new Ground(facts.world, facts)
  const given = givenOf(ground)
  const served = servedBy(new Stores(ground, given.supplies, solved(given).deed), given.slots, ground.horizon)
  const { atSources, atReceivers } = given.supplies
  return {
    ground, slots: given.slots, served,
    tiny: {
      slots: given.slots, lot, draw: (place) => ground.draw(place), road: (place) => ground.daysOnRoad('store', place) ?? 99,
      rows: atSources.map(({ units, from, until }) => ({ lots: Math.floor(units / lot), from, until })),
      own: (place) => atReceivers.filter((stock) => stock.place === place),
    },
  }
}

const recordOf = ({ tiny, served }: Found): boolean[] => {
  const at = new Map<Slot, number>()
  return unitsInOrder(tiny).map(({ slot }) => {
    const k = at.get(slot) ?? 0
    at.set(slot, k + 1)
    return k < (served.get(slot) ?? 0)
  })
}

const marks = (record: readonly boolean[]): string => record.map((isServed) => (isServed ? '1' : '0')).join('')

/** Bands, tiers and days: no other way to give the lots out serves an earlier unit. */
const bruteForce = (name: string, lots: readonly number[]) =>
  ofMaterial(name, tinyMaterial({ lots, days: 3, bands: 2 }), (tiny) => {
    const small = { ...tiny, lots: tiny.lots.slice(0, 2).map((row) => ({ ...row, units: Math.min(3, row.units) })) }
    const found = foundIn(supplied(patchOf(small)), tiny.lot)
    const [ours, best] = [recordOf(found), bestOf(found.tiny)]
    if (marks(ours) !== marks(best.record)) return `served ${marks(ours)}, the best is ${marks(best.record)}`
    if (tiny.lot > 1) return null
    let sum = 0
    const fewer = ours.findIndex((isServed, i) => (sum += isServed ? 1 : 0) < (best.most[i] ?? 0))
    return fewer < 0 ? null : `of the first ${fewer + 1} units ${best.most[fewer]} could be served`
  })

/** One item, one day, one band and tier: the answer is known. */
const waterFilling = ofMaterial('one item on one day is filled like water', tinyMaterial({ lots: [1], days: 1, bands: 1 }), (tiny) => {
  const alike = { ...tiny, places: tiny.places.map((place) => ({ ...place, area: 1, isFar: false })) }
  const { slots, served, tiny: seen } = foundIn(supplied(patchOf(alike)), 1)
  const supply = seen.rows.reduce((sum, { lots }) => sum + lots, 0)
  const own = (slot: Slot) => Math.min(slot.units, seen.own(slot.place).filter(({ from }) => from === 0).reduce((sum, { units }) => sum + units, 0))
  // At a level every place is filled up to the same thousandths, rounded to the unit that brings it above.
  const upTo = (slot: Slot, level: number) => Math.max(own(slot), Math.min(slot.units, Math.floor((level * slot.units) / 1000) + ((level * slot.units) % 1000 === 0 ? 0 : 1)))
  const taken = (level: number) => slots.reduce((sum, slot) => sum + upTo(slot, level) - own(slot), 0)
  let level = 0
  while (level < 1000 && taken(level + 1) <= supply) level += 1
  const expected = new Map(slots.map((slot) => [slot, upTo(slot, level)]))
  let left = supply - taken(level)
  const next = slots.filter((slot) => upTo(slot, level + 1) > upTo(slot, level)).sort((a, b) => b.units - a.units || seen.draw(a.place) - seen.draw(b.place))
  for (const slot of next) {
    if (left === 0 || level === 1000) break
    expected.set(slot, upTo(slot, level) + 1)
    left -= 1
  }
  const wrong = slots.find((slot) => expected.get(slot) !== served.get(slot))
  return wrong === undefined ? null : `${wrong.place} is served ${served.get(wrong)} of ${wrong.units}, filling gives ${expected.get(wrong)}`
})

const bySlot = ({ slots, served }: Found): string => JSON.stringify(slots.map((slot) => [slot.place, slot.band, slot.day, slot.units, served.get(slot)]).sort())

const orderOfRows = ofMaterial('the order of receivers changes nothing', tinyMaterial({ lots: [1, 2, 3], days: 3, bands: 2 }), (tiny) => {
  const [one, other] = [foundIn(supplied(patchOf(tiny)), tiny.lot), foundIn(supplied(patchOf(tiny, { reversed: true })), tiny.lot)]
  return bySlot(one) === bySlot(other) ? null : `${bySlot(one)} becomes ${bySlot(other)}`
})

const askedMore = ofMaterial('ten times the ask changes nothing', tinyMaterial({ lots: [1, 2, 3], days: 3, bands: 2 }), (tiny) => {
  const [one, other] = [foundIn(supplied(patchOf(tiny)), tiny.lot), foundIn(supplied(patchOf(tiny, { askTimes: 10 })), tiny.lot)]
  return bySlot(one) === bySlot(other) ? null : `${bySlot(one)} becomes ${bySlot(other)}`
})

/** What a name could change is who of two that are alike is drawn first: so nobody is alike here. */
const renamed = ofMaterial('other names change nothing where nobody is tied', tinyMaterial({ lots: [1, 2], days: 3, bands: 2 }), (tiny) => {
  const apart = { ...tiny, norms: [1000, 1000, 1000] as const, places: tiny.places.map((place, i) => ({ ...place, people: 2 * i + 1 })) }
  const [one, other] = [foundIn(supplied(patchOf(apart)), tiny.lot), foundIn(supplied(patchOf(apart, { names: ['z', 'y', 'x'] })), tiny.lot)]
  const shown = (found: Found) => JSON.stringify(found.slots.map((slot) => [slot.band, slot.tier, slot.day, slot.units, found.served.get(slot)]).sort())
  return shown(one) === shown(other) ? null : `${shown(one)} becomes ${shown(other)}`
})

/** Units served at every place and day, over all bands. */
const moreStock = (name: string, lots: readonly number[]) => ofMaterial(name, tinyMaterial({ lots, days: 3, bands: 2 }), (tiny) => {
  if (tiny.lots.length === 0) return null
  const [less, more] = [foundIn(supplied(patchOf(tiny)), tiny.lot), foundIn(supplied(patchOf(tiny, { more: 1 })), tiny.lot)]
  const worse = less.slots.findIndex((slot, i) => (less.served.get(slot) ?? 0) > (more.served.get(more.slots[i] as Slot) ?? 0))
  return worse < 0 ? null : `a lot more serves less of ${JSON.stringify(less.slots[worse])}`
})

/** Everything at once: units, kits, substitutes, earmarks, expiry, vehicles, new places, measured use. */
const passesItsCheck = ofMaterial('every plan passes its check, and no level is better than its bound', materialPatches, (patch) => {
  const facts = standing(supplied(patch))
  const plan = materialFor(facts, { mayAsk: () => true })
  if (plan === null) return 'places receive, and nothing is planned'
  const [found] = checkMaterial(facts, plan)
  if (found !== undefined) return `${found.rule}: ${found.text.en}`
  const level = plan.levels.find(({ value, bound }) => bound !== null && bound >= value)
  if (level !== undefined) return `${level.rule} comes to ${level.value}, below its bound ${level.bound}`
  return canonicalJson(plan) === canonicalJson(materialFor(standing(supplied(patch)), { mayAsk: () => true })) ? null : 'planned twice, the bytes differ'
})

export const allocationProperties: readonly Property[] = [
  waterFilling,
  bruteForce('brute force agrees unit by unit', [1]),
  bruteForce('brute force agrees in whole packings', [2, 3]),
  orderOfRows, askedMore, renamed, passesItsCheck,
  moreStock('a unit more never lowers what somebody is served', [1]),
  moreStock('a packing more never lowers what somebody is served', [2, 3]),
]
