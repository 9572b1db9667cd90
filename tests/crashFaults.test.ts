import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type postgres from 'postgres'
import { afterEach, describe, expect, test } from 'vitest'
import { unitBody } from './campaigns/racesRows.js'
import { freshDataDir, freshServerDatabase, looked, ON_A_SERVER } from './support/databases.js'
import { type Proxy, proxyTo } from './support/proxy.js'
import { ask, endedProcess, type Process, type Said, startedProcess } from './support/serving.js'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const QUIET = { LOG_LEVEL: 'silent' }
const PATIENCE_MILLISECONDS = 180_000
const codeIn = ({ status, json }: Said): string => `${status} ${(json as { code?: string } | null)?.code ?? ''}`.trim()
const putUnit = (service: Process, id: string, key?: string): Promise<Said> =>
  ask(service.address, `/api/reporting-units/${id}`, { method: 'PUT', body: unitBody(id), ...(key === undefined ? {} : { key }), patience: 60_000 })
const unitsOf = async ({ address }: Process): Promise<string[]> =>
  ((await ask(address, '/api/reporting-units')).json as { items: { id: string }[] }).items.map(({ id }) => id)
const findingsOf = async ({ address }: Process): Promise<unknown> => (await ask(address, '/api/integrity')).json

/** Asks again and again until it is answered so; fails with the last answer. */
async function answered(want: string, request: () => Promise<Said>): Promise<Said> {
  for (let tries = 0; ; tries += 1) {
    const said = await request()
    if (codeIn(said) === want || tries === 100) {
      expect(codeIn(said)).toBe(want)
      return said
    }
    await pause(100)
  }
}

async function onServer(env: Readonly<Record<string, string>> = {}): Promise<{ service: Process; url: string; proxy: Proxy }> {
  const { url, drop } = await freshServerDatabase()
  ends.push(drop)
  const proxy = await proxyTo(url)
  ends.push(() => proxy.close())
  const service = await startedProcess({ ...QUIET, DATABASE_URL: proxy.url, ...env })
  ends.push(() => service.end('SIGKILL'))
  return { service, url, proxy }
}

describe.each(ON_A_SERVER)('%s', () => {
  test('a database that is away is said with 503, and it comes back by itself', async () => {
    const { service, proxy } = await onServer()
    expect(codeIn(await putUnit(service, 'before'))).toBe('201')
    proxy.goAway(true)
    const away = await answered('503 databaseUnavailable', () => putUnit(service, 'away', 'key-away-1'))
    const ready = await ask(service.address, '/readyz')
    const healthy = await ask(service.address, '/healthz')
    expect([away, ready].map((said) => [codeIn(said), Number(said.headers.get('retry-after')) > 0]))
      .toEqual([['503 databaseUnavailable', true], ['503 databaseUnavailable', true]])
    expect(codeIn(healthy)).toBe('200')
    proxy.goAway(false)
    await answered('200', () => ask(service.address, '/readyz'))
    expect(codeIn(await putUnit(service, 'away', 'key-away-1'))).toBe('201')
    expect(await unitsOf(service)).toEqual(['away', 'before'])
    expect(service.child.exitCode).toBe(null)
  }, PATIENCE_MILLISECONDS)

  test('a commit that nobody heard of is told by the same key', async () => {
    const { service, proxy } = await onServer()
    await putUnit(service, 'first')
    // With its end: transactions begin with the words read committed.
    void proxy.cutAfter('commit\0', 'read write')
    const unknown = await putUnit(service, 'second', 'key-unknown-2')
    expect([codeIn(unknown), unknown.headers.get('retry-after')]).toEqual(['503 commitUnknown', '2'])
    const again = await answered('201', () => putUnit(service, 'second', 'key-unknown-2'))
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const { items } = (await ask(service.address, '/api/journal?subject=second')).json as { items: unknown[] }
    expect([items.length, await unitsOf(service)]).toEqual([1, ['first', 'second']])
  }, PATIENCE_MILLISECONDS)

  test('a full disk of the server is said, and the key may try again', async () => {
    const { service, url } = await onServer()
    // What the server says when its disk is full, from a trigger.
    await looked(url, (sql) => sql.unsafe(`create function full_disk() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
      create trigger full_disk before insert on journal for each statement execute function full_disk()`))
    const full = await putUnit(service, 'late', 'key-full-3')
    expect([codeIn(full), full.headers.get('retry-after')]).toEqual(['503 storeFull', '2'])
    await looked(url, (sql) => sql.unsafe('drop trigger full_disk on journal'))
    expect(codeIn(await putUnit(service, 'late', 'key-full-3'))).toBe('201')
    expect(await findingsOf(service)).toEqual({ findings: [] })
  }, PATIENCE_MILLISECONDS)

  test('whoever finds every connection in use is told so and does not hang', async () => {
    const { service, url } = await onServer({ DATABASE_CLIENTS: '2' })
    const answers = await looked(url, (sql) => held(sql, async () => {
      const all = Promise.all(Array.from({ length: 20 }, (_, i) => putUnit(service, `u${i}`)))
      // Two at a time wait for the lock, the others in line; whoever has waited twenty seconds in all is refused.
      await pause(22_500)
      return { all }
    })).then(({ all }) => all)
    const said = answers.map((one) => codeIn(one))
    expect(said.filter((code) => code !== '201' && code !== '503 databaseUnavailable')).toEqual([])
    expect(said.filter((code) => code === '503 databaseUnavailable').length).toBeGreaterThanOrEqual(10)
    expect(answers.filter(({ status, headers }) => status === 503 && headers.get('retry-after') === null)).toEqual([])
    await answered('201', () => putUnit(service, 'after'))
  }, PATIENCE_MILLISECONDS)

  test('what is under way at SIGTERM is answered, and it ends with 0', async () => {
    const { service, url } = await onServer()
    const { all, late } = await looked(url, (sql) => held(sql, async () => {
      const under = Promise.all(['a', 'b', 'c'].map((id) => putUnit(service, id)))
      // Two of a process wait for the lock, and the third for them.
      await waitingForLock(url, 2)
      service.child.kill('SIGTERM')
      await pause(200)
      const refused = await putUnit(service, 'late').then(codeIn, () => 'not connected')
      return { all: { under }, late: refused }
    }))
    expect(['503 closing', 'not connected']).toContain(late)
    expect((await all.under).map(codeIn)).toEqual(['201', '201', '201'])
    expect(await service.gone).toBe(0)
    expect(await looked(url, (sql) => sql`select id from reporting_unit order by id`.then((rows) => rows.map(({ id }) => String(id)))))
      .toEqual(['a', 'b', 'c'])
  }, PATIENCE_MILLISECONDS)
})

/** `work` while nobody's key can be written down: requests that change something wait with their transaction open. */
const held = <T>(sql: postgres.Sql, work: () => Promise<T>) => sql.begin(async (tx) => {
  await tx`lock table idempotency_key in share row exclusive mode`
  return work()
})

async function waitingForLock(url: string, count: number): Promise<void> {
  for (let looks = 0; looks < 100; looks += 1) {
    const [row] = await looked(url, (sql) => sql<{ waiting: number }[]>`
      select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
    if ((row?.waiting ?? 0) >= count) return
    await pause(20)
  }
  throw new Error('the requests did not come to wait')
}

describe('the embedded service', () => {
  test('refuses a data directory that another process has open', async () => {
    const { dataDir, remove } = freshDataDir()
    ends.push(remove)
    const service = await startedProcess({ ...QUIET, DATA_DIR: dataDir })
    ends.push(() => service.end('SIGKILL'))
    const { code, printed } = await endedProcess({ ...QUIET, DATA_DIR: dataDir })
    expect([code, printed.includes(`in use by process ${service.child.pid}`)]).toEqual([2, true])
    expect(codeIn(await putUnit(service, 'mine'))).toBe('201')
    expect(await service.end('SIGTERM')).toBe(0)
  }, PATIENCE_MILLISECONDS)

  test('says that its disk is full, and loses nothing', async (context) => {
    const disk = smallDisk()
    if (disk === null) return context.skip('only who may mount a small disk can fill it')
    const service = await startedProcess({ ...QUIET, DATA_DIR: join(disk, 'store') })
    ends.push(() => service.end('SIGKILL'))
    const kept: string[] = []
    const putNext = async () => {
      const id = `u${String(kept.length).padStart(4, '0')}`
      const said = await putUnit(service, id, `key-disk-${id}`)
      if (said.status === 201) kept.push(id)
      return said
    }
    await putNext()
    fill(disk)
    let said = await putNext()
    // What is written ahead has some room left in its files.
    for (let tries = 0; said.status === 201 && tries < 4000; tries += 1) said = await putNext()
    expect([codeIn(said), said.headers.get('retry-after')]).toEqual(['503 storeFull', '2'])
    rmSync(join(disk, 'filler'))
    // It goes on by itself once there is room, and nothing is lost when it dies before that is written back.
    await answered('201', putNext)
    expect(kept.length).toBeGreaterThan(0)
    await service.end('SIGKILL')
    const again = await startedProcess({ ...QUIET, DATA_DIR: join(disk, 'store') })
    ends.push(() => again.end('SIGKILL'))
    for (const id of kept) expect((await putUnit(again, id, `key-disk-${id}`)).headers.get('idempotency-replayed')).toBe('true')
    expect(codeIn(await putUnit(again, 'after'))).toBe('201')
    expect(await findingsOf(again)).toEqual({ findings: [] })
  }, PATIENCE_MILLISECONDS)
})

const DISK_MEGABYTES = 160

/** A folder on a disk of its own that is soon full; null for who may not mount one. */
function smallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'sijizhong-disk-'))
  ends.push(() => rmSync(folder, { recursive: true, force: true }))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MEGABYTES}m`, 'sijizhong', folder], { stdio: 'ignore' })
  } catch {
    return null
  }
  ends.push(() => execFileSync('umount', ['-l', folder]))
  return folder
}

function fill(disk: string): void {
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize))
}
