import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, describe, expect, test } from 'vitest'
import { startAct } from '../src/app/startAct.js'
import { readJournal } from '../src/db/journal.js'
import { exportEverything, importEverything } from '../src/db/portable.js'
import { isDrillStore, type Marked, markStore } from '../src/db/storeMark.js'
import { drillLine, drillMember, isStamped, STAMP, stamped, stampedNumber } from '../src/kernel/drill.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { readScenarioZip } from '../src/interop/scenarioZip.js'
import { city, type CityPatch, people } from './support/city.js'
import { asked } from './campaigns/matrix.js'
import { matrixWorld } from './campaigns/matrixWorld.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import { ask, type Said, serving, StandingClock } from './support/serving.js'

afterAll(closeSolvers)

const codeOf = (said: { status: number; json: unknown }) => [said.status, (said.json as { code?: string }).code]
const clock = new StandingClock(new Date('2020-01-30T00:00:00+08:00'))

describe('the stamp', () => {
  test('stands once before a name, and nowhere outside of a drill', () => {
    expect([stamped('cases.csv', true), stamped(stamped('cases.csv', true), true), stamped('cases.csv', false)]).toEqual(['演练 DRILL cases.csv', '演练 DRILL cases.csv', 'cases.csv'])
    expect([isStamped('演练 DRILL cases.csv'), isStamped('cases 演练 DRILL'), isStamped('演练方案')]).toEqual([true, false, false])
    expect([stampedNumber('2020-01-30-0001', true), stampedNumber('2020-01-30-0001', false)]).toEqual(['演练-2020-01-30-0001', '2020-01-30-0001'])
    expect([drillMember(true), drillMember(false), drillLine(false)]).toEqual([{ drill: STAMP }, {}, ''])
  })
})

/** Why an answer could be taken for the real thing; null: it could not. */
function unstampedIn({ headers, text, json }: Said): string | null {
  if (headers.get('x-drill') !== 'DRILL') return 'no header'
  // The head of an answer has no more than its headers.
  const type = text === '' ? '' : headers.get('content-type') ?? ''
  if (type.includes('problem+json') && (json as { drill?: string }).drill !== STAMP) return `a problem: ${text.slice(0, 200)}`
  if (type.includes('text/html') && !text.slice(text.indexOf('<body>') + 6).trimStart().slice(0, 80).includes(STAMP)) return `a page: ${text.slice(0, 200)}`
  if (type.includes('text/csv') && !text.split('\r\n').filter((line) => line !== '').every((line) => line.replace('\uFEFF', '').startsWith(STAMP))) return `a table: ${text.slice(0, 200)}`
  const file = headers.get('content-disposition')
  return file === null || decodeURIComponent(file).includes(`''${STAMP} `) ? null : `a file: ${file}`
}

eachDatabase((_, open) => {
  test('every operation, for whoever is let in and whoever is not, says that it is of a drill', async () => {
    const db = await open()
    await db.inTransaction((tx) => markStore(startAct(tx, clock), true))
    const world = await matrixWorld(db, { isDrill: true })
    const unstamped: string[] = []
    const seen = new Set<string>()
    const look = (what: string, said: Said) => {
      seen.add(said.headers.get('content-type')?.split(';')[0] ?? 'nothing')
      const why = unstampedIn(said)
      if (why !== null) unstamped.push(`${what} ${said.status}: ${why}`)
    }
    for (const operation of world.document.operations) {
      for (const [target, as] of [['own', 'As everybody'], ['absent', 'As everybody'], ['own', 'As viewer city'], ['own', null]] as const) {
        look(`${operation.id} ${target} ${as}`, await asked(world, operation, target, as))
      }
      if (operation.method === 'GET' && !operation.segments.includes('{id}') && operation.id !== 'watchChanges') {
        look(`${operation.id} as a table`, await ask(world.served.address, operation.segments.join('/'), { headers: { authorization: 'As everybody', accept: 'text/csv' } }))
      }
    }
    for (const path of ['/', '/docs', '/docs/docs.js', '/docs/problems.json', '/openapi.json', '/healthz', '/readyz', '/metrics', '/api/nothing', '/nothing', '/api/cases?limit=x', '/api/places/%zz']) {
      look(path, await ask(world.served.address, path, { headers: { authorization: 'As everybody' } }))
    }
    look('another host', await ask(world.served.address, '/api/cases', { headers: { origin: 'http://elsewhere.example' } }))
    expect(unstamped).toEqual([])
    expect([...seen].sort()).toEqual(expect.arrayContaining(['application/json', 'application/problem+json', 'application/zip', 'text/csv', 'text/event-stream', 'text/html']))
    expect((await ask(world.served.address, '/readyz')).json).toEqual({ status: 'ready', isDrill: true })
    expect(((await ask(world.served.address, '/openapi.json')).json as { info: { title: string } }).info.title).toBe('演练 DRILL 四集中 Sijizhong')
    const { items } = (await ask(world.served.address, '/api/journal', { headers: { authorization: 'As everybody' } })).json as { items: { drill: string; action: string }[] }
    expect([items.length > 3, items.every(({ drill }) => drill === STAMP)]).toEqual([true, true])
    expect((await ask(world.served.address, '/api/session', { headers: { authorization: 'As viewer city' } })).json).toMatchObject({ isDrill: true })
    expect((await ask(world.served.address, '/api/integrity', { headers: { authorization: 'As everybody' } })).json).toEqual({ findings: [] })
    expect(world.served.bugs).toEqual([])
    await world.served.close()
  })

  const TWO = { cases: people(2), pools: { 'hub/ordinary': {}, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, car: {} } } as const satisfies CityPatch

  test('a plan, its tables, its orders, what is printed and what is told of them', async () => {
    const desk = await Desk.open(await open(), city(TWO), { isDrill: true })
    const { run, plan, orders } = await desk.approved()
    expect([plan.scenario, orders]).toEqual(['演练 DRILL small city', ['演练-2020-01-30-0001', '演练-2020-01-30-0002']])
    const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
    const { planHash, snapshotHash } = (await desk.say(`/plan-runs/${run}`, 'reader')).json as { planHash: string; snapshotHash: string }
    expect([hashOf((await desk.say(`/plan-runs/${run}/plan`, 'reader')).text), hashOf((await desk.say(`/plan-runs/${run}/snapshot`, 'reader')).text)]).toEqual([planHash, snapshotHash])
    for (const path of [`/plan-runs/${run}/tables/moves.csv`, `/plan-runs/${run}/tables/unmet.csv`, `/plan-runs/${run}/plan.zip`, '/scenario.zip']) {
      expect([path, unstampedIn(await desk.say(path, 'reader'))]).toEqual([path, null])
    }
    const files = unzipSync(new Uint8Array(await (await fetch(`${desk.served.address}/api/plan-runs/${run}/plan.zip`)).arrayBuffer()))
    expect(Object.entries(files).filter(([file, bytes]) => !file.startsWith(`${STAMP} `) || !strFromU8(bytes).replace('\uFEFF', '').startsWith(`${STAMP},`)).map(([file]) => file)).toEqual([])
    const [first = ''] = orders
    await desk.steps(encodeURIComponent(first), 'accept', 'dispatch')
    expect((await desk.step(encodeURIComponent(first), 'arrive', { handover: desk.handover() })).status).toBe(200)
    const form = await desk.say(`/transfer-orders/${encodeURIComponent(first)}/form`, 'reader')
    expect([unstampedIn(form), form.text]).toEqual([null, expect.stringContaining(`<body><h1 align="center"><font size="7">${STAMP}</font></h1>`)])
    const stream = await fetch(`${desk.served.address}/api/plan-runs/${run}/events`)
    const told = (await stream.text()).split('\n').filter((line) => line.startsWith('data:'))
    expect([stream.headers.get('x-drill'), told.length > 2, told.every((line) => line.includes(`"drill":"${STAMP}"`))]).toEqual(['DRILL', true, true])
    await desk.close()
  })

  test('a change that somebody listens for', async () => {
    const desk = await Desk.open(await open(), city(TWO), { isDrill: true })
    const gone = new AbortController()
    const stream = await fetch(`${desk.served.address}/api/changes`, { signal: gone.signal })
    expect((await desk.say('/pools/hub%2Fordinary/report', 'hub', { method: 'PUT', body: { staffed: 7, occupied: 1 } })).status).toBe(200)
    let heard = ''
    const reader = stream.body?.getReader()
    while (reader !== undefined && !heard.includes('data:')) heard += new TextDecoder().decode((await reader.read()).value)
    gone.abort()
    expect([stream.headers.get('x-drill'), heard]).toEqual(['DRILL', expect.stringContaining(`"drill":"${STAMP}"`)])
    await desk.close()
  })

  test('a scenario that comes out of a drill goes into another drill as it was, and into nothing else, whatever its folder is called', async () => {
    const from = await Desk.open(await open(), city(TWO), { isDrill: true })
    const scenario = (await from.say('/scenario', 'reader')).json
    const content = new Uint8Array(await (await fetch(`${from.served.address}/api/scenario.zip`)).arrayBuffer())
    const read = await readScenarioZip(content)
    expect(read).toEqual({ ok: true, scenario })
    await from.close()
    for (const [file, bytes] of Object.entries(unzipSync(content))) expect([file, strFromU8(bytes)]).toEqual([file, expect.stringContaining(STAMP)])
    const real = await serving(await open(), { clock })
    const bring = (address: string) => ask(address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content } })
    const refused = await bring(real.address)
    expect([...codeOf(refused), (refused.json as { detail: string; drill?: string }).detail, (refused.json as { drill?: string }).drill]).toEqual([
      422, 'scenarioRefused', 'this scenario comes from a drill and goes into no other store: use an empty one that is started with DRILL=yes', undefined,
    ])
    await real.close()
    const db = await open()
    await db.inTransaction((tx) => markStore(startAct(tx, clock), true))
    const other = await serving(db, { clock, isDrill: true })
    expect((await bring(other.address)).status).toBe(201)
    expect((await ask(other.address, '/api/scenario')).json).toEqual(scenario)
    await other.close()
  })

  describe('what a store is for', () => {
    const begun = async (asked: boolean | null, prepare: (address: string) => Promise<unknown> = async () => undefined) => {
      const db = await open()
      const served = await serving(db, { clock })
      await prepare(served.address)
      await served.close()
      const mark = (said: boolean | null): Promise<Marked> => db.inTransaction((tx) => markStore(startAct(tx, clock), said))
      return { db, mark, first: await mark(asked) }
    }
    const unit = { name: { zh: '区', en: 'district' }, gbt2260: null, aliases: [], longitude: null, latitude: null, source: 'test' }
    const put = (address: string) => ask(address, '/api/reporting-units/u', { method: 'PUT', body: unit })

    test.each([[true, true], [false, false], [null, false]])('is decided by the first start (%s) for ever', async (asked, isDrill) => {
      const { db, mark, first } = await begun(asked)
      expect([first, await mark(null), await mark(isDrill), await db.inSnapshot(isDrillStore)]).toEqual([{ ok: true, isDrill }, { ok: true, isDrill }, { ok: true, isDrill }, isDrill])
      const other = await mark(!isDrill)
      expect(other).toEqual({ ok: false, says: { zh: expect.stringMatching(isDrill ? /此库是演练库/ : /此库不是演练库/), en: expect.stringMatching(isDrill ? /for a drill.*DRILL=no/ : /is not for a drill.*DRILL=yes/) } })
    })

    test('is no drill once something was written before it was marked', async () => {
      const { db, mark, first } = await begun(true, put)
      expect([first.ok, await db.inSnapshot(isDrillStore), await mark(null)]).toEqual([false, false, { ok: true, isDrill: false }])
    })

    test('several who start at once agree', async () => {
      const db = await open()
      const marked = await Promise.all([true, false, true, null].map((asked) => db.inTransaction((tx) => markStore(startAct(tx, clock), asked))))
      const isDrill = await db.inSnapshot(isDrillStore)
      expect(marked.map((one) => one.ok)).toEqual([isDrill, !isDrill, isDrill, true])
      expect(await db.inSnapshot((tx) => readJournal(tx, { below: null, limit: 9 }))).toMatchObject([{ action: 'store.marked', details: { drill: isDrill } }])
    })

    test('goes with its export: into an empty store that is to be for the same, and into no other', async () => {
      const lines: Record<'drill' | 'real', string[]> = { drill: [], real: [] }
      for (const [which, asked] of [['drill', true], ['real', false]] as const) {
        const { db } = await begun(asked)
        await exportEverything(db, async (line) => void lines[which].push(line))
      }
      expect([lines.drill[0], lines.real[0]].map((line) => (JSON.parse(line ?? '') as { drill: boolean }).drill)).toEqual([true, false])
      async function* each(of: readonly string[]) {
        yield* of
      }
      const into = async (of: 'drill' | 'real', isDrill: boolean) => {
        const db = await open()
        const said = await importEverything(db, each(lines[of]), isDrill).then(() => 'taken', (error: { says: { en: string } }) => error.says.en)
        return [said, await db.inSnapshot(isDrillStore)]
      }
      expect([await into('drill', true), await into('real', false)]).toEqual([['taken', true], ['taken', false]])
      expect(await into('drill', false)).toEqual([expect.stringMatching(/^the file comes from a drill, and only a store for a drill takes it/), false])
      expect(await into('real', true)).toEqual([expect.stringMatching(/^the file does not come from a drill, and no store for a drill takes it/), false])
      // A store that was started says so itself, whatever the command says.
      const { db } = await begun(false)
      await expect(importEverything(db, each(lines.drill), true)).rejects.toMatchObject({ says: { en: expect.stringMatching(/comes from a drill/) } })
    })
  })

  test('outside of a drill nothing is stamped', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run, plan, orders: [order = ''] } = await desk.approved()
    expect([plan.scenario, order]).toEqual(['small city', '2020-01-30-0001'])
    for (const path of ['/cases', `/transfer-orders/${order}/form`, `/plan-runs/${run}/tables/moves.csv`, '/journal', '/session', '/nothing']) {
      const said = await desk.say(path, 'reader')
      expect([path, said.headers.get('x-drill'), said.text.includes('演练')]).toEqual([path, null, false])
    }
    const csv: string[][] = parse((await desk.say('/cases', 'reader', { headers: { accept: 'text/csv', 'accept-language': 'zh' } })).text, { bom: true })
    expect(csv[0]?.[0]).toBe('编号 id')
    await desk.close()
  })
})
