import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fillEmptyStore } from '../src/app/demonstration.js'
import { clockWith, machine } from '../src/app/machine.js'
import { linesOf } from '../src/cli/storeFile.js'
import { openDatabase } from '../src/db/open.js'
import { story } from './campaigns/given.js'
import { freshDataDir, freshServerDatabase, looked, ON_A_SERVER } from './support/databases.js'

const CLI = fileURLToPath(new URL('../src/cli.js', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'sijizhong-store-'))
const inHome = (name: string): string => join(home, name)
afterAll(() => rmSync(home, { recursive: true, force: true }))

type Env = Readonly<Record<string, string>>
interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** The command as a process of its own. */
function run(words: readonly string[], env: Env): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...words], { env: { ...process.env, DATABASE_URL: '', ...env } })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString('utf8')))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}

/** A store in a folder, with the story in it; a line separator stands in one of its texts. */
async function filledFolder(): Promise<{ env: Env; remove: () => void }> {
  const { dataDir, remove } = freshDataDir()
  const scenario = story('orders-stand')
  const places = Object.fromEntries(Object.entries(scenario.places).map(([id, place]) => [id, { ...place, source: 'first\u2028second\u0085third' }]))
  const db = await openDatabase({ kind: 'embedded', dataDir })
  await fillEmptyStore(db, { ...scenario, places }, machine.now, clockWith)
  await db.close()
  return { env: { DATA_DIR: dataDir }, remove }
}

let full: Awaited<ReturnType<typeof filledFolder>>
const ends: (() => unknown)[] = []
beforeAll(async () => {
  full = await filledFolder()
  ends.push(full.remove)
})
afterAll(async () => {
  for (const end of ends) await end()
})

describe('export and import', () => {
  test('an embedded store goes to a file and into another one, the same to the byte', async () => {
    const [first, second] = [inHome('first.jsonl'), inHome('second.jsonl.gz')]
    const exported = await run(['export', first], full.env)
    const lines = readFileSync(first, 'utf8').split('\n').length - 1
    expect(exported).toEqual({ code: 0, err: '', out: `已导出到 ${first}，共 ${lines} 行。\nExported to ${first}: ${lines} lines.\n` })
    const { dataDir, remove } = freshDataDir()
    ends.push(remove)
    const imported = await run(['import', first], { DATA_DIR: dataDir })
    expect(imported).toEqual({ code: 0, err: '', out: `已从 ${first} 导入。\nImported from ${first}.\nintegrity: 0 findings\n` })
    expect((await run(['export', second], { DATA_DIR: dataDir })).code).toBe(0)
    expect(gunzipSync(readFileSync(second)).toString('utf8')).toBe(readFileSync(first, 'utf8'))
    expect(readFileSync(first, 'utf8')).toContain('first\u2028second')
  })

  test.each(ON_A_SERVER)('from an embedded store to %s and back, the same to the byte', async () => {
    const files = [inHome('a.jsonl.gz'), inHome('b.jsonl'), inHome('c.jsonl.gz')] as const
    const server = await freshServerDatabase({ isMigrated: false })
    ends.push(server.drop)
    const there = { DATABASE_URL: server.url }
    expect((await run(['export', files[0]], full.env)).code).toBe(0)
    expect(await run(['import', files[0]], there)).toMatchObject({ code: 0, out: expect.stringMatching(/integrity: 0 findings\n$/) })
    expect((await run(['export', files[1]], there)).code).toBe(0)
    const { dataDir, remove } = freshDataDir()
    ends.push(remove)
    expect((await run(['import', files[1]], { DATA_DIR: dataDir })).code).toBe(0)
    expect((await run(['export', files[2]], { DATA_DIR: dataDir })).code).toBe(0)
    expect(gunzipSync(readFileSync(files[0])).equals(readFileSync(files[1]))).toBe(true)
    expect(readFileSync(files[2]).equals(readFileSync(files[0]))).toBe(true)

    expect(await run(['integrity'], there)).toEqual({ code: 0, err: '', out: 'integrity: 0 findings\n' })
    await looked(server.url, (sql) => sql`update place set version = version + 6 where id = (select min(id) from place)`)
    const unsound = await run(['integrity'], there)
    expect(unsound).toMatchObject({ code: 1, err: '' })
    expect(unsound.out).toMatch(/^recordIsItsLastVersion@.*：现状就是最后一版；现为 .*\nrecordIsItsLastVersion@.*: a record is its last version; found .*\n[^]*integrity: \d+ findings?\n$/)
  })

  test('nothing that is there is written over, in a file or in a store', async () => {
    const [kept, sound] = [inHome('kept.jsonl'), inHome('sound.jsonl')]
    writeFileSync(kept, 'mine')
    expect(await run(['export', kept], full.env)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('there is such a file; give a new name') })
    expect(readFileSync(kept, 'utf8')).toBe('mine')
    expect((await run(['export', sound], full.env)).code).toBe(0)
    expect(await run(['import', sound], full.env)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/empty/) })
    expect(await run(['export', inHome('nowhere/file')], full.env)).toMatchObject({ code: 2, err: expect.stringContaining('cannot be written') })
  })

  test('a file that is cut, changed or something else is refused, and nothing of it kept', async () => {
    const whole = inHome('whole.jsonl')
    expect((await run(['export', whole], full.env)).code).toBe(0)
    const text = readFileSync(whole, 'utf8')
    const { dataDir, remove } = freshDataDir()
    ends.push(remove)
    const there = { DATA_DIR: dataDir }
    const files: readonly (readonly [name: string, content: string | Uint8Array, says: RegExp])[] = [
      ['cut.jsonl', text.slice(0, text.length / 2), /is cut or was changed/],
      ['changed.jsonl', text.replace('first', 'worst'), /is cut or was changed/],
      ['cut.gz', gzipSync(text).subarray(0, 900), /not all of one|is cut or was changed/],
      ['plain.gz', text, /is not a gzip file/],
      ['zipped.jsonl', gzipSync(text), /not a file that export wrote/],
      ['empty.jsonl', '', /not a file that export wrote/],
    ]
    for (const [name, content, says] of files) {
      writeFileSync(inHome(name), content)
      const ended = await run(['import', inHome(name)], there)
      expect([name, ended.code, ended.out]).toEqual([name, 2, ''])
      expect(ended.err).toMatch(says)
    }
    expect((await run(['import', whole], there)).code).toBe(0)
  })
})

describe('the command line', () => {
  const rows: readonly (readonly [words: string[], env: Env, err: RegExp])[] = [
    [['export'], {}, /^export 后面要写文件名。\nexport must be followed by a file name\.\n$/],
    [['import', 'no-such-file'], {}, /no-such-file: there is no such file/],
    [['integrity', 'x'], {}, /One word too many: "x"/],
    [['export', 'x', '--all'], {}, /There is no option --all/],
    [['integrity'], { DATA_DIR: 'no-such-folder' }, /There is no store in no-such-folder/],
    [['integrity'], { DATABASE_URL: 'mysql://x' }, /environment variable DATABASE_URL must be an address/],
  ]
  test.each(rows)('%j %j', async (words, env, err) => {
    const ended = await run(words, env)
    expect([ended.code, ended.out]).toEqual([2, ''])
    expect(ended.err).toMatch(err)
    expect(existsSync('no-such-folder')).toBe(false)
  })

  test.each(['integrity', 'export', 'import'])('%s explains itself', async (name) => {
    const { code, out } = await run([name, '--help'], {})
    expect([code, out.match(new RegExp(`^${name}(?: <file>)?$`, 'gm'))?.length]).toEqual([0, 2])
  })
})

test('a file is read by its line feeds only, wherever its chunks part', async () => {
  const file = inHome('lines')
  const lines = ['a\u2028b\r', '', `汉${'字'.repeat(70_000)}`, '\u2029', 'end']
  for (const [name, content] of [[file, `${lines.join('\n')}\n`], [`${file}.gz`, gzipSync(lines.join('\n'))]] as const) {
    writeFileSync(name, content)
    const read: string[] = []
    for await (const line of linesOf(name)) read.push(line)
    expect(read).toEqual(lines)
  }
})
