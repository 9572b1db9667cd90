import { z } from 'zod'
import type { Plan } from '../planning/plan.js'

const whole = z.int().min(0)
const byWord = z.record(z.string(), whole)
/** Place, or `place:area`, to item, to base units (of kits: to kits). */
const byPlace = z.record(z.string(), byWord)

/** What a scenario's author worked out by hand of its material; each key that is there is compared, and what no row says is nought. */
export const expectedMaterialSchema = z.strictObject({
  /** Given to a place, by the item that it needs, whatever stands in for it. */
  allocated: byPlace.optional(),
  /** What own stock and what is given serve of an area's need. */
  served: byPlace.optional(),
  /** What stays short, over all bands. */
  unmet: byPlace.optional(),
  asked: byPlace.optional(),
  kits: byPlace.optional(),
  surplus: byPlace.optional(),
  /** Hundredths of days. */
  daysBefore: byPlace.optional(),
  daysAfter: byPlace.optional(),
  /** Measured use against the norm, per mille, where it lies beyond the cap; and what is applied of it. */
  unexplained: byPlace.optional(),
  factors: byPlace.optional(),
  runsOutOn: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  /** Band to tier to units that stay short. */
  short: z.record(z.string(), byWord).optional(),
  /** Item to units: what leaves the sources, as what it is. */
  shipped: byWord.optional(),
  /** Row of stock to units that leave it. */
  fromLots: byWord.optional(),
  unmetUnits: byWord.optional(),
  substitutions: whole.optional(),
  /** Rows of stock that are shown and not planned with, and whom the call list names. */
  withheld: z.array(z.string()).optional(),
  calls: z.array(z.string()).optional(),
})
export type ExpectedMaterial = z.infer<typeof expectedMaterialSchema>

type Figures = Map<string, number | string>

/** What of the expectation the plan of material does not meet, each as `material.what expected …, got …`. */
export function materialDifferences(expected: ExpectedMaterial, material: Plan['material']): string[] {
  if (material === null) return ['material expected a plan, got none']
  const { allocations, unmet, cover, shipments } = material
  const placed = allocations.filter(({ place }) => place !== null)
  const lines = shipments.flatMap((shipment) => shipment.lines)
  const found: Readonly<Record<string, Figures>> = {
    allocated: sums(placed, ({ place, item, substituteFor, allocated }) => [[[place, substituteFor ?? item], allocated]]),
    // What stands in for an item has a row of its own, with the same figures of the need.
    served: greatest(placed, ({ place, item, substituteFor, areas }) => areas.map(({ area, served }) => [[`${place}:${area}`, substituteFor ?? item], served])),
    unmet: sums(unmet, ({ place, area, item, units }) => [[[place, item], units], [[`${place}:${area}`, item], units]]),
    asked: greatest(placed, ({ place, item, substituteFor, asked }) => [[[place, substituteFor ?? item], asked ?? 0]]),
    kits: sums(material.kits, ({ place, kit, served }) => [[[place, kit], served]]),
    surplus: sums(material.surplus, ({ place, item, units }) => [[[place, item], units]]),
    daysBefore: sums(cover, ({ place, item, daysBefore }) => [[[place, item], daysBefore]]),
    daysAfter: sums(cover, ({ place, item, daysAfter }) => [[[place, item], daysAfter]]),
    unexplained: sums(material.unexplained, ({ place, item, measuredPerMille }) => [[[place, item], measuredPerMille]]),
    factors: new Map(material.needs.map(({ place, item, factorPerMille }) => [keyOf([place, item]), factorPerMille])),
    runsOutOn: new Map(cover.map(({ place, item, runsOutOn }) => [keyOf([place, item]), runsOutOn ?? 'never'])),
    short: sums(material.levels, ({ band, tier, value }) => (band === null || tier === null ? [] : [[[String(band), String(tier)], value]])),
    shipped: sums(lines, ({ item, units }) => [[[item], units]]),
    fromLots: sums(lines, ({ row, units }) => [[[row], units]]),
    unmetUnits: sums(unmet, ({ item, units }) => [[[item], units]]),
    substitutions: sums(material.substitutions, ({ units }) => [[[], units]]),
  }
  const named = { withheld: material.withheld.map(({ row }) => row), calls: material.callList.map(({ subject }) => subject) }
  return [
    ...Object.entries(found).flatMap(([what, figures]) =>
      leavesOf(expected[what as keyof ExpectedMaterial]).flatMap(([path, value]) => {
        const got = figures.get(keyOf(path)) ?? 0
        return got === value ? [] : [`material.${[what, ...path].join('.')} expected ${value}, got ${got}`]
      })),
    ...(['withheld', 'calls'] as const).flatMap((what) =>
      (expected[what] ?? []).filter((row) => !named[what].includes(row)).map((row) => `material.${what} expected ${row}, got ${named[what].join(', ') || 'nothing'}`)),
  ]
}

const keyOf = (path: readonly (string | null)[]): string => JSON.stringify(path)

type FiguresOf<R> = (row: R) => readonly (readonly [path: readonly (string | null)[], units: number])[]

/** Units added up by what they are of. */
const sums = <R>(rows: readonly R[], of: FiguresOf<R>): Figures => gathered(rows.flatMap(of), (before, units) => before + units)

/** Units told in several rows of one thing. */
const greatest = <R>(rows: readonly R[], of: FiguresOf<R>): Figures => gathered(rows.flatMap(of), Math.max)

function gathered(figures: ReturnType<FiguresOf<never>>, together: (before: number, units: number) => number): Figures {
  const found = new Map<string, number>()
  for (const [path, units] of figures) found.set(keyOf(path), together(found.get(keyOf(path)) ?? 0, units))
  return found
}

/** Every figure of an expectation with the words that lead to it. */
function leavesOf(value: unknown, path: readonly string[] = []): [path: readonly string[], value: number | string][] {
  if (typeof value === 'number' || typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([word, inner]) => leavesOf(inner, [...path, word]))
}
