import fc from 'fast-check'
import type { Plan } from '../../src/planning/plan.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { tinyScenarios } from './tiny.js'

export interface Ask {
  readonly runs: number
  readonly seed: number
  /** Leads straight to one counterexample of a run that broke. */
  readonly path?: string
}

export interface Verdict {
  readonly runs: number
  /** What broke, and how to see it again; null: it holds. */
  readonly broken: string | null
}

export interface Property {
  readonly name: string
  readonly run: (ask: Ask) => Promise<Verdict>
}

/** Whole numbers to draw with: for a choice that goes with a scenario. */
export type Draws = readonly number[]
const draws: fc.Arbitrary<Draws> = fc.array(fc.nat(), { minLength: 12, maxLength: 12 })

const FLEETS = {
  listed: tinyScenarios('listed'),
  unlimited: tinyScenarios('unlimited'),
  either: fc.oneof(tinyScenarios('listed'), tinyScenarios('unlimited')),
}

/** A property of tiny scenarios: `wrong` says what does not hold, or null. */
export const ofTiny = (
  name: string,
  fleet: keyof typeof FLEETS,
  wrong: (scenario: Scenario, draws: Draws) => Promise<string | null>,
): Property => ({
  name,
  run: async ({ runs, seed: asked, path }) => {
    // Each property draws scenarios of its own.
    const seed = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), asked)
    const property = fc.asyncProperty(FLEETS[fleet], draws, async (scenario, drawn) => {
      const what = await wrong(scenario, drawn)
      if (what !== null) throw new Error(what)
    })
    const again = path === undefined ? {} : { path }
    const told = await fc.check(property, { numRuns: runs, seed, unbiased: true, ...again })
    if (!told.failed) return { runs: told.numRuns, broken: null }
    const why = told.errorInstance instanceof Error ? told.errorInstance.message : String(told.errorInstance)
    const [scenario, drawn] = told.counterexample ?? []
    const repeat = `--runs ${runs} --seed ${asked} --path ${told.counterexamplePath} --only "${name}"`
    return { runs: told.numRuns, broken: `${why}\n  ${repeat}\n  ${shown(scenario)}\n  draws ${String(drawn)}` }
  },
})

/** A scenario but for what says nothing: sources, names, and what is not there. */
const shown = (scenario: unknown): string =>
  JSON.stringify(scenario, (key, inner: unknown) => (SAYS_NOTHING.includes(key) || inner === null ? undefined : inner))

const SAYS_NOTHING = ['source', 'assumed', 'story', 'name', 'sex', 'ageBand', 'aliases']

export const valuesOf = (plan: Pick<Plan, 'levels'>): number[] => plan.levels.map(({ value }) => value)
export const needsOf = (plan: Pick<Plan, 'levels'>): number[] =>
  plan.levels.filter(({ level }) => level === 'need').map(({ value }) => value)
export const isProved = (plan: Pick<Plan, 'levels'>): boolean => plan.levels.every(({ optimal }) => optimal)

/** Level by level, as plans are compared: negative when the first is better. */
export function compareLevels(a: readonly number[], b: readonly number[]): number {
  const first = a.findIndex((value, i) => value !== b[i])
  return first === -1 ? 0 : (a[first] ?? 0) - (b[first] ?? 0)
}
