import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planTables } from '../src/interop/planCsv.js'
import { planText } from '../src/interop/print/planText.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { sha256 } from '../src/kernel/canonical.js'
import { planSchema } from '../src/planning/plan.js'
import { planJson } from '../src/planning/planJson.js'
import { planFor } from '../src/planning/run.js'
import { scenarioBytes } from '../src/planning/scenario.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { story } from './campaigns/given.js'
import { DATABASES, freshDatabase } from './support/databases.js'
import { ask, type Served, serving } from './support/serving.js'

const CLI = fileURLToPath(new URL('../src/cli.js', import.meta.url))
/** The real record, without material and with it; one that opens reserves; one that cannot be met; one with orders that stand; one with unknown figures. */
const STORIES = ['chongqing-2020-01-29', 'chongqing-2020-01-29-material', 'joint', 'surge-needs-reserve', 'impossible-demand', 'orders-stand', 'hospital-did-not-report'] as const

/** Those of which the printed plan is held against the command's as well. */
const READ = ['chongqing-2020-01-29', 'chongqing-2020-01-29-material', 'impossible-demand'] as const

/** What the command prints for a folder, as JSON and to be read, and what is planned here, each once. */
const printed = new Map<string, { plan: string; exit: number | null }>()
const toRead = new Map<string, Readonly<Record<'zh' | 'en', string>>>()
const planned = new Map<string, string>()
function fromCommand(name: string): { plan: string; exit: number | null } {
  const { stdout, status } = spawnSync(process.execPath, [CLI, 'plan', `scenarios/${name}`, '--json'], { encoding: 'utf8', maxBuffer: 1 << 28 })
  return { plan: stdout, exit: status }
}

const textFromCommand = (name: string, language: string): string =>
  spawnSync(process.execPath, [CLI, 'plan', `scenarios/${name}`, '--lang', language], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout

beforeAll(async () => {
  for (const name of READ) toRead.set(name, { zh: textFromCommand(name, 'zh'), en: textFromCommand(name, 'en') })
  for (const name of STORIES) {
    printed.set(name, fromCommand(name))
    const { plan } = await planFor(story(name), { engine: 'highs', milliseconds: 60_000, secondOpinion: true })
    planned.set(name, planJson(plan))
  }
  // Thirteen commands and seven plans, one after the other.
}, 600_000)
afterAll(closeSolvers)

interface Run {
  readonly id: string
  readonly state: string
  readonly exit: number
  readonly planHash: string
  readonly snapshotHash: string
}

async function finished(served: Served, id: string): Promise<Run> {
  for (;;) {
    const run = (await ask(served.address, `/api/plan-runs/${id}`)).json as Run
    if (run.state !== 'queued' && run.state !== 'running') return run
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

describe.each(DATABASES)('%s', (database) => {
  test.each(STORIES)('a plan over HTTP is the plan of the command, byte for byte: %s', async (name) => {
    const { database: db, end } = await freshDatabase(database)
    const served = await serving(db, { isPlanning: true })
    try {
      await compare(served, name)
      expect(served.bugs).toEqual([])
      expect((await ask(served.address, '/api/integrity')).json).toEqual({ findings: [] })
    } finally {
      await served.close()
      await end()
    }
  })
})

/** Without the sentences that point to what a command or the interface has; where a line ends is no difference. */
const withoutPointers = (text: string): string => text.replace(/\s+/g, '')
  .replace(/(?:请用--json或--csv<目录>|见方案的JSON（plan）或CSV表（tables）|--jsonor--csv<folder>|intheJSON\(plan\)ortheCSVtables\(tables\)ofthisrun|；试排：(?:--applyw\d+|求方案时写basedOn此次计算、wayOutw\d+)|;tryit:(?:--applyw\d+|askforaplanwithbasedOnthisrunandwayOutw\d+))/g, '')

async function compare(served: Served, name: string): Promise<void> {
  const scenario = story(name)
  const brought = await ask(served.address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(scenario) } })
  expect(brought.status).toBe(201)
  const { asOf, planDay } = scenario
  const asked = await ask(served.address, '/api/plan-runs', { method: 'POST', body: { asOf, planDay } })
  expect(asked.status).toBe(202)
  const run = await finished(served, (asked.json as Run).id)
  expect(run.state).toBe('done')
  const at = `/api/plan-runs/${run.id}`

  const snapshot = (await ask(served.address, `${at}/snapshot`)).text
  expect(snapshot).toBe(scenarioBytes(scenario))
  expect(sha256(snapshot)).toBe(run.snapshotHash)

  const plan = (await ask(served.address, `${at}/plan`)).text
  expect(sha256(plan)).toBe(run.planHash)
  expect({ plan, exit: run.exit }).toEqual(printed.get(name))
  expect(plan).toBe(planned.get(name))

  for (const [language, text] of Object.entries(toRead.get(name) ?? {})) {
    const said = await ask(served.address, `${at}/print`, { headers: { accept: 'text/plain', 'accept-language': language } })
    const head = said.text.slice(0, said.text.indexOf('\n\n') + 2)
    expect([said.status, said.headers.get('content-type'), said.headers.get('content-language')]).toEqual([200, 'text/plain; charset=utf-8', language])
    // The same but for where more is to be read, and how a way out is tried.
    const of = planSchema.parse(JSON.parse(plan))
    expect([text, said.text]).toEqual([planText(of, scenario, language as 'zh' | 'en'), `${head}${planText(of, scenario, language as 'zh' | 'en', { medium: 'http' })}`])
    expect(said.text).not.toMatch(/--(?:json|csv|apply)/)
    expect(withoutPointers(said.text.slice(head.length))).toBe(withoutPointers(text))
    for (const part of [run.id, run.snapshotHash, run.planHash, planDay, language === 'zh' ? '草案，未经批准' : 'draft, not approved']) expect(head).toContain(part)
  }

  const tables = planTables(planSchema.parse(JSON.parse(plan)), scenario)
  // Material has tables of its own where there is any, and what goes where stands in them.
  const goods = tables.filter(({ name: file }) => file.startsWith('material-'))
  const isOfMaterial = Object.keys(scenario.receivers).length > 0
  expect([goods.length > 0, goods.find(({ name: file }) => file === 'material-shipments.csv')?.csv.trimEnd().split('\r\n').length ?? 0].map(Number).map((n) => n > 0))
    .toEqual([isOfMaterial, isOfMaterial])
  const zip = await fetch(`${served.address}${at}/plan.zip`)
  const files = Object.entries(unzipSync(new Uint8Array(await zip.arrayBuffer()))).map(([file, bytes]) => [file.split('/').at(-1), Buffer.from(bytes).toString('utf8')])
  expect(Object.fromEntries(files)).toEqual(Object.fromEntries(tables.map(({ name: file, csv }) => [file, csv])))
  for (const { name: file, csv } of tables) {
    const bytes = Buffer.from(await (await fetch(`${served.address}${at}/tables/${file}`)).arrayBuffer())
    expect(bytes.toString('utf8')).toBe(csv)
  }
}
