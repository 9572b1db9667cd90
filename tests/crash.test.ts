import { describe, expect, test } from 'vitest'
import { crashed, type CrashTold, VICTIMS } from './campaigns/crash.js'
import { judged } from './campaigns/crashJudge.js'
import type { Deed, Ward } from './campaigns/crashLoad.js'
import { personBody, placeBody, poolBody, unitBody } from './campaigns/racesRows.js'
import { freshDatabase, ON_A_SERVER } from './support/databases.js'
import { ask, type Said, serving } from './support/serving.js'

const ROUNDS = 8
const PATIENCE_MILLISECONDS = 900_000

/** What the rounds were to meet and have not: deeds of each sort, and a death between a COMMIT and its answer. */
const unmet = (kinds: CrashTold['kinds']): string[] => [
  ...['orders', 'arrivals', 'approvals', 'check-ins', 'shipments', 'receipts'].filter((sort) => [...kinds.values()].every(({ sorts }) => (sorts[sort] ?? 0) === 0)),
  ...((kinds.get('service process on PostgreSQL')?.tookEffect ?? 0) > 0 ? [] : ['a commit that nobody heard of']),
]

describe.each(ON_A_SERVER)('%s', () => {
  test('keeps what it acknowledged, and does nothing twice, whoever dies', async () => {
    const { kinds, skipped, missing, appliedTwice, problems } = await crashed({
      rounds: ROUNDS, seed: 11, from: 0, isEnough: (told) => unmet(told).length === 0,
    })
    for (const kind of skipped) process.stdout.write(`skipped, initdb and postgres are not on this machine: ${kind}\n`)
    expect({ missing, appliedTwice, problems }).toEqual({ missing: 0, appliedTwice: 0, problems: [] })
    expect([...kinds.keys(), ...skipped].sort()).toEqual(Object.keys(VICTIMS).sort())
    expect([...kinds.values()].every(({ acknowledged }) => acknowledged > 0)).toBe(true)
    expect(unmet(kinds)).toEqual([])
  }, PATIENCE_MILLISECONDS)
})

const NOWHERE = { place: '', pool: '' }
const NO_ORDERS = { district: NOWHERE, hub: NOWHERE, site: NOWHERE, draft: null, approver: '' }

describe('what a crash left is judged', () => {
  const ward: Ward = { name: 'r', unit: 'U', place: 'H', pools: ['first', 'second'], counted: 'counted', hasPlans: false, ...NO_ORDERS }
  const from = '2020-01-01T00:00:00Z'
  const deedOf = (key: string, id: string, answer: Said | null): Deed => ({
    key, client: 0, asking: { method: 'PUT', path: `/api/cases/${id}`, body: personBody('U') }, expected: [201], lines: 1, answer,
  })

  test('by what stands in the store', async () => {
    const { database, end } = await freshDatabase('embedded')
    const { address, close } = await serving(database)
    const put = (path: string, body: object, key?: string) =>
      ask(address, path, { method: 'PUT', body, ...(key === undefined ? {} : { key, headers: { 'x-request-id': key } }) })
    await put('/api/reporting-units/U', unitBody('U'))
    await put('/api/places/H', placeBody('U'))
    for (const pool of [...ward.pools, ward.counted]) {
      await put(`/api/pools/${pool}`, poolBody('H'))
      await put(`/api/pools/${pool}/report`, { physical: 9, staffed: 9, occupied: 0 })
    }
    const kept = await put('/api/cases/U-1', personBody('U'), 'key-kept-1')
    const tell = async (deeds: readonly Deed[]) => {
      const { acknowledged, retried, tookEffect, missing, appliedTwice, problems } = await judged(address, { deeds, ward, from })
      return [acknowledged, retried, tookEffect, missing, appliedTwice, problems.length]
    }
    expect(await tell([deedOf('key-kept-1', 'U-1', kept)])).toEqual([1, 0, 0, 0, 0, 0])
    expect(await tell([deedOf('key-kept-1', 'U-1', null)])).toEqual([0, 1, 1, 0, 0, 0])
    // Answered otherwise than it was acknowledged.
    expect(await tell([deedOf('key-kept-1', 'U-1', { ...kept, text: '{}' })])).toEqual([1, 0, 0, 1, 0, 1])
    // Two lines of the journal for one request, and a case that nobody asked for.
    const twice = await put('/api/cases/U-2', personBody('U'), 'key-twice-2')
    await ask(address, '/api/cases/U-3', { method: 'PUT', body: personBody('U'), headers: { 'x-request-id': 'key-twice-2' } })
    const both = [deedOf('key-kept-1', 'U-1', kept), deedOf('key-twice-2', 'U-2', twice)]
    expect(await tell(both)).toEqual([2, 0, 0, 0, 1, 2])
    // Acknowledged with the key of somebody else: its own effect is nowhere.
    const lost = { ...deedOf('key-lost-4', 'U-1', kept) }
    const third = deedOf('key-third-3', 'U-4', null)
    expect((await tell([...both, lost, third])).slice(0, 5)).toEqual([3, 1, 0, 1, 1])
    await close()
    await end()
  })
})
