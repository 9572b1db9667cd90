import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { unzipSync } from 'fflate'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { planTables } from '../src/interop/planCsv.js'
import { problemLine } from '../src/interop/problemText.js'
import { readScenarioFolder } from '../src/interop/scenarioFolder.js'
import { planZip, scenarioFiles, scenarioZip } from '../src/interop/scenarioOut.js'
import { readScenarioZip } from '../src/interop/scenarioZip.js'
import type { Scenario } from '../src/planning/scenario.js'
import { story } from './campaigns/given.js'
import { tinyScenarios } from './campaigns/tiny.js'
import { type Folder, onDisk, SOUND, withCell } from './doorFixture.js'
import { smallPlan, smallScenario } from './planFixture.js'

const STORIES = readdirSync(fileURLToPath(new URL('../../scenarios/', import.meta.url)))

async function readBack(scenario: Scenario): Promise<Scenario> {
  const read = await readScenarioZip(scenarioZip(scenario))
  if (!read.ok) throw new Error(read.problems.map((problem) => problemLine(problem, 'en')).join('\n'))
  return read.scenario
}

function scenarioOf(folder: Folder): Scenario {
  const read = onDisk(folder, readScenarioFolder)
  if (!read.ok) throw new Error(read.problems.map((problem) => problemLine(problem, 'en')).join('\n'))
  return read.scenario
}

/** Files of a zip as text, byte order marks and all. */
const textsIn = (zip: Uint8Array): Record<string, string> => Object.fromEntries(
  Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')]),
)
const fileOf = (scenario: Scenario, name: string): string =>
  scenarioFiles(scenario).find(({ file }) => file === name)?.text ?? ''

const FORMULAS = ['=1+1', '+1', '-3', '@a', '＝1', '＋', '－', '＠']
const ODD = [
  ...FORMULAS, ...FORMULAS.map((one) => `'${one}`), "''=1", "'a", "'", '"', '"a","b"', 'a,b', '# a', '#', '|',
]
const words = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), fc.constantFrom(...ODD))
  .map((word) => word.replace(/[\p{C}\s]+/gu, ' ').trim()).filter((word) => word !== '')

describe('a scenario written back', () => {
  test.each(STORIES)('is read as it was: %s', async (name) => {
    const scenario = story(name)
    expect(await readBack(scenario)).toEqual(scenario)
  })

  it('is read as it was, with a row in every table', async () => {
    const scenario = scenarioOf(SOUND)
    expect(scenarioFiles(scenario).map(({ file }) => file).sort()).toEqual(Object.keys(SOUND).sort())
    expect(await readBack(scenario)).toEqual(scenario)
  })

  test.each(['listed', 'unlimited'] as const)('is read as it was: drawn at random, fleet %s', async (fleet) => {
    const lines = fc.array(words, { minLength: 1, maxLength: 5 }).map((told) => told.join('\n'))
    await fc.assert(fc.asyncProperty(tinyScenarios(fleet), lines, words, async (drawn, told, source) => {
      const places = Object.fromEntries(Object.entries(drawn.places).map(([id, place]) =>
        [id, { ...place, source, name: { zh: source, en: source } }]))
      const scenario = { ...drawn, story: told, places }
      expect(await readScenarioZip(scenarioZip(scenario))).toEqual({ ok: true, scenario })
    }), { numRuns: 120 })
  })

  test.each(ODD)('lets no text run as a formula, and reads it back: %s', async (source) => {
    const drawn = story('one-full-one-empty')
    const units = Object.entries(drawn.units).map(([id, unit]) => [id, { ...unit, source }])
    const scenario = { ...drawn, units: Object.fromEntries(units) as Scenario['units'] }
    for (const cell of parse(fileOf(scenario, 'reporting-units.csv'), { bom: true }).flat()) {
      expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/)
    }
    expect(await readBack(scenario)).toEqual(scenario)
  })

  it('has decimals, figures and words as they were', async () => {
    const drawn = story('one-full-one-empty')
    const [id = ''] = Object.keys(drawn.places)
    const place = drawn.places[id]
    if (place === undefined) throw new Error('a story has a place')
    const scenario = {
      ...drawn,
      policy: { safeFillPerMille: 815, wishes: ['safeFill', 'minutes'] },
      places: {
        ...drawn.places,
        [id]: {
          ...place, longitude: 73.12345678901234, latitude: 3.1234567890123457, arrivalsPerHour: 'unknown' as const,
          ventilatorsFree: 'notTracked' as const, assumed: ['*', 'name', 'unit', 'asOf'], asOf: drawn.asOf,
        },
      },
    }
    expect(await readBack(scenario)).toEqual(scenario)
  })

  it('has a table that is required even without rows, and no other', () => {
    const drawn = story('nothing-to-do')
    const files = scenarioFiles({ ...drawn, cases: {}, teams: {}, travel: {}, vehicles: {}, fleet: 'unlimited' })
    expect(files.map(({ file }) => file)).toEqual([
      'policy.json', 'story.md', 'reporting-units.csv', 'places.csv', 'beds.csv', 'cases.csv',
    ])
    expect(fileOf({ ...drawn, vehicles: {} }, 'vehicles.csv')).toMatch(/^\ufeffvehicle,fleet,[a-z_,]+\r\n$/)
  })

  it('names each case by its own number, however its unit is called', async () => {
    const hyphens = { ...SOUND, 'cases.csv': (SOUND['cases.csv'] ?? '').replaceAll('两江,', '两江-新,') }
    const units = (SOUND['reporting-units.csv'] ?? '').replace('两江新区,Liangjiang,,两江', '两江-新,Liangjiang,,两江新区')
    const scenario = scenarioOf({
      ...hyphens, 'reporting-units.csv': units.replace('万州|', '万州|两江|'),
      'cases.csv': hyphens['cases.csv'].replace('两江-02,,,b', '两江-新-02,,,b'),
      'orders.csv': (SOUND['orders.csv'] ?? '').replace('两江-01', '两江-新-01'),
      'last-plan.csv': (SOUND['last-plan.csv'] ?? '').replace('两江-02', '两江新区-02'),
      'places.csv': (SOUND['places.csv'] ?? '').replace(',两江,是', ',两江-新,是'),
      'vehicles.csv': (SOUND['vehicles.csv'] ?? '').replaceAll('两江', '两江-新'),
      'edits.csv': (SOUND['edits.csv'] ?? '').replace('两江-02', '两江新区-02').replace(',两江,dist', ',两江-新,dist'),
    })
    expect(scenario.cases['两江-新-03']?.companion).toBe('两江-新-02')
    expect([Object.keys(scenario.lastPlan), scenario.edits['E001']?.patient, scenario.edits['E002']?.unit]).toEqual([['两江-新-02'], '两江-新-02', '两江-新'])
    expect(await readBack(scenario)).toEqual(scenario)
  })

  it('has a story even where there is none, and says that more is assumed rather than less', async () => {
    const drawn = story('one-full-one-empty')
    const [id = ''] = Object.keys(drawn.travel)
    const travel = { ...drawn.travel }
    const assumed = ['minutes', 'elsewhere']
    travel[id] = { from: 'x', to: 'y', minutes: 7, source: 'x', asOf: null, ...travel[id], assumed }
    const back = await readBack({ ...drawn, story: '', travel })
    expect(back.story).toBe('one-full-one-empty')
    expect(back.travel[id]?.assumed).toEqual(['minutes', '*'])
  })
})

describe('the bytes of a zip', () => {
  it('are the same for the same scenario, whatever the order of its rows', () => {
    const scenario = scenarioOf(SOUND)
    const turned = { ...scenario, cases: Object.fromEntries(Object.entries(scenario.cases).reverse()) }
    expect(Buffer.from(scenarioZip(turned)).equals(scenarioZip(scenario))).toBe(true)
    const other = scenarioOf(withCell('beds.csv', 2, 'staffed', '19'))
    expect(Buffer.from(scenarioZip(other)).equals(scenarioZip(scenario))).toBe(false)
  })

  it('are the same in every zone', () => {
    const zone = process.env['TZ']
    const zips = ['Asia/Shanghai', 'America/St_Johns', 'Pacific/Kiritimati'].map((name) => {
      process.env['TZ'] = name
      return Buffer.from(scenarioZip(scenarioOf(SOUND))).toString('hex')
    })
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
    expect(new Set(zips).size).toBe(1)
  })

  const folders: readonly [name: string, folder: string][] = [
    ['重庆 2020-01-29', '重庆 2020-01-29'], ['a/b\\c:d', 'a_b_c_d'], ['..', 'scenario'], ['. a.', 'a'],
    ['__MACOSX', 'scenario'], ['a\u0000?', 'a__'],
  ]
  test.each(folders)('lie in a folder that every system takes: %j', (name, folder) => {
    const names = Object.keys(unzipSync(scenarioZip({ ...story('no-vehicles'), name })))
    expect(new Set(names.map((one) => one.split('/')[0]))).toEqual(new Set([folder]))
    expect(names).toEqual([...names].sort())
  })

  it('hold the tables of a plan as they are', () => {
    const plan = smallPlan()
    const tables = planTables(plan, smallScenario())
    expect(textsIn(planZip(plan, smallScenario()))).toEqual(
      Object.fromEntries(tables.map(({ name, csv }) => [`small 2020-01-30/${name}`, csv])))
    expect(Buffer.from(planZip(plan, smallScenario())).equals(planZip(smallPlan(), smallScenario()))).toBe(true)
  })
})
