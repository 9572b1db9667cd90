import { describe, expect, test } from 'vitest'
import { type Block, blockSchema, isReady, READINESS_STEPS, unsignedSteps } from '../src/facilities/blocks.js'
import { keysOf } from '../src/kernel/vocabulary.js'
import { blocksToOpen } from '../src/planning/facts.js'
import { World } from '../src/planning/world.js'
import { city } from './support/city.js'

const SIGNED = { clearing: 'signed', conversion: 'signed', oxygen: 'signed', staff: 'signed' } as const

describe('a reserve block', () => {
  // what, signatures, steps that are missing
  const rows: [string, Partial<Block>, string[]][] = [
    ['is ready when all four steps are signed', {}, []],
    ['is not ready before it is cleared', { clearing: 'notSigned' }, ['clearing']],
    ['is not ready before it is converted', { conversion: 'notSigned' }, ['conversion']],
    ['is not ready while nobody knows about its oxygen', { oxygen: 'unknown' }, ['oxygen']],
    ['is not ready while nobody knows about its staff', { staff: 'unknown' }, ['staff']],
    [
      'names every step that is missing, in the order of the work',
      { staff: 'notSigned', clearing: 'unknown', oxygen: 'notSigned' }, ['clearing', 'oxygen', 'staff'],
    ],
    ['can be ready for ordinary patients before it is for critical ones', { critical: 'notSigned' }, []],
    [
      'is not ready only because critical care is signed', { critical: 'signed', conversion: 'unknown' },
      ['conversion'],
    ],
  ]
  test.each(rows)('%s', (_, signatures, missing) => {
    const block = { ...SIGNED, ...signatures }
    expect(unsignedSteps(block)).toEqual(missing)
    expect(isReady(block)).toBe(missing.length === 0)
  })

  test('needs clearing, conversion, oxygen and staff, and nothing else', () => {
    expect(keysOf(READINESS_STEPS)).toEqual(['clearing', 'conversion', 'oxygen', 'staff'])
  })

  test('has a first place in its hospital and a lead time that may be unknown', () => {
    const row = {
      ...SIGNED, place: 'spare', sequence: 1, opened: false, critical: 'unknown', leadDays: 'unknown',
      source: 'health bureau',
    }
    expect(blockSchema.safeParse(row).success).toBe(true)
    expect(blockSchema.safeParse({ ...row, sequence: 0 }).success).toBe(false)
    expect(blockSchema.safeParse({ ...row, clearing: 'yes' }).success).toBe(false)
  })
})

describe('blocks that have to be opened', () => {
  const spare = { kind: 'reserveHospital' } as const
  const world = new World(city({
    places: { spare, other: spare },
    blocks: {
      'spare/1': {
        sequence: 1, opened: true,
      }, 'spare/2': { sequence: 2 }, 'spare/3': { sequence: 3 }, 'spare/4': { sequence: 4 },
      'other/1': { sequence: 5 },
    },
    pools: {
      'hub/ordinary': {}, 'spare/ordinary#1': { block: 'spare/1' }, 'spare/ordinary#2': { block: 'spare/2' },
      'spare/ordinary#3': { block: 'spare/3' }, 'spare/severe#4': { block: 'spare/4' }, 'other/ordinary': {
        block: 'other/1',
      },
    },
  }))
  // where people go, blocks opened for it
  const rows: [string, string[], string[]][] = [
    ['none for beds outside a reserve', ['hub/ordinary'], []],
    ['none for a block that is open already', ['spare/ordinary#1'], []],
    ['the next block alone', ['spare/ordinary#2'], ['spare/2']],
    [
      'those before a later block too, but not what is open or comes after', ['spare/ordinary#3'],
      ['spare/2', 'spare/3'],
    ],
    ['those of one hospital do not open another’s', ['other/ordinary', 'spare/ordinary#2'], ['other/1', 'spare/2']],
    [
      'each once, however many people come', ['spare/severe#4', 'spare/severe#4', 'spare/ordinary#2'],
      ['spare/2', 'spare/3', 'spare/4'],
    ],
  ]
  test.each(rows)('%s', (_, pools, opened) => {
    expect(blocksToOpen(world, pools.map((pool) => ({ pool, order: null })))).toEqual(opened)
  })

  test('are those that an issued order needs, but not those to which a vehicle is on its way already', () => {
    const order = { patient: 'south-1', pool: 'spare/ordinary' } as const
    const opened = (state: 'issued' | 'dispatched') => blocksToOpen(new World(city({
      places: { spare }, blocks: { 'spare/1': {} }, pools: { 'spare/ordinary': { block: 'spare/1' } },
      cases: { 'south-1': {} }, orders: { 'O-1': { ...order, state } },
    })), [{ pool: 'spare/ordinary', order: 'O-1' }])
    expect([opened('issued'), opened('dispatched')]).toEqual([['spare/1'], []])
  })
})
