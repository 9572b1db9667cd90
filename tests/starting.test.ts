import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { announce, aboutStore } from '../src/app/announce.js'
import { fillEmptyStore, isDemonstration } from '../src/app/demonstration.js'
import { clockWith, machine } from '../src/app/machine.js'
import { openDatabase } from '../src/db/open.js'
import { STAMP } from '../src/kernel/drill.js'
import type { Text } from '../src/kernel/text.js'
import { planFor } from '../src/planning/run.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { claimRun, failRun, queueRun } from '../src/planning/store.js'
import { runRequestSchema } from '../src/planning/runs.js'
import { story } from './campaigns/given.js'
import { eachDatabase, freshDataDir, freshServerDatabase, ON_A_SERVER } from './support/databases.js'
import { finishedRun } from './support/finishedRun.js'
import { endedProcess, StandingClock, startedProcess } from './support/serving.js'

const folder = mkdtempSync(join(tmpdir(), 'sijizhong-start-'))
afterAll(closeSolvers)
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null, (error: unknown) => error)
const opened = (dataDir: string) => failure(openDatabase({ kind: 'embedded', dataDir }))

describe('a store that cannot be opened is said in a sentence that names it', () => {
  test('a file', async () => {
    writeFileSync(join(folder, 'file'), 'x')
    expect(await opened(join(folder, 'file'))).toMatchObject({ name: 'StoreFault', says: { en: expect.stringMatching(/file is a file, not a directory/) } })
    expect(await opened(join(folder, 'file', 'below'))).toMatchObject({ name: 'StoreFault', says: { en: expect.stringMatching(/below cannot be used: a part of its path is a file/) } })
  })

  test('a folder of somebody’s, which stays as it was', async () => {
    mkdirSync(join(folder, 'letters'))
    writeFileSync(join(folder, 'letters', 'to-mother.txt'), 'x')
    expect(await opened(join(folder, 'letters'))).toMatchObject({ name: 'StoreFault', says: { en: expect.stringMatching(/holds other files \(to-mother.txt\)/) } })
    expect(readdirSync(join(folder, 'letters'))).toEqual(['to-mother.txt'])
    expect(readdirSync(folder).filter((name) => name.includes('lock'))).toEqual([])
  })

  test('a database that does not come up', async () => {
    const dataDir = join(folder, 'spoilt')
    await (await openDatabase({ kind: 'embedded', dataDir })).close()
    truncateSync(join(dataDir, 'global', 'pg_control'), 10)
    expect(await opened(dataDir)).toMatchObject({ name: 'StoreFault', says: { en: expect.stringMatching(/spoilt cannot be used: the database in it does not start; mend that/) } })
  })

  test('a server that is not there', async () => {
    const error = await failure(openDatabase({ kind: 'postgres', url: 'postgres://ward:secret@127.0.0.1:9/beds' }))
    expect(error).toMatchObject({ reason: 'cannotConnect', says: { en: expect.stringMatching(/^the database ward@127.0.0.1:9\/beds cannot be reached/) } })
  })

  test.each(ON_A_SERVER)('a database that is not there, and a role that is not (%s)', async () => {
    const { url, drop } = await freshServerDatabase()
    const other = new URL(url)
    other.pathname = '/no_such_beds'
    expect(await failure(openDatabase({ kind: 'postgres', url: other.href }))).toMatchObject({ name: 'StoreFault', says: { en: expect.stringMatching(/no_such_beds: there is no such database/) } })
    const stranger = new URL(url)
    stranger.username = 'no_such_role'
    expect(await failure(openDatabase({ kind: 'postgres', url: stranger.href }))).toMatchObject({ name: 'StoreFault' })
    await drop()
  })
})

describe('the service as a process', () => {
  test('does not make a store where it cannot serve', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()))
    const { dataDir, remove } = freshDataDir()
    const { code, printed } = await endedProcess({ DATA_DIR: dataDir, PORT: String((other.address() as AddressInfo).port) })
    expect([code, printed]).toEqual([2, expect.stringMatching(/in use by another program; .*PORT=…/)])
    expect(printed).not.toContain('preparing')
    other.close()
    remove()
  })

  test('stops in order while a request is unfinished, starts without the folder it was filled from, and says whose the plan is', async () => {
    const { dataDir, remove } = freshDataDir()
    const first = await startedProcess({ DATA_DIR: dataDir, SCENARIO: 'scenarios/chongqing-2020-01-29' })
    const port = Number(new URL(first.address).port)
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(`PUT /api/places/x HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nIdempotency-Key: unfinished-1\r\nContent-Length: 100\r\n\r\n{`)
    while (!first.printed().includes('The plan for')) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await first.end('SIGTERM')).toBe(0)
    expect(first.printed()).toMatch(/This store’s clock is at 2020-01-30T00:00/)
    expect(first.printed()).toMatch(/^演示，不是演练：[^]*^A demonstration, and no drill: /m)
    expect(first.printed()).toMatch(/\nstopped\n$/)

    const again = await startedProcess({ DATA_DIR: dataDir, SCENARIO: join(folder, 'gone') })
    while (!again.printed().includes('The plan for')) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(again.printed()).toMatch(/The plan for 2020-01-30 \(as of 01-30 00:00, run [0-9a-f-]{36}\):\n/)
    expect(again.printed()).not.toMatch(/uncaught|Error/)
    expect(await again.end('SIGTERM')).toBe(0)
    remove()
  }, 180_000)
})

describe('the script by which npm starts a program', () => {
  const ROOT = fileURLToPath(new URL('../../', import.meta.url))
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Readonly<Record<string, string>> }
  /** What npm does with it here: it hands it to a shell, and passes on the signals that it gets. */
  const handed = (script: string, env: Readonly<Record<string, string>> = {}) => {
    const child = spawn('sh', ['-c', script], { cwd: ROOT, env: { ...process.env, PORT: '0', SCENARIO: 'none', ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => void (said += chunk.toString('utf8')))
    return { child, said: () => said, gone: new Promise<number | string | null>((resolve) => child.once('close', (code, signal) => resolve(signal ?? code))) }
  }

  test('is the program once it runs, so that a signal to npm ends it in order', async () => {
    const { dataDir, remove } = freshDataDir()
    const { child, said, gone } = handed(scripts['start'] ?? '', { DATA_DIR: dataDir })
    while (!said().includes('http://') && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGTERM')
    expect([await gone, said()]).toEqual([0, expect.stringMatching(/\nstopped\n$/)])
    remove()
  }, 120_000)

  const windows = join(folder, 'windows.cjs')
  writeFileSync(windows, "Object.defineProperty(process, 'platform', { value: 'win32' })")
  const probe = join(folder, 'probe.cjs')
  writeFileSync(probe, "process.stdout.write('ran\\n'); process.exit(7)")
  test.each([
    ['start', 'main', 'here', {}], ['worker', 'worker', 'here', {}],
    ['start', 'main', 'on Windows, whose shell knows no exec', { NODE_OPTIONS: `--require ${windows}` }], ['worker', 'worker', 'on Windows', { NODE_OPTIONS: `--require ${windows}` }],
  ] as const)('%s runs %s once, and its code is the code: %s', async (name, program, _where, env) => {
    const script = scripts[name] ?? ''
    expect([scripts[`pre${name}`], script.split(`dist/src/${program}.js`)]).toEqual(['npm run -s build', expect.objectContaining({ length: 3 })])
    // A shell that knows no exec would not find it.
    const { said, gone } = handed(script.replaceAll(`dist/src/${program}.js`, probe).replace('exec ', 'NODE_OPTIONS' in env ? 'no-such-command ' : 'exec '), env)
    expect([await gone, said()]).toEqual([7, 'ran\n'])
  })
})

test('a drill says so whenever it starts, in its log as well, and stays one; what is none never becomes one', async () => {
  const { dataDir, remove } = freshDataDir()
  const first = await startedProcess({ DATA_DIR: dataDir, DRILL: 'yes', LOG_LEVEL: 'info' })
  const { headers } = await fetch(`${first.address}/readyz`)
  // Longer than a proxy keeps its own.
  expect([headers.get('x-drill'), headers.get('keep-alive')]).toEqual(['DRILL', 'timeout=65'])
  expect(await first.end('SIGTERM')).toBe(0)
  const lines = first.printed().split('\n').filter((line) => line.startsWith('{'))
  expect([lines.length > 1, lines.every((line) => (JSON.parse(line) as { drill?: string }).drill === STAMP)]).toEqual([true, true])
  const again = await startedProcess({ DATA_DIR: dataDir })
  expect(again.printed()).toMatch(/^演练 DRILL 四集中 Sijizhong {2}http[^]*^演练 DRILL：此库只供演练[^]*^演练 DRILL: this store is for a drill, from its first start and for ever/m)
  expect(await again.end('SIGTERM')).toBe(0)
  const earnest = await endedProcess({ DATA_DIR: dataDir, DRILL: 'no' })
  expect([earnest.code, earnest.printed]).toEqual([2, expect.stringMatching(/this store is for a drill, .* it cannot be started with DRILL=no\n$/)])
  remove()

  const real = freshDataDir()
  const before = await startedProcess({ DATA_DIR: real.dataDir })
  expect([(await fetch(`${before.address}/readyz`)).headers.get('x-drill'), before.printed().includes('演练'), await before.end('SIGTERM')]).toEqual([null, false, 0])
  const late = await endedProcess({ DATA_DIR: real.dataDir, DRILL: 'yes' })
  expect([late.code, late.printed]).toEqual([2, expect.stringMatching(/this store is not for a drill, .* started with DRILL=yes\n$/)])
  real.remove()
}, 180_000)

eachDatabase((name, open) => {
  test('what is told of a store and its newest run', async () => {
    const db = await open()
    const said: Text[] = []
    const closing = new AbortController()
    const troubles: unknown[] = []
    const told = () => announce(db, { isPlanning: true, say: (one) => said.push(one), closing: closing.signal, onTrouble: (why) => troubles.push(why) })
    await told()
    expect(said).toEqual([])
    const about = await aboutStore(db, { isDrill: false, isDemonstration: false, isPlanning: false, now: machine.now() })
    expect(about.map(({ en }) => en)).toEqual([expect.stringMatching(/^The store is empty/), expect.stringMatching(/npm run worker/)])
    await db.inTransaction(async (tx) => {
      await queueRun(tx, { id: machine.newId(), request: runRequestSchema.parse({}), by: 'x', at: machine.now() })
      const run = await claimRun(tx, 'w', machine.now())
      if (run !== null) await failRun(tx, run, { reasons: [{ zh: '无', en: 'nothing' }], snapshot: null, snapshotHash: null }, machine.now())
    })
    await told()
    expect(said.map(({ en }) => en)).toEqual([expect.stringMatching(/^The run .* failed: nothing$/)])
    expect(troubles).toEqual([])
    await db.inTransaction((tx) => queueRun(tx, { id: machine.newId(), request: runRequestSchema.parse({}), by: 'x', at: machine.now() }))
    const waiting = told()
    closing.abort()
    await waiting
  })

  test('a plan with material says what of it goes out, and what is short', async () => {
    const db = await open()
    const scenario = story('material-half')
    const { plan, exit } = await planFor(scenario, { engine: 'highs', milliseconds: 60_000, secondOpinion: false })
    await finishedRun(db, new StandingClock(machine.now()), { by: 'planner', scenario, plan, exit })
    const said: Text[] = []
    await announce(db, { isPlanning: true, say: (one) => said.push(one), closing: new AbortController().signal, onTrouble: (why) => said.push({ zh: '', en: String(why) }) })
    expect(said.map(({ zh, en }) => [zh.split('\n').at(-1), en.split('\n').at(-1)])).toEqual([['物资：4 单出库，送 4 处；1 个品种短缺。', 'Material: 4 shipments to 4 places; 1 item short.']])
  })

  test('a plan that cannot be done says what clashes, and the ways out', async () => {
    const db = await open()
    const scenario = story('impossible-demand')
    const { plan, exit } = await planFor(scenario, { engine: 'highs', milliseconds: 60_000, secondOpinion: false })
    await finishedRun(db, new StandingClock(machine.now()), { by: 'planner', scenario, plan, exit })
    const said: Text[] = []
    await announce(db, { isPlanning: true, say: (one) => said.push(one), closing: new AbortController().signal, onTrouble: (why) => said.push({ zh: '', en: String(why) }) })
    const [{ zh, en } = { zh: '', en: '' }] = said
    const [unmet] = plan.unmet
    for (const { text } of [...unmet?.clash?.rules ?? [], ...unmet?.waysOut ?? []]) expect([zh.replace(/\s+/g, ''), en.replace(/\s+/g, ' ')]).toEqual([expect.stringContaining(text.zh.replace(/\s+/g, '')), expect.stringContaining(text.en)])
    expect([exit, unmet?.clash?.rules.length, zh.includes('\n什么卡住了，出路何在\n'), en.includes('--apply')]).toEqual([3, expect.any(Number), true, false])
  })

  test('a store is a demonstration when it was filled as one, whole', async () => {
    const db = await open()
    const broken = { ...story('chongqing-2020-01-29'), places: {} }
    await expect(fillEmptyStore(db, broken, machine.now, clockWith)).rejects.toThrow()
    expect(await isDemonstration(db)).toBe(false)
    await fillEmptyStore(db, story('chongqing-2020-01-29'), machine.now, clockWith)
    expect(await isDemonstration(db)).toBe(name === 'embedded')
  })
})
