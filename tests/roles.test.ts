import { describe, expect, test } from 'vitest'
import { type HeldGrant, isWithin, reachOf, SYSTEM } from '../src/kernel/roles.js'

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
