import { afterAll, describe, expect, test } from 'vitest'
import { dealt } from '../src/planning/material/dealt.js'
import type { Turn } from '../src/planning/solve/engine.js'
import type { Machine } from '../src/planning/solve/machine.js'
import { closeSolvers, threadDealer, threadSolver } from '../src/planning/solve/thread.js'
import { type CityPatch, city, people } from './support/city.js'
import { planned } from './support/planning.js'
import { supplied } from './support/supplied.js'

afterAll(closeSolvers)

/** Five people, three beds: two stay, and a way out is looked for. */
const CITY: CityPatch = { pools: { 'hub/ordinary': { staffed: 3 } }, cases: people(5) }

/** The real solver on a clock of its own: the levels take so long, each later question, and what each was allowed. */
function clocked(levelsTake: number, eachTakes: number) {
  let clock = 0
  const asked: { readonly at: number; readonly milliseconds: number; readonly by: 'highs' | 'second' }[] = []
  const take = (by: 'highs' | 'second', { milliseconds, onTurn }: Turn & { readonly milliseconds: number }) => {
    onTurn?.()
    asked.push({ at: clock, milliseconds, by })
    clock += asked.length === 1 ? levelsTake : eachTakes
  }
  const solver: Machine['solver'] = {
    solve: (ask) => { take('highs', ask); return threadSolver.solve({ ...ask, milliseconds: 20_000, onTurn: undefined }) },
    solveLevel: (ask) => { take('second', ask); return threadSolver.solveLevel({ ...ask, milliseconds: 20_000, onTurn: undefined }) },
  }
  return { machine: { solver, deal: threadDealer, now: () => clock }, asked }
}

describe('the time limit', () => {
  const rows: [string, { limit: number; levelsTake: number; eachTakes: number }][] = [
    ['plenty', { limit: 60_000, levelsTake: 700, eachTakes: 130 }],
    ['used up by the levels', { limit: 60_000, levelsTake: 59_900, eachTakes: 40 }],
    ['used up among the questions', { limit: 60_000, levelsTake: 30_000, eachTakes: 9000 }],
    ['used up before the levels were done', { limit: 1000, levelsTake: 1700, eachTakes: 300 }],
  ]
  test.each(rows)('bounds levels, second opinion and ways out together, but for two seconds: %s', async (_, row) => {
    const { machine, asked } = clocked(row.levelsTake, row.eachTakes)
    const { plan } = await planned(city(CITY), { milliseconds: row.limit, secondOpinion: true, waysOut: true }, machine)
    // A question that is being answered when the time is up is not counted against the floor of the next stage.
    const end = Math.max(row.limit, row.levelsTake) + row.eachTakes + 2000
    for (const { at, milliseconds } of asked) {
      expect(milliseconds).toBeGreaterThan(0)
      expect(at + milliseconds).toBeLessThanOrEqual(end)
    }
    expect(plan.unmet).toHaveLength(1)
  })

  test('leaves the ways out at least as much as the second opinion gets', async () => {
    const { machine, asked } = clocked(20_000, 1000)
    await planned(city(CITY), { milliseconds: 60_000, secondOpinion: true, waysOut: true }, machine)
    const second = asked.filter(({ by }) => by === 'second')
    expect(second.length).toBeGreaterThan(0)
    for (const { at, milliseconds } of second) expect(at + milliseconds).toBeLessThanOrEqual(40_000)
  })

  test('asks no second opinion when it is up, and the ways out are still told', async () => {
    const { machine, asked } = clocked(9000, 30)
    const { plan } = await planned(city(CITY), { milliseconds: 8000, secondOpinion: true, waysOut: true }, machine)
    expect(asked.filter(({ by }) => by === 'second')).toEqual([])
    expect(plan.secondOpinion.levels.every(({ carried }) => !carried)).toBe(true)
    expect(plan.unmet[0]?.waysOut).toHaveLength(1)
  })

  test('is not used up by ways out of a want of material: the plan has yet to be checked', async () => {
    const items = Array.from({ length: 12 }, (_, index) => `item${index}`)
    const each = <Row>(row: Row): Record<string, Row> => Object.fromEntries(items.map((id): [string, Row] => [id, row]))
    // As many days of need as there are days, and nothing in any store.
    const city = supplied({ items: each({}), packings: each({}), norms: each({}), receivers: { a: {} }, staff: { 'a/1': {} } })
    const waysOut = async (limit: number) => {
      // Every look at the clock takes a second.
      let clock = 0
      const now = () => (clock += 1000)
      const { plan } = await planned(city, { milliseconds: limit, waysOut: true }, { solver: threadSolver, deal: async (ask) => dealt(ask, now), now })
      return { found: plan.material?.waysOut.length ?? 0, clock }
    }
    const atEase = await waysOut(100_000)
    expect(atEase.found).toBe(items.length)
    // So long that every question could just be asked: half of what is left when the first is asked is kept for the check.
    const hurried = await waysOut(atEase.clock)
    expect(hurried.found).toBeGreaterThan(0)
    expect(hurried.found).toBeLessThan(items.length)
  })
})
