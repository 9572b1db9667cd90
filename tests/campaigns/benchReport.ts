import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { freshServerDatabase } from '../support/databases.js'
import { ask, startedProcess } from '../support/serving.js'
import { type Row, rowOf } from './benchRows.js'
import { statementsThrough } from './benchTap.js'

/** Pools that are reported, so that reports at once seldom wait for each other; the same for both. */
const POOLS = 50
const REPORTS = 200
const SECONDS = 3

const PROVENANCE = { source: 'bench', assumed: [] }
const poolId = (pool: number) => `b/p${pool}`

/** The statements of one report, for pgbench: what the service sends, who asks first, with figures drawn in the same way. */
const SCRIPT = `
\\set pool random(1, ${POOLS})
\\set people random(0, 40)
\\set key random(1, 1000000000000)
begin isolation level repeatable read read only;
select hash, api_key from api_key_secret where hash in (md5(:people::text)) and ends_at > now();
select id, version, body, (extract(epoch from effective_at) * 1000)::float8 as effective, (extract(epoch from recorded_at) * 1000)::float8 as recorded, recorded_by from api_key where id in ('local') order by id collate "C";
commit;
begin isolation level read committed read write;
insert into idempotency_key (actor, key, request_hash, at) values ('bench', :key::text || :client_id::text, md5(:key::text), now()) on conflict do nothing returning key;
select id, version, body, (extract(epoch from effective_at) * 1000)::float8 as effective, (extract(epoch from recorded_at) * 1000)::float8 as recorded, recorded_by from pool where id in ('b/p' || :pool::int) order by id collate "C" for update \\gset
select book, name, may_owe, counted, balance, held from account where book = 'b/p' || :pool::int order by name for update;
select (count(*) filter (where began_at > now()) - count(*) filter (where ended_at > now()))::int as more from (select place, pool, began_at, ended_at from stay union all select place, pool, began_at, ended_at from isolation_stay) as lying where place = 'b' and pool = 'b/p' || :pool::int;
with put as (update pool set version = version + 1, body = body || jsonb_build_object('occupied', :people::int, 'staffed', 50), effective_at = now(), recorded_at = now(), recorded_by = 'bench' where id = 'b/p' || :pool::int and version = :version::int returning id, version, body, effective_at, recorded_at, recorded_by) insert into record_version (kind, id, version, body, effective_at, recorded_at, recorded_by) select 'pools', id, version, body, effective_at, recorded_at, recorded_by from put;
insert into account (book, name, may_owe, counted, balance, held) select book, name, may_owe, true, case name when 'outside' then -50 when 'free' then 50 - :people::int when 'unnamed' then :people::int else 0 end, held from account where book = 'b/p' || :pool::int on conflict (book, name) do update set balance = excluded.balance, counted = excluded.counted, held = excluded.held;
insert into movement (book, from_account, to_account, quantity, reason, subject, effective_at, recorded_at, recorded_by) values ('b/p' || :pool::int, 'free', 'unnamed', 1 + :people::int, 'count', 'bench', now(), now(), 'bench');
insert into journal (at, actor, action, kind, subject, request, details) values (now(), 'bench', 'beds.reported', 'pools', 'b/p' || :pool::int, 'bench', jsonb_build_object('staffed', 50, 'occupied', :people::int));
update idempotency_key set status = 200, headers = '{}', body = '{}' where actor = 'bench' and key = :key::text || :client_id::text;
commit;
`

/** Verb and table of a statement, which is what two ways of sending the same work have in common. */
const gist = (statement: string): string => {
  const words = statement.toLowerCase().replaceAll('"', '').trim()
  if (words.startsWith('with')) return `with ${words.match(/insert into ([a-z_]+)/)?.[1]}`
  const table = words.match(/(?:^insert into|^update|\bfrom) (?:only )?([a-z_]+)\b(?! \w+ effective)/)?.[1]
  const from = words.startsWith('select') ? words.match(/\bfrom ([a-z_]+) (?:where|as)/)?.[1] : table
  return [words.match(/^[a-z]+/)?.[0], from].filter((part) => part !== undefined).join(' ')
}

const scriptGists = SCRIPT.split('\n').filter((line) => /^[a-z]/.test(line)).map(gist)

/** Kinds of statements of one report through HTTP, and of the script; the service is filled on the way. */
export async function statementsOfReport(url: string, service: { readonly address: string }): Promise<{ sent: string[]; script: string[] }> {
  await filled(service.address)
  // The tap stands between the two only while one report is looked at.
  const tap = await statementsThrough(url)
  try {
    const looked = await startedProcess({ DATABASE_URL: tap.url }, url)
    tap.clear()
    await reported(looked.address, 1)
    await looked.end('SIGTERM')
    return { sent: tap.statements.filter((one) => /^(?:begin|insert|select|update|with|commit)/i.test(one.trim())).map(gist), script: scriptGists }
  } finally {
    await tap.close()
  }
}

/** One bed report through HTTP against pgbench sending the same statements to the same server, by one client and by ten. */
export async function reportRows(runs: number): Promise<Row[]> {
  const { url, drop } = await freshServerDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'sijizhong-bench-'))
  const file = join(folder, 'report.sql')
  writeFileSync(file, SCRIPT)
  const service = await startedProcess({ DATABASE_URL: url })
  try {
    const { sent, script } = await statementsOfReport(url, service)
    if (sent.join() !== script.join()) throw new Error(`the service sends ${sent.join(', ')}; pgbench ${script.join(', ')}`)
    const rows: Row[] = []
    for (const clients of [1, 10]) {
      const ours: number[] = []
      const peer: number[] = []
      for (let run = 0; run < runs; run += 1) {
        ours.push(await ourTime(service.address, clients))
        peer.push(pgbenchTime(url, file, clients))
      }
      rows.push(rowOf({
        name: `bedReport x${clients}`, ours, peer, peerName: 'pgbench',
        note: `${sent.length} statements a report; milliseconds a report, ${clients} at once; ours through HTTP, checked, with what is to be answered`,
      }))
    }
    return rows
  } finally {
    await service.end('SIGKILL')
    await drop()
    rmSync(folder, { recursive: true })
  }
}

async function filled(address: string): Promise<void> {
  const put = async (path: string, body: unknown) => {
    const { status, text } = await ask(address, path, { method: 'PUT', body })
    if (status !== 201) throw new Error(`${path}: ${status} ${text}`)
  }
  await put('/api/reporting-units/u', { name: { zh: 'b', en: 'b' }, gbt2260: null, longitude: null, latitude: null, ...PROVENANCE })
  await put('/api/places/b', {
    name: { zh: 'b', en: 'b' }, kind: 'districtDesignatedHospital', unit: 'u', underCommand: true, longitude: null, latitude: null,
    arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', ...PROVENANCE,
  })
  for (let pool = 1; pool <= POOLS; pool += 1) {
    await put(`/api/pools/${encodeURIComponent(poolId(pool))}`, { place: 'b', block: null, careLevel: 'ordinary', protected: 0, oxygenBeds: 'notTracked', ...PROVENANCE })
    await reported(address, pool)
  }
}

let people = 0

async function reported(address: string, pool: number): Promise<void> {
  people = (people + 7) % 41
  const { status, text } = await ask(address, `/api/pools/${encodeURIComponent(poolId(pool))}/report`, { method: 'PUT', body: { staffed: 50, occupied: people } })
  if (status !== 200) throw new Error(`${status} ${text}`)
}

async function ourTime(address: string, clients: number): Promise<number> {
  const start = performance.now()
  await Promise.all(Array.from({ length: clients }, async (_, client) => {
    for (let i = 0; i < REPORTS; i += 1) await reported(address, 1 + ((client * 5 + i) % POOLS))
  }))
  return (performance.now() - start) / (REPORTS * clients)
}

/** Milliseconds a transaction; with several clients, of the whole and not of each. */
function pgbenchTime(url: string, script: string, clients: number): number {
  const printed = execFileSync('pgbench', ['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-T', String(SECONDS), '-f', script, url], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const tps = Number(printed.match(/tps = ([\d.]+)/)?.[1])
  if (!(tps > 0)) throw new Error(printed)
  return 1000 / tps
}
