import { serveMost } from './allocate.js'
import { type Given, type Joint, jointsOf, tableFor } from './joint.js'
import type { Slot } from './slots.js'

/** A band of a tier, in the order in which they are served. */
export interface Grade {
  readonly band: number
  readonly tier: number
}

export interface Bound {
  /** For every grade, the fewest units (kits in kits) that any plan leaves unserved in it and all before it. */
  readonly least: readonly number[]
  /** By item, what could be served at most in base units, whoever needs it. */
  readonly most: ReadonlyMap<string, number>
}

/** Bands and tiers in which somebody needs something, in their order. */
export function gradesIn(slots: readonly Slot[]): Grade[] {
  const grades = new Map<string, Grade>()
  for (const { band, tier } of slots) grades.set(keyOf({ band, tier }), { band, tier })
  return [...grades.values()].sort((a, b) => a.band - b.band || a.tier - b.tier)
}

/**
 * What no plan can do better than, by an easier problem that is solved exactly: packings may be opened, vehicles carry
 * everything, nothing that is at a source expires, the city gives to every place directly, and of a kit every part is
 * looked at alone.
 */
export function boundOf(given: Given, joints: readonly Joint[] = jointsOf(given)): Bound {
  const grades = gradesIn(given.slots)
  const least = grades.map(() => 0)
  const most = new Map<string, number>()
  for (const joint of joints) {
    const { apart, together } = leastOf(given, joint, grades, most)
    for (const [i] of grades.entries()) least[i] = (least[i] ?? 0) + (apart[i] ?? 0) + (together[i] ?? 0)
  }
  return { least, most }
}

/**
 * Units unserved up to every grade: those of families outside kits add up. Where kits are made of several families, the
 * units that one of them lacks are those of its items and of the kits that lack it, so that the number of kits and units
 * lacking is at least what the worst of them lacks, over the most that one kit takes of it.
 */
function leastOf(given: Given, joint: Joint, grades: readonly Grade[], most: Map<string, number>) {
  const apart = grades.map(() => 0)
  const together = grades.map(() => 0)
  for (const items of joint.families) {
    const slots = joint.slots.flatMap((slot) => partsAlone(slot, items))
    const inKits = Math.max(0, ...joint.slots.filter(({ isKit }) => isKit).map((slot) =>
      slot.parts.filter(({ item }) => items.includes(item)).reduce((sum, { units }) => sum + units, 0)))
    const missing = missingOf(given, items, slots, grades, most)
    for (const [i] of grades.entries()) {
      if (inKits === 0) apart[i] = (apart[i] ?? 0) + (missing[i] ?? 0)
      else together[i] = Math.max(together[i] ?? 0, Math.ceil((missing[i] ?? 0) / inKits))
    }
  }
  return { apart, together }
}

const partsAlone = (slot: Slot, items: readonly string[]): Slot[] => slot.parts.filter(({ item }) => items.includes(item))
  .map(({ item, units }) => ({ ...slot, of: item, isKit: false, parts: [{ item, units: 1 }], units: slot.units * units }))

function missingOf(given: Given, items: readonly string[], slots: readonly Slot[], grades: readonly Grade[], most: Map<string, number>): number[] {
  const { wantOf } = tableFor(given, { families: [items] }, { lotOf: () => 1, undying: true, volumes: null })
  const served = serveMost({ ground: given.ground, slots, wantOf })
  const missing = new Map<string, number>()
  for (const slot of slots) {
    const units = served.get(slot) ?? 0
    const key = keyOf(slot)
    most.set(slot.of, (most.get(slot.of) ?? 0) + units)
    missing.set(key, (missing.get(key) ?? 0) + slot.units - units)
  }
  let upTo = 0
  return grades.map((grade) => (upTo += missing.get(keyOf(grade)) ?? 0))
}

const keyOf = ({ band, tier }: Grade): string => `${band} ${tier}`
