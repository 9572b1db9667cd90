import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fillEmptyStore } from '../src/app/demonstration.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { readScenarioZip } from '../src/interop/scenarioZip.js'
import { MATERIAL_TABLES, type Scenario } from '../src/planning/scenario.js'
import { lawful, story } from './campaigns/given.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Served, serving, StandingClock } from './support/serving.js'

const MATERIAL_STORIES = [...readdirSync('scenarios').filter((name) => name.includes('material')), 'joint']
const SOURCE = { source: 'made up for this test', assumed: ['units'], asOf: '2020-01-29T18:00:00+08:00' }
/** The record with every table of material in it, and what is hard to carry: uncounted, on the road from within and from outside. */
function everything(): Scenario {
  const scenario = story('chongqing-2020-01-29-material')
  const [source = ''] = Object.keys(scenario.sources)
  const [receiver = '', another = ''] = Object.keys(scenario.receivers)
  const [item = '', other = ''] = Object.keys(scenario.items)
  const [lot = ''] = Object.keys(scenario.lots)
  const { authority, released, earmark } = { authority: 'city', released: true, earmark: null } as const
  const { lots, requests } = scenario
  return lawful({
    ...scenario,
    substitutes: { [`${item}→${other}`]: { ...SOURCE, assumed: ['*'], item, order: 1, substitute: other } },
    uses: { [`${receiver}/${item}`]: { ...SOURCE, place: receiver, item, days: 3, units: 40 } },
    lots: { ...lots, uncounted: { ...SOURCE, item, place: another, lot: 'B-7', units: 'unknown', expiresOn: '2021-01-01', quarantined: true, authority, released, earmark } },
    consignments: {
      'way-1': { ...SOURCE, assumed: [], item, from: source, to: receiver, units: 120, arrivesOn: '2020-01-31', expiresOn: null },
      // Of the same number as a lot in stock, from outside, without a time of its own.
      [lot]: { ...SOURCE, asOf: null, item: other, from: null, to: another, units: 7, arrivesOn: '2020-02-02', expiresOn: '2022-06-30' },
    },
    requests: { ...requests, plain: { ...SOURCE, place: another, item, units: 9, urgency: 'ordinary', askedAt: null } },
  })
}

const zipped = (scenario: Scenario) => ({ method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(scenario) } })
const at = (instant: string) => `?asOf=${encodeURIComponent(instant)}`
const materialOf = (scenario: Scenario) => Object.fromEntries(MATERIAL_TABLES.map((table) => [table, scenario[table]]))
const get = async <T>({ address }: Served, path: string): Promise<T> => (await ask(address, `/api${path}`)).json as T

eachDatabase((_, open) => {
  test.each([...MATERIAL_STORIES, 'everything'])('material goes in and comes out the same: %s', async (name) => {
    const scenario = name === 'everything' ? everything() : story(name)
    for (const table of MATERIAL_TABLES) expect(name !== 'everything' || Object.keys(scenario[table]).length > 0, table).toBe(true)
    // The moment of the scenario, so that its present is what it tells of.
    const served = await serving(await open(), { clock: new StandingClock(new Date(scenario.asOf)) })
    const imported = await ask(served.address, '/api/scenario', zipped(scenario))
    expect([imported.status, imported.text]).toEqual([201, expect.any(String)])
    expect(await get(served, '/integrity')).toEqual({ findings: [] })
    const whole = { ...scenario, planDay: scenario.asOf.slice(0, 10) }
    expect(await get(served, '/scenario')).toEqual(whole)
    expect(await get(served, `/scenario${at(scenario.asOf)}`)).toEqual(whole)
    const zip = await fetch(`${served.address}/api/scenario.zip`)
    const back = await readScenarioZip(new Uint8Array(await zip.arrayBuffer()))
    expect(back.ok && materialOf(back.scenario)).toEqual(materialOf(scenario))
    expect(back).toEqual({ ok: true, scenario: whole })
    expect(served.bugs).toEqual([])
    await served.close()
  })

  test('a first start from a folder with material takes all of it', async () => {
    const scenario = everything()
    const db = await open()
    const clock = new StandingClock(new Date(scenario.asOf))
    expect(await fillEmptyStore(db, scenario, clock.now, () => clock)).toBe(0)
    const served = await serving(db, { clock })
    expect(await get(served, '/scenario')).toEqual({ ...scenario, planDay: scenario.asOf.slice(0, 10) })
    expect(await get(served, '/integrity')).toEqual({ findings: [] })
    await served.close()
    expect(await fillEmptyStore(db, scenario, clock.now, () => clock)).toBe(null)
  })
})
