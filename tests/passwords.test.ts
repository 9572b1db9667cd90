import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hashed, isPassword } from '../src/access/passwords.js'
import { takeEach, Throttle } from '../src/access/throttle.js'

const tries = (count: number, every: number): number[] => Array.from({ length: count }, (_, i) => 60_000 + i * every)
const isAdmitted = (take: () => void): boolean => {
  try {
    take()
    return true
  } catch {
    return false
  }
}

describe('a throttle of ten a minute', () => {
  // So many tries at once, and then one every so many seconds for an hour: ten, and ten a minute from then on.
  const rows: [what: string, every: number, admitted: number][] = [
    ['that are as many as it takes', 6, 600], ['that are more', 5, 600], ['that are many more', 1, 600], ['that are few', 30, 120],
  ]
  test.each(rows)('lets through what it is meant to of tries %s', (_, every, admitted) => {
    const throttle = new Throttle(10)
    const within = tries(11, 0).filter((at) => isAdmitted(() => throttle.take('it', at)))
    expect(within).toHaveLength(10)
    const after = tries(3600 / every + 1, every * 1000).slice(1).filter((at) => isAdmitted(() => throttle.take('it', at)))
    expect(after).toHaveLength(admitted)
  })

  test('knows one name from another, and forgets what is cleared', () => {
    const throttle = new Throttle(1)
    const take = (name: string) => isAdmitted(() => throttle.take(name, 0))
    expect([take('a'), take('a'), take('b')]).toEqual([true, false, true])
    throttle.clear('a')
    expect(take('a')).toBe(true)
  })

  test('beside one of an address: guesses at one account, of which most are refused, leave the others what they may try there', () => {
    const [ofAddress, ofAccount] = [new Throttle(60), new Throttle(10)]
    const take = (account: string, at: number) => isAdmitted(() => takeEach([[ofAddress, 'here'], [ofAccount, account]], at))
    const answers = tries(1200, 500).map((at, i) => ({ guess: take('guessed', at), other: i % 20 === 19 && take(`desk ${i}`, at) }))
    expect(answers.filter(({ guess }) => guess).length).toBeLessThanOrEqual(10 + 10 * 10)
    expect(answers.filter(({ other }) => other)).toHaveLength(60)
  })
})

describe('passwords that are compared', () => {
  const unhandled: unknown[] = []
  const hear = (why: unknown) => void unhandled.push(why)
  beforeEach(() => process.on('unhandledRejection', hear))
  afterEach(() => void process.off('unhandledRejection', hear))

  test('are as many at a time as wait, from the first moment on; what is too many is refused, and changes nothing', async () => {
    // Nothing was compared in this process before: of so many at once two are at work and twenty wait.
    const answers = await Promise.allSettled([...Array.from({ length: 22 }, () => hashed('a')), isPassword('a', 'stored'), isPassword('a', null)])
    expect(answers.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(2)
    const stored = await hashed('a')
    expect(await Promise.all([isPassword('a', stored), isPassword('b', stored), isPassword('a', null)])).toEqual([true, false, false])
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(unhandled).toEqual([])
  }, 60_000)

  test('where there is none take as long to be refused', async () => {
    const stored = await hashed('a')
    const took = async (against: string | null) => {
      const from = performance.now()
      for (let i = 0; i < 4; i += 1) await isPassword('b', against)
      return performance.now() - from
    }
    await took(null)
    const [nobodys, somebodys] = [await took(null), await took(stored)]
    expect(nobodys / somebodys).toBeGreaterThan(0.2)
    expect(nobodys / somebodys).toBeLessThan(5)
  }, 60_000)
})
