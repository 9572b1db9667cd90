import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fillEmptyStore } from '../src/app/demonstration.js'
import { story } from './campaigns/given.js'
import { freshDatabase } from './support/databases.js'
import { ask, type Served, serving, StandingClock } from './support/serving.js'

const run = promisify(execFile)
/** The page's own files. */
const PAGE = new URL('../../src/app/docs/', import.meta.url)
interface Guided { readonly id: string; readonly sample: string | null }
interface Document { readonly info: { readonly 'x-guide': readonly Guided[] }; readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }
interface Operation { readonly operationId: string; readonly parameters: readonly object[]; readonly requestBody?: { readonly content: Readonly<Record<string, object>> } }

/** A demonstration as it is after its first start. */
async function demonstration(name: string): Promise<{ served: Served; end: () => Promise<void> }> {
  const { database, end } = await freshDatabase('embedded')
  const scenario = story(name)
  const clock = new StandingClock(new Date(scenario.asOf))
  await fillEmptyStore(database, scenario, clock.now, () => clock)
  clock.forward(5 * 60_000)
  const served = await serving(database, { clock, identify: null, isDemonstration: true })
  return { served, end: async () => {
    expect(served.bugs).toEqual([])
    await served.close()
    await end()
  } }
}
const documentAt = async ({ address }: Served) => (await ask(address, '/openapi.json')).json as Document

/** Lines of a terminal, each with all that belongs to it. */
const commandsOf = (sample: string): string[] => sample.replaceAll(/ \\\n\s*/g, ' ').split('\n')

/** What a shell of its own answers to the lines, as they are: a status each. */
async function statusesOf(commands: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'samples-'))
  try {
    const told = ['curl() { local s; s=$(command curl -sS -m 20 -o answer -w "%{http_code}" "$@"); case $s in 2*) echo $s;; *) echo "$s $(cat answer)";; esac; }', ...commands].join('\n')
    return (await run('bash', ['-c', told], { cwd: folder })).stdout.trim().split('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('the samples of the guide', () => {
  const rows: readonly [story: string, goods: boolean][] = [['chongqing-2020-01-29', false], ['chongqing-2020-01-29-material', true]]
  test.each(rows)('do what they say, copied into a shell, at %s', async (name, goods) => {
    const { served, end } = await demonstration(name)
    const chapters = (await documentAt(served)).info['x-guide'].filter(({ id, sample }) => sample !== null && (goods || !['stock', 'allocations'].includes(id)))
    const commands = chapters.flatMap(({ sample }) => commandsOf(sample ?? '')).filter((command) => !command.includes('…'))
    expect(commands.length).toBeGreaterThan(12)
    const statuses = await statusesOf(commands)
    expect(statuses.map((status, i) => [commands[i], status])).toEqual(commands.map((command) => [command, expect.stringMatching(/^20\d$/)]))
    await end()
  }, 60_000)
})

describe('every sample', () => {
  let served: Served
  let end: () => Promise<void>
  let document: Document
  beforeAll(async () => {
    ({ served, end } = await demonstration('chongqing-2020-01-29'))
    document = await documentAt(served)
  }, 60_000)
  afterAll(() => end())

  test('of the guide brings all that its request needs: a session or the way to one, and for a change where it comes from and a key', () => {
    const commands = document.info['x-guide'].flatMap(({ sample }) => commandsOf(sample ?? ''))
    for (const command of commands.filter((one) => one.startsWith('curl') && !one.includes('/readyz'))) {
      expect(command).toContain(`'${served.address}/api/`)
      const isSigningIn = command.includes('/session\'') && command.includes('-X POST')
      expect(command).toContain(isSigningIn ? '-c cookies' : '-b cookies')
      const isChange = command.includes('-X ') && !isSigningIn
      expect([command, command.includes(`-H 'Origin: ${served.address}'`)]).toEqual([command, isChange])
      expect([command, command.includes("-H 'Idempotency-Key: ")]).toEqual([command, isChange && !command.includes('/check-edits')])
    }
  })

  test('of an operation is taken where it names all that it needs', async () => {
    const { curlOf } = await import(new URL('curl.js', PAGE).href) as { curlOf: (operation: object, sent: object) => string }
    const sampleOf = (wanted: string): string => {
      for (const [path, item] of Object.entries(document.paths)) for (const [method, operation] of Object.entries(item)) {
        if (operation.operationId !== wanted) continue
        const [type, body] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
        return curlOf({ ...operation, path, method }, { parameters: operation.parameters.filter((one) => 'name' in one), type, body, origin: served.address })
      }
      throw new Error(`no ${wanted}`)
    }
    const wanted = ['signInToDemonstration', 'whoAmI', 'listPlaces', 'putPlace', 'putVehicle', 'askForPlan', 'signOut']
    const commands = wanted.map(sampleOf).flatMap(commandsOf)
    expect((await statusesOf(commands)).map((status, i) => [wanted[i], status])).toEqual(wanted.map((one) => [one, expect.stringMatching(/^20\d$/)]))
  })

  test('is of the address at which the document was asked for, and each has a tag of its own', async () => {
    const other = served.address.replace('127.0.0.1', 'localhost')
    const [here, there] = [await ask(served.address, '/openapi.json'), await ask(other, '/openapi.json')]
    expect([here.text.includes(other), there.text.includes(served.address), there.text.includes(other)]).toEqual([false, false, true])
    expect(here.headers.get('etag')).not.toBe(there.headers.get('etag'))
    expect((await ask(other, '/openapi.json', { headers: { 'if-none-match': here.headers.get('etag') ?? '' } })).status).toBe(200)
    expect((await ask(other, '/openapi.json', { headers: { 'if-none-match': there.headers.get('etag') ?? '' } })).status).toBe(304)
  })

  test('that leaves out where it comes from is told what to say', async () => {
    const signedIn = await ask(served.address, '/api/demonstration/session', { method: 'POST', body: { role: 'planner' } })
    const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
    const refused = await ask(served.address, '/api/session', { method: 'DELETE', headers: { cookie } })
    expect(refused).toMatchObject({ status: 403, json: { code: 'wrongOrigin', detail: expect.stringContaining(`Origin: ${served.address} `) as unknown } })
  })
})
