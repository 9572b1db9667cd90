import { afterAll, describe, expect, test } from 'vitest'
import { mergePatch } from '../src/kernel/mergePatch.js'
import { decisionsIn, proposalOf } from '../src/planning/explain/decisions.js'
import { World } from '../src/planning/world.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { lawful } from './campaigns/given.js'
import { CENTRALISED, type CityPatch, city, people } from './support/city.js'
import { planned } from './support/planning.js'

afterAll(closeSolvers)

describe('a way out', () => {
  const shut = (arrivalsPerHour: number | 'unknown'): CityPatch =>
    ({ places: { hub: { ...CENTRALISED, arrivalsPerHour } }, pools: { 'hub/ordinary': {} }, cases: people(3) })
  const rows: [string, CityPatch][] = [
    ['unlimited ambulances, none may arrive', shut(0)],
    ['unlimited ambulances, nobody said how many', shut('unknown')],
    ['listed ambulances', { ...shut('unknown'), fleet: 'listed', vehicles: { V1: {}, V2: {} } }],
  ]
  test.each(rows)('where a hospital takes nobody in is to take one trip an hour: %s', async (_, patch) => {
    const scenario = city(patch)
    const { plan } = await planned(scenario, { waysOut: true })
    expect([plan.moves.length, plan.unmet.length]).toEqual([0, 1])
    expect(plan.unmet[0]?.clash).toMatchObject({ rules: [{ rule: 'arrivalsPerHour', subject: 'hub' }], smallest: true })
    expect(plan.unmet[0]?.waysOut.map(({ text, patch: change }) => [text.en, change])).toEqual([
      ['the hub takes 1 trip an hour', { places: { hub: { arrivalsPerHour: 1 } } }],
    ])
    const again = await planned(lawful(mergePatch(scenario, plan.unmet[0]?.waysOut[0]?.patch)))
    expect(again.plan.moves.length).toBe(3)
  })

  // Two signatures for one person, and one of each other kind.
  test('is read from its patch again, every kind of decision, two about one person kept both', () => {
    const world = new World(city({
      places: { spare: { kind: 'reserveHospital' } }, blocks: { 'spare/A': { staff: 'notSigned', critical: 'unknown' } },
      pools: { 'hub/ordinary': { staffed: 4, occupied: 1 }, 'spare/intensive': { block: 'spare/A' } },
      cases: { ...people(2, { severity: 'severe' }), 'south-3': {} },
      orders: { 'O-1': { patient: 'south-3', pool: 'hub/ordinary' } }, edits: { E001: { kind: 'stay', patient: 'south-1' } },
    }))
    const decision = (kind: Parameters<typeof proposalOf>[1][number]['kind'], subject: string, figure = 0, who: string[] = []) =>
      ({ kind, subject, figure, people: who })
    const decisions = [
      decision('staffBeds', 'hub/ordinary', 7), decision('addVehicles', 'hub', 2), decision('stationTeam', 'dist', 1),
      decision('signBlock', 'spare/A'), decision('assessFitness', 'dist', 0, ['south-1', 'south-2']),
      decision('signTravelException', 'dist', 0, ['south-2']), decision('raiseArrivals', 'hub', 3),
      decision('addVentilators', 'hub', 5), decision('withdrawEdit', 'E001'), decision('withdrawOrder', 'O-1'),
    ]
    const proposal = proposalOf(world, [...decisions].reverse())
    expect(decisionsIn(world, proposal.patch)).toEqual(decisions)
    expect(proposalOf(world, decisionsIn(world, proposal.patch))).toEqual(proposal)
    expect(proposal.price.map(({ kind, amount }) => `${kind} ${amount}`)).toEqual([
      'staffBeds 3', 'addVehicles 2', 'stationTeam 1', 'signBlock 1', 'assessFitness 2', 'signTravelException 1',
      'raiseArrivals 3', 'addVentilators 5', 'withdrawEdit 1', 'withdrawOrder 1',
    ])
    const after = lawful(mergePatch(world.scenario, proposal.patch))
    expect(after.cases['south-2']).toMatchObject({ fitness: 'fit', travelExceptionUntil: '2020-01-31T00:00:00+08:00' })
    expect([Object.keys(after.orders), Object.keys(after.edits), after.blocks['spare/A']?.critical]).toEqual([[], [], 'signed'])
  })
})
