import { describe, expect, test } from 'vitest'
import { type BedFigures, bedsFree, openBeds, poolSchema, usableBeds } from '../src/facilities/beds.js'
import { NOT_TRACKED, UNKNOWN } from '../src/kernel/quantity.js'
import { World } from '../src/planning/world.js'
import { CENTRALISED, city } from './support/city.js'

const BASE: BedFigures = { physical: 40, staffed: 31, occupied: 12, held: 3, protected: 1, oxygenBeds: NOT_TRACKED }

describe('beds of a pool', () => {
  // what, figures, open, free, usable
  const rows: [string, Partial<BedFigures>, number | null, number | null, number][] = [
    ['staffed beds decide where fewer are staffed than stand there', {}, 31, 15, 15],
    ['physical beds decide where more are reported staffed than stand there', { physical: 23 }, 23, 7, 7],
    ['oxygen decides where it carries fewer beds than are staffed', { oxygenBeds: 19 }, 19, 3, 3],
    ['oxygen for more beds than are staffed adds none', { oxygenBeds: 38 }, 31, 15, 15],
    ['oxygen that is not tracked does not limit', { oxygenBeds: NOT_TRACKED }, 31, 15, 15],
    ['oxygen that nobody knows carries no bed', { oxygenBeds: UNKNOWN }, 0, -16, 0],
    ['oxygen for nobody carries no bed', { oxygenBeds: 0 }, 0, -16, 0],
    ['everybody who lies there counts', { occupied: 17 }, 31, 10, 10],
    ['a promised bed is not free', { held: 8 }, 31, 10, 10],
    ['a protected bed stays with the hospital', { protected: 6 }, 31, 10, 10],
    ['the last free bed is the protected one', { occupied: 27 }, 31, 0, 0],
    ['an overfull pool shows how far it is over, and takes nobody', { occupied: 33 }, 31, -6, 0],
    ['promises beyond the free beds show as negative', { held: 21 }, 31, -3, 0],
    ['nobody staffed: nothing to fill', { staffed: 0, occupied: 0, held: 0, protected: 0 }, 0, 0, 0],
    ['unknown physical beds are not nought', { physical: UNKNOWN }, null, null, 0],
    ['unknown staffed beds are not nought', { staffed: UNKNOWN }, null, null, 0],
    ['unknown occupied beds leave the open beds known', { occupied: UNKNOWN }, 31, null, 0],
    ['unknown held beds leave the open beds known', { held: UNKNOWN }, 31, null, 0],
    [
      'unknown oxygen does not hide that the staffed beds are unknown', { staffed: UNKNOWN, oxygenBeds: UNKNOWN }, null,
      null, 0,
    ],
  ]
  test.each(rows)('%s', (_, figures, open, free, usable) => {
    const pool = { ...BASE, ...figures }
    expect([openBeds(pool), bedsFree(pool), usableBeds(pool)]).toEqual([open, free, usable])
  })
})

describe('a report of beds', () => {
  const report = { place: 'hub', block: null, careLevel: 'severe', source: 'the hospital by phone', ...BASE }
  // what, figures, whether it is taken
  const rows: [string, Record<string, unknown>, boolean][] = [
    ['whole figures are taken', {}, true],
    [
      'unknown is an answer',
      { physical: UNKNOWN, staffed: UNKNOWN, occupied: UNKNOWN, held: UNKNOWN, oxygenBeds: UNKNOWN }, true,
    ],
    ['only a limit can be left untracked', { oxygenBeds: NOT_TRACKED }, true],
    ['staffed beds cannot be left untracked', { staffed: NOT_TRACKED }, false],
    ['the hospital always says how many beds it keeps', { protected: UNKNOWN }, false],
    ['fewer than no beds are refused', { occupied: -1 }, false],
    ['half a bed is refused', { staffed: 7.5 }, false],
    ['a figure as text is refused', { physical: '40' }, false],
    ['no figure is not nought', { held: null }, false],
    ['a bed level that no edition knows is refused', { careLevel: 'negativePressure' }, false],
  ]
  test.each(rows)('%s', (_, figures, isTaken) => {
    expect(poolSchema.safeParse({ ...report, ...figures }).success).toBe(isTaken)
  })
})

test('a hospital that is not under the command gives the plan no bed, however many are free', () => {
  const beds = { pools: { 'hub/severe': { staffed: 7, occupied: 2 } } }
  expect(new World(city(beds)).usable('hub/severe')).toBe(5)
  const military = { ...beds, places: { hub: { ...CENTRALISED, underCommand: false } } }
  expect(new World(city(military)).usable('hub/severe')).toBe(0)
})
