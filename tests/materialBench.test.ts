import { describe, expect, test } from 'vitest'
import { solved } from '../src/planning/material/core.js'
import { differencesIn, wordsOf } from './campaigns/benchMaterial.js'
import { readWords } from './campaigns/benchRows.js'
import { judgementOf, type Served } from './campaigns/materialJudge.js'
import { benchCity, givenIn, judged } from './campaigns/materialOnce.js'
import { modelsOf, shipmentsOf, solvedByHighs } from './campaigns/materialPeer.js'

/** One item, wanted on one day in two tiers: so many units served of ten by place. */
const answer = (first: readonly number[], second: readonly number[] = []): Served[] =>
  [first, second].flatMap((tier, i) => tier.map((served, k): Served => ({ place: `p${k}`, item: 'mask', band: 0, tier: i + 1, day: 0, units: 10, served })))

describe('the judge of order', () => {
  const fair = answer([10, 10], [5, 5, 5])

  test('accepts an answer beside itself', () => {
    const { passedByThem, passedByUs, better } = judgementOf(fair, fair)
    expect([passedByThem.times, passedByUs.times, better]).toEqual([0, 0, []])
    expect(wordsOf(judgementOf(fair, fair))[0]).toBe('all 2 bands and tiers alike')
  })

  test('finds who is left behind while others are covered more, the sums being the same', () => {
    const { levels, passedByThem, passedByUs, better } = judgementOf(fair, answer([10, 10], [10, 5, 0]))
    expect(levels.map(({ ours, theirs }) => [ours, theirs])).toEqual([[0, 0], [15, 15]])
    expect(levels.map(({ least }) => least)).toEqual([{ ours: 1000, theirs: 1000 }, { ours: 500, theirs: 0 }])
    expect(passedByThem).toEqual({ times: 1, places: 1, first: expect.objectContaining({ place: 'p2', tier: 2 }) })
    expect([passedByUs.times, better]).toEqual([0, []])
  })

  test('does not blame a share that is small for everybody', () => {
    expect(judgementOf(fair, answer([10, 10], [4, 4, 4])).passedByThem.times).toBe(0)
  })

  test('finds the first tier that is served less for the sake of a later one', () => {
    const judgement = judgementOf(fair, answer([10, 8], [6, 6, 6]))
    expect(wordsOf(judgement)[0]).toBe("2 of 2 bands and tiers differ, first band0.tier1 with 0 units unserved, the peer's 2")
    expect(differencesIn(judgement)).toEqual([])
  })

  test('tells when the other serves more in the first tier that differs', () => {
    const judgement = judgementOf(answer([10, 8], [6, 6, 6]), fair)
    expect(judgement.better).toEqual([{ item: 'mask', level: 'band0.tier1', units: 2 }])
    expect(differencesIn(judgement)).toHaveLength(1)
  })

  test('takes no answers to two problems', () => {
    expect(() => judgementOf(fair, answer([10, 10], [5, 5]))).toThrow('not of the same need')
    expect(() => judgementOf(fair, fair.map((slot) => ({ ...slot, units: slot.units + 1 })))).toThrow('not of the same need')
  })
})

describe('HiGHS on the plain model of a small city', () => {
  test('is lawful, serves no tier more, is as good in single units, and leaves somebody behind', async () => {
    const given = givenIn(benchCity({ places: 12, items: 3 }))
    const models = modelsOf(given)
    expect(models.map(({ item, lot }) => [item, lot])).toEqual([['i00', 1], ['i01', 1], ['i02', 5]])
    const ours = judged(given, solved(given).deed)
    const peer = await solvedByHighs(models)
    const theirs = judged(given, { shipments: shipmentsOf(given, peer), ownSubstitutes: [] })
    expect([ours.broken, ours.disorder, theirs.broken, peer.unproved]).toEqual([[], 0, [], []])
    const isSingle = ({ item }: Served) => item !== 'i02'
    const single = judgementOf(ours.slots.filter(isSingle), theirs.slots.filter(isSingle))
    // Any weights that fall serve as many of every tier as can be (a matroid); whom, they do not say.
    expect(single.levels.filter((level) => level.ours !== level.theirs)).toEqual([])
    expect([single.passedByUs.times, single.passedByThem.times > 0, theirs.disorder > 0]).toEqual([0, true, true])
    expect(judgementOf(ours.slots, theirs.slots).better).toEqual([])
  })
})

describe('words of the bench', () => {
  test('material alone, in a size that is asked for', () => {
    expect(readWords(['--only', 'material', '--places', '20', '--items', '3', '--runs', '1']))
      .toEqual({ json: false, runs: 1, isMaterialOnly: true, places: 20, items: 3 })
    expect(readWords([])).toEqual({ json: false, runs: 5, isMaterialOnly: false, places: 500, items: 30 })
  })

  test.each([
    [['--only', 'beds'], '--only takes the word material.'],
    [['--places', '0'], '--places must be a whole number, 1 to 1000.'],
    [['--items', '2.5'], '--items must be a whole number, 1 to 100.'],
    [['--runs', '101'], '--runs must be a whole number, 1 to 100.'],
  ])('%s', (words, sentence) => expect(readWords(words)).toBe(sentence))
})
