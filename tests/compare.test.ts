import { afterAll, describe, expect, test } from 'vitest'
import { compared, type Drafted } from '../src/planning/compare.js'
import { comparisonSchema } from '../src/planning/comparison.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { CENTRALISED, city, type CityPatch, people } from './support/city.js'
import { planned } from './support/planning.js'

afterAll(closeSolvers)

const CITY: CityPatch = {
  places: { hub2: CENTRALISED, spare: { kind: 'reserveHospital' } }, travel: { 'dist→hub2': 52, 'dist→spare': 61 }, blocks: { 'spare/A': {} },
  pools: { 'hub/ordinary': { staffed: 2 }, 'hub2/ordinary': { staffed: 1 }, 'spare/ordinary': { block: 'spare/A' } }, cases: people(3), policy: { wishes: ['reserveBlocks', 'minutes'] },
}
const drafted = async (patch: CityPatch): Promise<Drafted> => {
  const scenario = city({ ...CITY, ...patch })
  return { scenario, plan: (await planned(scenario)).plan }
}
const pin = (patient: string, place: string) => ({ kind: 'pin' as const, patient, place })

describe('two drafts beside each other', () => {
  test('a draft is like itself', async () => {
    const one = await drafted({})
    const said = compared(one, one)
    expect(comparisonSchema.parse(said)).toEqual(said)
    expect([said.better, said.decidedBy, said.levels.every(({ difference }) => difference === 0)]).toEqual(['neither', null, true])
    expect(said.moves).toEqual({ alike: 3, onlyHere: [], onlyThere: [], otherwise: [] })
    expect(said.basis).toMatchObject({ sameSnapshot: true, samePolicy: true, policyFields: [], tables: [], edits: { alike: 0, onlyHere: [], onlyThere: [] } })
  })

  test('with a decision by hand: who moves instead, where, and at which level it costs', async () => {
    const [free, bound] = [await drafted({}), await drafted({ edits: { E1: pin('south-1', 'spare') } })]
    const said = compared(free, bound)
    expect([said.better, said.decidedBy?.rule]).toEqual(['here', 'reserveBlocks'])
    const at = (rule: string) => said.levels.filter((level) => level.rule === rule).map(({ here, there, difference }) => [here, there, difference])
    expect([at('concentrated'), at('reserveBlocks')]).toEqual([[[0, 0, 0]], [[0, 1, 1]]])
    expect(said.blocksOpened).toEqual({ both: [], onlyHere: [], onlyThere: ['spare/A'] })
    expect(said.moves.otherwise.find(({ patient }) => patient === 'south-1')).toMatchObject({ differs: ['to', 'pool'], there: { to: 'spare', pool: 'spare/ordinary' } })
    expect(said.moves.alike + said.moves.otherwise.length).toBe(3)
    expect(said.basis).toMatchObject({ sameSnapshot: false, samePolicy: true, tables: [], edits: { alike: 0, onlyHere: [], onlyThere: [{ edit: 'E1', patient: 'south-1', reason: 'family' }] } })
    expect(compared(bound, free)).toMatchObject({ better: 'there', moves: { alike: said.moves.alike } })
  })

  test('somebody who stays: a line less there, and one who is left', async () => {
    const [free, bound] = [await drafted({}), await drafted({ edits: { E1: { kind: 'stay', patient: 'south-2' } } })]
    const said = compared(free, bound)
    expect([said.better, said.decidedBy]).toMatchObject(['here', { rank: 4, rule: 'concentrated' }])
    expect([said.moves.onlyHere.map(({ patient }) => patient), said.moves.onlyThere]).toEqual([['south-2'], []])
    expect(said.unplaced).toMatchObject({ both: [], onlyHere: [], onlyThere: [{ patient: 'south-2', rule: 'placedByHand' }] })
  })

  test('figures and policies that differ are named; levels ranked otherwise are not compared beyond that', async () => {
    const one = await drafted({})
    const other = await drafted({ pools: { ...CITY.pools, 'hub/ordinary': { staffed: 3 } }, policy: { wishes: ['minutes', 'reserveBlocks'], safeFillPerMille: 700 } })
    const said = compared(one, other)
    expect([said.better, said.decidedBy]).toEqual([null, null])
    expect(said.basis).toMatchObject({ samePolicy: false, policyFields: ['safeFillPerMille', 'wishes'], tables: [{ table: 'pools', rows: 1 }] })
    const without = await drafted({ policy: { wishes: ['reserveBlocks'] } })
    expect(compared(one, without).levels.at(-1)).toMatchObject({ rule: 'minutes', there: null, difference: null })
  })

  test('a need that differs decides before wishes that are ranked otherwise', async () => {
    const one = await drafted({ edits: { E1: { kind: 'stay', patient: 'south-2' } } })
    const said = compared(one, await drafted({ policy: { wishes: ['minutes'] } }))
    expect([said.better, said.decidedBy?.rule]).toEqual(['there', 'concentrated'])
  })

  test('where one has no plan there is nothing to rank', async () => {
    const none = await drafted({ pools: { 'hub/ordinary': { staffed: 1, occupied: 1 } }, orders: { O1: { patient: 'south-2', pool: 'hub/ordinary' } } })
    expect(none.plan.levels).toEqual([])
    expect(compared(none, await drafted({}))).toMatchObject({ better: null, decidedBy: null, moves: { alike: 0, onlyHere: [] } })
  })
})
