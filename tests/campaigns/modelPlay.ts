import { sql } from 'drizzle-orm'
import type { Database } from '../../src/db/database.js'
import { openDatabase } from '../../src/db/open.js'
import { rowsOf } from '../../src/db/rows.js'
import { machine } from '../../src/app/machine.js'
import type { Clock } from '../../src/kernel/clock.js'
import { scenarioZip } from '../../src/interop/scenarioOut.js'
import { type DatabaseName, freshDatabase, freshServerDatabase, looked } from '../support/databases.js'
import { serving } from '../support/serving.js'
import { shipped } from './load.js'
import { again, Draw, drawCommand, envelope, HOUR } from './modelDraw.js'
import { asked } from './modelAsk.js'
import { compared, differences, looksAt, seen } from './modelReads.js'
import type { Command, Fields, Sent } from './modelWords.js'
import { World } from './modelWorld.js'

const ZIP = scenarioZip(shipped('nothing-to-do'))
const FIRST_MOMENT = Date.parse('2020-01-28T08:30:00.250+08:00')
export const STEPS_OF_SEQUENCE = 100
const STEPS_BETWEEN_LOOKS = 20

/** How often each command, refusal and situation was met. */
export class Tally {
  readonly met = new Map<string, number>()
  readonly add = (what: string): void => {
    this.met.set(what, (this.met.get(what) ?? 0) + 1)
  }
}

/** A clock that the campaign sets. */
class SetClock implements Clock {
  at = FIRST_MOMENT
  readonly now = (): Date => new Date(this.at)
  readonly newId = machine.newId
}

/** The service over one store that is emptied before every sequence. */
export interface Stage {
  readonly address: string
  readonly clock: SetClock
  readonly bugs: unknown[]
  readonly database: Database
  readonly empty: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Stages for a campaign. A server answers one while it works for the other; the embedded store is in this very thread. */
export const newStages = (name: DatabaseName): Promise<Stage[]> =>
  Promise.all((name === 'postgres' ? [1, 2] : [1]).map(() => newStage(name)))

/** A stage on a store of its own. Nothing here crashes, so a server need not wait for its disk at every commit. */
export async function newStage(name: DatabaseName): Promise<Stage> {
  if (name === 'embedded') {
    const { database, end } = await freshDatabase(name)
    return stageOn(database, end)
  }
  const { url, drop } = await freshServerDatabase()
  await looked(url, (server) => server.unsafe(`alter database "${new URL(url).pathname.slice(1)}" set synchronous_commit = off`))
  const database = await openDatabase({ kind: 'postgres', url })
  return stageOn(database, async () => {
    await database.close()
    await drop()
  })
}

async function stageOn(database: Database, end: () => Promise<void>): Promise<Stage> {
  const clock = new SetClock()
  const served = await serving(database, { clock })
  const tables = await database.inSnapshot((tx) => rowsOf<{ name: string }>(tx,
    sql`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public' order by 1`))
  // History guards itself against this; a campaign that begins anew is the one who may.
  const empty = (): Promise<void> => database.inTransaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`)
    for (const { name } of tables) await tx.execute(sql.raw(`delete from ${name}`))
  })
  const close = async (): Promise<void> => {
    await served.close()
    await end()
  }
  return { address: served.address, bugs: served.bugs, clock, database, empty, close }
}

/** What a sequence of commands is drawn from. `steps`: those of it that are played; all of them unless it is being shrunk. */
export interface Sequence {
  readonly seed: number
  readonly number: number
  readonly steps: readonly number[]
  /** Done to the store behind the service's back after each step, to see whether it is noticed. */
  readonly meddle?: (step: number) => Promise<void>
}

export interface Trouble {
  readonly step: number
  readonly found: readonly string[]
  /** Every request up to the trouble, as a line. */
  readonly requests: readonly string[]
}

export interface Played {
  readonly steps: number
  readonly trouble: Trouble | null
}

/** Plays one sequence beside the model, up to the first difference. */
export async function play(stage: Stage, { seed, number, steps, meddle }: Sequence, tally: Tally): Promise<Played> {
  await stage.empty()
  stage.clock.at = FIRST_MOMENT
  const world = new World(FIRST_MOMENT, tally.add)
  const requests: string[] = []
  const sent: Sent[] = []
  const trouble = (step: number, found: readonly string[]): Trouble => ({ step, found: [...found, ...stage.bugs.splice(0).map(String)], requests })
  for (const [count, step] of steps.entries()) {
    const draw = new Draw(seed, number, step)
    if (draw.chance(35)) {
      tally.add('command: clock forward')
      const by = draw.below(draw.of([1000, HOUR, 3 * HOUR]))
      stage.clock.at += by
      world.now += by
      requests.push(`clock ${new Date(world.now).toISOString()}`)
    }
    const { how, request } = sent.length > 2 && draw.chance(12) ? again(draw, sent)
      : { how: null, request: envelope(draw, world, drawCommand(draw, world, step), `model-${number}-${step}`) }
    sent.push(request)
    const found = await sentAndCompared(stage.address, world, { request, how, language: draw.of(['en', 'zh']) }, { tally, requests })
    await meddle?.(step)
    if (found.length > 0 || stage.bugs.length > 0) return { steps: count + 1, trouble: trouble(step, found) }
    if ((count + 1) % STEPS_BETWEEN_LOOKS !== 0 && count + 1 !== steps.length) continue
    const looks = looksAt(new Draw(seed, number, step, 1), world, FIRST_MOMENT, tally.add)
    const wrong = (await Promise.all(looks.map((look) => seen(stage.address, look, tally.add)))).flat()
    if (wrong.length > 0 || stage.bugs.length > 0) return { steps: count + 1, trouble: trouble(step, wrong) }
  }
  return { steps: steps.length, trouble: null }
}

interface Told { readonly tally: Tally; readonly requests: string[] }

async function sentAndCompared(
  address: string, world: World, { request, how, language }: { request: Sent; how: string | null; language: string }, { tally, requests }: Told,
): Promise<string[]> {
  const { command, post, key, ifMatch } = request
  const { method, path } = addressOf(command)
  const content = 'body' in command ? JSON.stringify(command.body) : command.op === 'import' ? ZIP : null
  const type: Record<string, string> = content === null ? {} : { 'content-type': command.op === 'import' ? 'application/zip' : 'application/json' }
  const said = await asked(address, path, {
    method, content, headers: {
      'accept-language': language, authorization: `Post ${post}`, 'idempotency-key': key ?? '', ...(ifMatch === null ? {} : { 'if-match': ifMatch }), ...type,
    },
  })
  const givenId = (said.json as Fields | null)?.['id']
  const predicted = world.act(request, typeof givenId === 'string' ? givenId : 'none')
  const { status, code, kept } = predicted
  const name = command.op === 'put' ? `put ${command.kind}` : command.op
  requests.push(`${method} ${path}  post ${post}, key ${key ?? 'none'}${ifMatch === null ? '' : `, If-Match ${ifMatch}`}` +
    `${'body' in command ? ` ${JSON.stringify(command.body)}` : ''} -> ${said.status} ${String((said.json as Fields | null)?.['code'] ?? '')}`)
  tally.add(`command: ${how ?? name}`)
  if (how === null) tally.add(`answer: ${name} ${status}`)
  if (code !== null) tally.add(`refusal: ${code}`)
  if (code === 'changedMeanwhile') tally.add('stale If-Match')
  if (code === 'versionMissing') tally.add('missing If-Match')
  const version = code === null ? `"${String(predicted.body?.['version'])}"` : null
  const found = [
    ...compared(said, { status, says: code ?? predicted.body }), ...differences('ETag', said.header('etag'), version),
    ...differences('idempotency-replayed', said.header('idempotency-replayed'), predicted.again ? 'true' : null),
    ...(predicted.again ? differences('bytes', said.text, kept?.bytes) : []),
  ]
  if (kept !== null && !predicted.again) kept.bytes = said.text
  return found
}

function addressOf(command: Command): { method: string; path: string } {
  switch (command.op) {
    case 'put': return { method: 'PUT', path: `/api/${command.kind}/${encodeURIComponent(command.id)}` }
    case 'report': return { method: 'PUT', path: `/api/pools/${encodeURIComponent(command.id)}/report` }
    case 'admit': return { method: 'POST', path: '/api/stays' }
    case 'move': case 'end': return { method: 'POST', path: `/api/stays/${command.id}/${command.op}` }
    case 'ask': return { method: 'POST', path: '/api/plan-runs' }
    case 'cancel': return { method: 'POST', path: `/api/plan-runs/${command.id}/cancel` }
    case 'import': return { method: 'POST', path: '/api/scenario' }
  }
}
