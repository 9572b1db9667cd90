import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { machine } from '../src/app/machine.js'
import type { Database } from '../src/db/database.js'
import { heldGrants } from '../src/facilities/store.js'
import { EVERYWHERE, type Grant, type HeldGrant, isWithin, reachOf, SYSTEM } from '../src/kernel/roles.js'
import { freshDatabase } from './support/databases.js'
import { stockRoom } from './support/stockRoom.js'

const at = (role: HeldGrant['role'], units: string[], places: string[]): HeldGrant =>
  ({ role, isCity: false, units: new Set(units), places: new Set(places), homes: new Set() })

describe('reach', () => {
  const who = { id: 'p7', grants: [at('bedManager', [], ['phc']), at('bedManager', ['忠县'], ['zhong-1', 'zhong-2']), at('viewer', ['万州区'], ['sanxia'])] }
  const rows: [roles: HeldGrant['role'][], of: { unit?: string; place?: string }, within: boolean][] = [
    [['bedManager'], { place: 'phc' }, true],
    [['bedManager'], { place: 'zhong-2' }, true],
    [['bedManager'], { unit: '忠县' }, true],
    [['bedManager'], { place: 'sanxia' }, false],
    [['bedManager', 'viewer'], { place: 'sanxia' }, true],
    [['viewer'], { unit: '忠县', place: 'sanxia' }, true],
    [['viewer'], { unit: '忠县' }, false],
    [['planner'], { unit: '忠县' }, false],
    [['bedManager'], {}, false],
  ]
  test.each(rows)('%j at %j: %s', (roles, of, within) => expect(isWithin(reachOf(who, roles), of)).toBe(within))

  test('of the service itself is the city, in every role', () => {
    expect(isWithin(reachOf(SYSTEM, ['planner']), {})).toBe(true)
  })
})

describe('a grant', () => {
  let db: Database
  let end: () => Promise<void>
  beforeAll(async () => {
    ({ database: db, end } = await freshDatabase('embedded'))
    await stockRoom(db, machine)
  })
  afterAll(async () => end())

  // Places of the unit south: hubA and store; of the unit north: hubB.
  const rows: [what: string, Grant['scope'], Omit<HeldGrant, 'role' | 'isCity'>][] = [
    ['a place reaches that place, which has its home in a unit', { kind: 'place', id: 'hubB' }, { units: new Set(), places: new Set(['hubB']), homes: new Set(['north']) }],
    ['a unit reaches every place that lies in it', { kind: 'unit', id: 'south' }, { units: new Set(['south']), places: new Set(['hubA', 'store']), homes: new Set(['south']) }],
    ['a unit that has no place reaches the unit', { kind: 'unit', id: 'west' }, { units: new Set(['west']), places: new Set(), homes: new Set(['west']) }],
    ['a place that there is not reaches nothing', { kind: 'place', id: 'nowhere' }, { units: new Set(), places: new Set(), homes: new Set() }],
  ]
  test.each(rows)('for %s', async (_, scope, reach) => {
    const held = await db.inSnapshot((tx) => heldGrants(tx, [{ role: 'viewer', scope }, { role: 'planner', scope: { kind: 'city' } }]))
    expect(held).toEqual([{ role: 'viewer', isCity: false, ...reach }, { role: 'planner', ...EVERYWHERE }])
  })

  test('for the city reaches everything', async () => {
    expect(await db.inSnapshot((tx) => heldGrants(tx, [{ role: 'viewer', scope: { kind: 'city' } }]))).toEqual([{ role: 'viewer', ...EVERYWHERE }])
  })
})
