import { expect, test } from 'vitest'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { readScenarioFolder } from '../src/interop/scenarioFolder.js'
import { readScenarioZip } from '../src/interop/scenarioZip.js'
import type { Scenario } from '../src/planning/scenario.js'
import { eachDatabase } from './support/databases.js'
import { ask, serving, StandingClock } from './support/serving.js'

const scenarioOf = (folder: string): Scenario => {
  const read = readScenarioFolder(`scenarios/${folder}`)
  if (!read.ok) throw new Error(`${folder} is no scenario`)
  return read.scenario
}
const zipped = (scenario: Scenario) => ({ method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(scenario) } })
const at = (instant: string) => `?asOf=${encodeURIComponent(instant)}`

eachDatabase((_, open) => {
  // Reserves, orders under way and a carer with a child, so that every kind of row is among them.
  test.each(['chongqing-2020-01-29', 'orders-stand', 'carer-and-child', 'surge-needs-reserve'])('%s goes in and comes out the same', async (folder) => {
    const scenario = scenarioOf(folder)
    const { address, close, bugs } = await serving(await open())
    const imported = await ask(address, '/api/scenario', zipped(scenario))
    expect([imported.status, imported.json]).toEqual([201, {
      name: scenario.name, asOf: scenario.asOf, places: Object.keys(scenario.places).length,
      pools: Object.keys(scenario.pools).length, cases: Object.keys(scenario.cases).length,
    }])
    expect((await ask(address, `/api/scenario${at(scenario.asOf)}`)).json).toEqual({ ...scenario, planDay: scenario.asOf.slice(0, 10) })
    const zip = await fetch(`${address}/api/scenario.zip${at(scenario.asOf)}`)
    expect(zip.headers.get('content-type')).toBe('application/zip')
    const back = await readScenarioZip(new Uint8Array(await zip.arrayBuffer()))
    expect(back).toEqual({ ok: true, scenario: { ...scenario, planDay: scenario.asOf.slice(0, 10) } })
    expect((await ask(address, '/api/integrity')).json).toEqual({ findings: [] })
    expect(bugs).toEqual([])
    await close()
  })

  test('an import fills an empty store only, whole or not at all', async () => {
    const scenario = scenarioOf('chongqing-2020-01-29')
    const { address, close } = await serving(await open())
    const spoilt = { ...scenario, pools: { ...scenario.pools, lost: { ...Object.values(scenario.pools)[0], place: 'nowhere' } } } as Scenario
    const refused = await ask(address, '/api/scenario', zipped(spoilt))
    expect([refused.status, refused.json]).toEqual([422, expect.objectContaining({
      code: 'scenarioRefused', errors: [expect.objectContaining({ pointer: expect.stringMatching(/^beds\.csv\/\d+\/place$/) })],
    })])
    expect((await ask(address, '/api/places')).json).toEqual({ items: [], next: null })
    expect((await ask(address, '/api/scenario', zipped(scenario))).status).toBe(201)
    const again = await ask(address, '/api/scenario', zipped(scenario))
    expect([again.status, again.json]).toEqual([409, expect.objectContaining({ code: 'storeNotEmpty' })])
    await close()
  })

  test('what would contradict the picture is refused when it is put down', async () => {
    const scenario = scenarioOf('chongqing-2020-01-29')
    const clock = new StandingClock(new Date(scenario.asOf))
    const { address, close } = await serving(await open(), { clock })
    await ask(address, '/api/scenario', zipped(scenario))
    const put = async (id: string, change: object) => {
      const path = `/api/cases/${encodeURIComponent(id)}`
      const { json, headers } = await ask(address, path)
      const { id: _id, version: _version, effectiveAt: _e, recordedAt: _r, recordedBy: _b, ...body } = json as Record<string, unknown>
      return ask(address, path, { method: 'PUT', body: { ...body, ...change }, headers: { 'if-match': headers.get('etag') ?? '' } })
    }
    const [adult = '', other = ''] = Object.keys(scenario.cases).filter((id) => scenario.cases[id]?.severity === 'ordinary')
    const refused = await put(adult, { companion: other, ageBand: '15-59' })
    expect([refused.status, refused.json]).toEqual([422, expect.objectContaining({
      code: 'scenarioRefused',
      errors: expect.arrayContaining([expect.objectContaining({ pointer: `cases/${adult}/companion` })]),
    })])
    expect((await put(other, { ageBand: '15-59' })).status).toBe(200)
    expect((await put(adult, { companion: other, ageBand: '0-14' })).status).toBe(200)
    // The carer's status may not leave the child's behind.
    expect((await put(other, { status: 'suspected' })).status).toBe(422)
    expect((await put(adult, { companion: null })).status).toBe(200)
    expect((await put(other, { status: 'suspected' })).status).toBe(200)
    expect((await ask(address, '/api/integrity')).json).toEqual({ findings: [] })
    await close()
  })
})
