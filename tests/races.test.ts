import { afterAll, describe, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { chanceOf } from './campaigns/racesChance.js'
import { differs, sameBytes, winners } from './campaigns/racesJudge.js'
import { raced, RACES } from './campaigns/races.js'
import { DATABASES } from './support/databases.js'
import type { Said } from './support/serving.js'

const ROUNDS_EACH = 1
const PATIENCE_MILLISECONDS = 300_000

afterAll(closeSolvers)

/** Also `npm run campaign -- races`. */
describe.each(DATABASES)('%s', (database) => {
  test('has one winner in every race, and a sound store after each', async () => {
    const { counts, problems } = await raced({ database, rounds: ROUNDS_EACH * RACES.length, seed: 3, from: 0 })
    expect(problems).toEqual([])
    expect([...counts]).toEqual(RACES.map(({ name }) => [name, ROUNDS_EACH]))
  }, PATIENCE_MILLISECONDS)
})

const said = (status: number, json: unknown, headers: Record<string, string> = {}): Said =>
  ({ status, json, text: JSON.stringify(json), headers: new Headers(headers) })
const won = said(201, { id: 'a' })
const lost = said(409, { code: 'noFreeBed', detail: 'the pool has no free bed left' })
const replay = said(201, { id: 'a' }, { 'idempotency-replayed': 'true' })
const wanted = { won: 201, lost: ['noFreeBed'], says: { noFreeBed: /no free bed left/ } }

describe('a race is judged', () => {
  const rows: [string, string[], number][] = [
    ['one winner', winners([won, lost, lost], wanted), 0],
    ['two winners', winners([won, won, lost], wanted), 1],
    ['no winner', winners([lost, lost], wanted), 1],
    ['a winner of another kind', winners([said(200, {}), lost], wanted), 1],
    ['a loser for another reason', winners([won, said(409, { code: 'runIsOver', detail: 'the run is over already' })], wanted), 1],
    ['a loser who is told what is not so', winners([won, said(409, { code: 'noFreeBed', detail: 'come again tomorrow' })], wanted), 1],
    ['a loser who is not told why', winners([won, said(409, { code: 'noFreeBed', detail: 'no' })], { ...wanted, says: {} }), 1],
    ['a failure of the service', winners([won, said(500, { code: 'broken', detail: 'the program failed' })], wanted), 1],
    ['an answer that is no problem', winners([won, said(503, null)], wanted), 2],
    ['the same bytes', sameBytes([won, replay, replay]), 0],
    ['other bytes', sameBytes([won, said(201, { id: 'b' }, { 'idempotency-replayed': 'true' })]), 1],
    ['done twice', sameBytes([won, won, replay]), 1],
    ['a refusal that is kept', sameBytes([lost, lost]), 0],
    ['equal', differs('figures', [1, 2], [1, 2]), 0], ['not equal', differs('figures', [1, 2], [2, 1]), 1],
  ]
  test.each(rows)('%s', (_, problems, count) => expect(problems).toHaveLength(count))

  test('by a chance that comes again', () => {
    const drawn = ({ seed, round }: { seed: number; round: number }) => {
      const chance = chanceOf({ seed, round })
      return [chance.below(1000), chance.below(1000), ...chance.shuffled([1, 2, 3, 4, 5])]
    }
    expect(drawn({ seed: 7, round: 4 })).toEqual(drawn({ seed: 7, round: 4 }))
    expect(drawn({ seed: 7, round: 4 })).not.toEqual(drawn({ seed: 7, round: 5 }))
    expect(drawn({ seed: 7, round: 4 })).not.toEqual(drawn({ seed: 8, round: 4 }))
  })
})
