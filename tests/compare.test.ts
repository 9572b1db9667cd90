import { afterAll, describe, expect, test } from 'vitest'
import { compared, type Drafted } from '../src/planning/compare.js'
import { comparisonSchema } from '../src/planning/comparison.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { CENTRALISED, city, type CityPatch, people } from './support/city.js'
import { planned } from './support/planning.js'
import type { MaterialPlan } from '../src/planning/material/plan.js'
import { smallMaterial } from './materialPlanFixture.js'

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

  test('wishes that are ranked otherwise are not compared beyond that; one that only one ranks stands there', async () => {
    const [one, other] = [await drafted({ edits: { E1: pin('south-1', 'spare') } }), await drafted({ policy: { wishes: ['minutes', 'reserveBlocks'] } })]
    const said = compared(one, other)
    expect([said.better, said.decidedBy, said.notComparable?.en]).toEqual([null, null, expect.stringContaining('not ranked by the same levels')])
    expect(said.basis).toMatchObject({ samePolicy: false, policyFields: ['wishes'], tables: [], judgedOtherwise: [] })
    const without = await drafted({ policy: { wishes: ['reserveBlocks'] } })
    expect(compared(one, without).levels.at(-1)).toMatchObject({ rule: 'minutes', there: null, difference: null })
  })

  test('a need that differs decides before wishes that are ranked otherwise', async () => {
    const one = await drafted({ edits: { E1: { kind: 'stay', patient: 'south-2' } } })
    const said = compared(one, await drafted({ policy: { wishes: ['minutes'] } }))
    expect([said.better, said.decidedBy?.rule]).toEqual(['there', 'concentrated'])
  })

  test('of other patients neither is better, however little it leaves undone: who is in one only is listed, with why', async () => {
    const older = await drafted({ cases: people(2) })
    const newer = await drafted({ cases: { ...people(2), 'south-9': { severity: 'severe' } } })
    expect(newer.plan.unplaced.map(({ patient }) => patient)).toEqual(['south-9'])
    const said = compared(older, newer)
    expect(comparisonSchema.parse(said)).toEqual(said)
    expect([said.better, said.decidedBy, said.notComparable?.en]).toEqual([null, null, expect.stringContaining('0 only here, 1 only there')])
    expect(said.patients).toEqual({ onlyHere: [], onlyThere: [{ patient: 'south-9', status: 'confirmed', severity: 'severe', place: 'dist' }], otherwise: [] })
    expect(compared(newer, older)).toMatchObject({ better: null, patients: { onlyHere: [{ patient: 'south-9' }], onlyThere: [] } })
    expect(compared(older, older)).toMatchObject({ better: 'neither', notComparable: null, patients: { onlyHere: [], onlyThere: [], otherwise: [] } })
  })

  const SEVERE = { ...people(3), 'south-1': { severity: 'severe' } } as const
  const FIT = people(3, { fitnessAssessedAt: '2020-01-30T00:00:00+08:00' })
  const KNOWN = { asOf: '2020-01-30T00:20:00+08:00', cases: people(3, { waitingSince: '2020-01-29T23:30:00+08:00', fitnessAssessedAt: '2020-01-30T00:00:00+08:00' }) }
  const table = (of: string, fields: string[], ...first: string[]) => [{ of, for: 'transfers', rows: first.length, fields, first }]
  test.each<[string, CityPatch, CityPatch, object[]]>([
    ['somebody became severe', {}, { cases: SEVERE }, table('cases', ['severity'], 'south-1')],
    ['somebody is suspected', {}, { cases: { ...people(3), 'south-2': { status: 'suspected' } } }, table('cases', ['status'], 'south-2')],
    ['somebody lies elsewhere', {}, { cases: { ...people(3), 'south-2': { place: 'hub2' } } }, table('cases', ['place'], 'south-2')],
    ['somebody waits', {}, { cases: { ...people(3), 'south-2': { waitingSince: '2020-01-29T01:00:00+08:00' } } }, table('cases', ['waitingSince'], 'south-2')],
    ['somebody has a need', {}, { cases: { ...people(3), 'south-2': { needs: ['dialysis'] } } }, table('cases', ['needs'], 'south-2')],
    ['nobody is fit', {}, { cases: people(3, { fitness: 'unfit' }) }, table('cases', ['fitness'], 'south-1', 'south-2', 'south-3')],
    ['a bed more', {}, { pools: { ...CITY.pools, 'hub/ordinary': { staffed: 3 } } }, table('pools', ['staffed'], 'hub/ordinary')],
    ['a block is not signed', {}, { blocks: { 'spare/A': { oxygen: 'notSigned' } } }, table('blocks', ['oxygen'], 'spare/A')],
    ['a team elsewhere', {}, { teams: { 'hub-team': { station: 'hub2' } } }, table('teams', ['station'], 'hub-team')],
    ['an order', {}, { orders: { O1: { patient: 'south-2', pool: 'hub/ordinary' } } }, table('orders', ['*'], 'O1')],
    ['a place that takes nobody', {}, { places: { ...CITY.places, hub2: { ...CENTRALISED, underCommand: false } } }, table('places', ['underCommand'], 'hub2')],
    ['another road', {}, { travel: { ...CITY.travel, 'dist→hub2': 40 } }, table('travel', ['minutes'], 'dist→hub2')],
    ['policy', {}, { policy: { wishes: ['reserveBlocks', 'minutes'], safeFillPerMille: 700, warningLinePerMille: 700 } }, [{ of: 'policy', for: 'transfers', rows: 1, fields: ['safeFillPerMille'], first: [] }]],
    ['vehicles that are listed', {}, { fleet: 'listed', vehicles: { van: {} } }, [{ of: 'fleet', for: 'transfers', rows: 1, fields: ['fleet'], first: [] }, ...table('vehicles', ['*'], 'van')]],
    ['another day', {}, { planDay: '2020-01-31' }, [{ of: 'time', for: 'transfers', rows: 1, fields: ['planDay'], first: [] }]],
    ['waits are an hour longer', KNOWN, { ...KNOWN, asOf: '2020-01-30T00:40:00+08:00' }, [{ of: 'time', for: 'transfers', rows: 1, fields: ['asOf'], first: [] }]],
    ['vehicles leave later', { cases: FIT }, { asOf: '2020-01-30T09:00:00+08:00', cases: FIT }, [{ of: 'time', for: 'transfers', rows: 1, fields: ['asOf'], first: [] }]],
  ])('judged otherwise, neither is called better, and it is said in what: %s', async (_, here, there, otherwise) => {
    const [one, other] = [await drafted(here), await drafted(there)]
    const said = compared(one, other)
    expect(comparisonSchema.parse(said)).toEqual(said)
    expect([said.better, said.decidedBy, said.notComparable?.en]).toEqual([null, null, expect.stringContaining('not judged on the same')])
    expect(said.basis.judgedOtherwise).toEqual(otherwise)
    expect(compared(other, one)).toMatchObject({ better: null, notComparable: said.notComparable })
  })

  test('who became severe is shown as severe there, with the line that does not know it, and named in the reason', async () => {
    const severe = { 'hub/severe': {} }
    const [older, newer] = [await drafted({ pools: { ...CITY.pools, ...severe } }), await drafted({ pools: { ...CITY.pools, ...severe }, cases: SEVERE })]
    const said = compared(newer, older)
    expect(said.notComparable).toEqual({
      zh: '两份方案据以评判的情况不同（病例 1 条（south-1：病情）），各级数值说的不是同一回事，不评优劣；要比，请以同一 asOf、同一政策各求一份',
      en: 'the two plans are not judged on the same (cases, 1 row (south-1: severity)): their levels are not of the same things, so neither is called better; to compare, ask for both as of one moment (asOf) and under one policy',
    })
    expect(said.patients).toEqual({ onlyHere: [], onlyThere: [], otherwise: [{
      patient: 'south-1', differs: ['severity'], here: { status: 'confirmed', severity: 'severe', place: 'dist' }, there: { status: 'confirmed', severity: 'ordinary', place: 'dist' },
    }] })
    expect(said.moves.otherwise.find(({ patient }) => patient === 'south-1')).toMatchObject({ differs: ['severity', 'pool'], here: { severity: 'severe', pool: 'hub/severe' }, there: { severity: 'ordinary' } })
  })

  test('more rows than are named are counted', async () => {
    const said = compared(await drafted({ cases: people(7) }), await drafted({ cases: people(7, { severity: 'severe' }) }))
    expect(said.basis.judgedOtherwise).toMatchObject([{ of: 'cases', rows: 7, first: ['south-1', 'south-2', 'south-3', 'south-4', 'south-5'] }])
    expect(said.notComparable?.zh).toContain('病例 7 条（south-1、south-2、south-3、south-4、south-5 等：病情）')
  })

  test('what is said in other words, or is read by no level, keeps the verdict', async () => {
    const free = await drafted({})
    const told = { source: 'told again', asOf: '2020-01-29T00:00:00+08:00' }
    const bound = await drafted({
      edits: { E1: pin('south-1', 'spare') }, asOf: '2020-01-30T00:20:00+08:00', lotSeed: 'other', intake: { '2020-01-29': 3 },
      cases: people(3, { ...told, sex: 'female', fitnessAssessedAt: '2020-01-30T00:00:00+08:00' }), pools: Object.fromEntries(Object.entries(CITY.pools ?? {}).map(([id, pool]) => [id, { ...pool, ...told }])),
      blocks: { 'spare/A': { leadDays: 3 } }, policy: { wishes: ['reserveBlocks', 'minutes'], warningLinePerMille: 700, timetable: { rounds: 2 } },
    })
    const said = compared(free, bound)
    expect([said.better, said.decidedBy?.rule, said.notComparable, said.basis.judgedOtherwise]).toEqual(['here', 'reserveBlocks', null, []])
    expect(said.basis.tables.map(({ table: name }) => name)).toEqual(['pools', 'blocks', 'cases', 'intake'])
  })

  test('where one has no plan there is nothing to rank', async () => {
    const none = await drafted({ pools: { 'hub/ordinary': { staffed: 1, occupied: 1 } }, orders: { O1: { patient: 'south-2', pool: 'hub/ordinary' } } })
    expect(none.plan.levels).toEqual([])
    expect(compared(none, await drafted({}))).toMatchObject({ better: null, decidedBy: null, moves: { alike: 0, onlyHere: [] } })
  })
})

describe('the material of two drafts', () => {
  /** The same transfers, with this material. */
  const withMaterial = async (material: MaterialPlan | null, patch: CityPatch = {}): Promise<Drafted> => {
    const one = await drafted(patch)
    return { ...one, plan: { ...one.plan, material } }
  }
  const small = smallMaterial()
  /** Another value, and other shortages, of the second level; suits leave by 7 fewer. */
  const shorter = (value: number): MaterialPlan => ({
    ...small,
    levels: small.levels.map((level) => (level.rank === 2 ? { ...level, value, short: [{ item: 'suit', units: value - 5 }, { item: 'mask', units: 5 }] } : level)),
    shipments: small.shipments.map((shipment) => ({ ...shipment, id: 'S0099', lines: shipment.lines.map((line) => (line.item === 'suit' ? { ...line, units: line.units - 7 } : line)) })),
  })

  test('decides where the transfers are as good: the first level that differs, with what is short and shipped otherwise', async () => {
    const [one, other] = [await withMaterial(small), await withMaterial(shorter(24))]
    const said = compared(one, other)
    expect(comparisonSchema.parse(said)).toEqual(said)
    expect([said.better, said.decidedBy]).toMatchObject(['here', { of: 'material', rank: 2, rule: 'r2' }])
    expect(said.material).toMatchObject({ whyNot: null, short: [{ item: 'mask', here: 5, there: 5, difference: 0 }, { item: 'suit', here: 12, there: 19, difference: 7 }] })
    expect(said.material?.levels.map(({ rule, here, there, difference }) => [rule, here, there, difference])).toEqual([['r1', 0, 0, 0], ['r2', 17, 24, 7], ['r3', 20, 20, 0]])
    const suits = small.shipments.flatMap(({ to, lines }) => lines.filter(({ item }) => item === 'suit').map(({ units }) => [to, units, units - 7]))
    expect(said.material?.shipments.otherwise.map(({ to, here, there }) => [to, here, there]).sort()).toEqual(suits.sort())
    expect(said.material?.shipments.alike).toBeGreaterThan(0)
    expect(compared(other, one).better).toBe('there')
    expect(compared(one, one)).toMatchObject({ better: 'neither', decidedBy: null })
  })

  test('has its say after the transfers only', async () => {
    const bound = await withMaterial(small, { edits: { E1: { kind: 'stay', patient: 'south-2' } } })
    expect(compared(bound, await withMaterial(shorter(24)))).toMatchObject({ better: 'there', decidedBy: { of: 'transfers', rule: 'concentrated' } })
  })

  test('what nobody needs is nought; a wish ranked by one only is not compared', async () => {
    const but = (rank: number): MaterialPlan => ({ ...small, levels: small.levels.filter((level) => level.rank !== rank) })
    expect(compared(await withMaterial(but(1)), await withMaterial(small))).toMatchObject({ better: 'neither' })
    expect(compared(await withMaterial(but(2)), await withMaterial(small))).toMatchObject({ better: 'here', decidedBy: { rule: 'r2' } })
    expect(compared(await withMaterial(but(3)), await withMaterial(small))).toMatchObject({ better: null, decidedBy: null })
  })

  test('of other stock neither is better where the transfers are as good; what of the transfers differs decides before that', async () => {
    const one = await withMaterial(small)
    const lot = { item: 'suit', place: 'hub', lot: 'L1', units: 3, expiresOn: null, quarantined: false, authority: 'city' as const, released: true, earmark: null, source: 'told', assumed: [], asOf: null }
    const restocked = (other: Drafted): Drafted => ({ ...other, scenario: { ...other.scenario, lots: { L1: lot } } })
    const said = compared(one, restocked(await withMaterial(shorter(24))))
    expect([said.better, said.notComparable?.en, said.material?.levels.length]).toEqual([null, expect.stringContaining('lots in stock, 1 row (L1: every field)'), 3])
    expect(said.basis.judgedOtherwise).toEqual([{ of: 'lots', for: 'material', rows: 1, fields: ['*'], first: ['L1'] }])
    const bound = await withMaterial(small, { edits: { E1: { kind: 'stay', patient: 'south-2' } } })
    expect(compared(bound, restocked(await withMaterial(small)))).toMatchObject({ better: 'there', decidedBy: { of: 'transfers', rule: 'concentrated' } })
    const capped = { policy: { wishes: ['reserveBlocks', 'minutes'], material: { useCapPerMille: 100 } } } as const
    expect(compared(one, await withMaterial(shorter(24), capped))).toMatchObject({ better: null, basis: { judgedOtherwise: [{ of: 'policy', for: 'material', fields: ['material'] }] } })
  })

  test('that only one has, or that counts by other tiers, is said and not ranked', async () => {
    const one = await withMaterial(small)
    expect(compared(one, await withMaterial(null))).toMatchObject({ better: null, decidedBy: null, notComparable: { en: expect.stringContaining('only one') }, material: { whyNot: { en: expect.stringContaining('only one') }, short: [{ there: 0 }, { there: 0 }] } })
    const tiers = compared(one, await withMaterial(shorter(24), { policy: { wishes: ['reserveBlocks', 'minutes'], material: { tiers: { sampling: 3 } } } }))
    expect([tiers.better, tiers.material?.whyNot?.en, tiers.material?.levels.length]).toEqual([null, expect.stringContaining('bands or tiers'), 6])
    expect(compared(await withMaterial(null), await withMaterial(null))).toMatchObject({ better: 'neither', material: null })
  })
})
