import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { machine } from '../../src/app/machine.js'
import { freshDataDir, freshServerDatabase } from '../support/databases.js'
import { proxyTo } from '../support/proxy.js'
import { type Process, startedProcess } from '../support/serving.js'
import { stageSet } from './crashStage.js'
import type { Chance } from './racesChance.js'

/** Somebody who dies under load, again and again. */
export interface Victim {
  readonly address: () => string
  /** The service is not the one that dies: it answers throughout. */
  readonly livesOn: boolean
  /** Whether the load asks for plans, and issues orders, as well. */
  readonly hasPlans: boolean
  /** Kills it; returns the milliseconds until everything works again, and what was wrong with that. */
  readonly strike: (chance: Chance) => Promise<Struck>
  readonly close: () => Promise<void>
}

export interface Struck {
  readonly milliseconds: number
  readonly problems: readonly string[]
}

export const QUIET = { LOG_LEVEL: 'silent' }

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = machine.stopwatch()
  await work()
  return Math.round(machine.stopwatch() - from)
}

/** The service process dies by SIGKILL and is started again on the same store. `moment` ends when it is time to die. */
function restarted(
  first: Process, env: Readonly<Record<string, string>>, { moment, remove }: { moment: (chance: Chance) => Promise<unknown>; remove: () => unknown },
): Victim {
  let service = first
  return {
    address: () => service.address, livesOn: false, hasPlans: true,
    strike: async (chance) => {
      await moment(chance)
      const milliseconds = await timed(async () => {
        await service.end('SIGKILL')
        service = await startedProcess(env)
      })
      return { milliseconds, problems: [] }
    },
    close: async () => {
      await service.end('SIGKILL')
      await remove()
    },
  }
}

const COMMIT_MILLISECONDS = 3000

export async function serviceOnServer(): Promise<Victim> {
  const { url, drop } = await freshServerDatabase()
  await stageSet({ kind: 'postgres', url })
  const proxy = await proxyTo(url)
  const env = { ...QUIET, DATABASE_URL: proxy.url, PLAN_HERE: 'yes' }
  return restarted(await startedProcess(env), env, {
    // Half of the times between a COMMIT on its way to the server and the answer that nobody will give.
    moment: async (chance) => chance.next() < 0.5 || Promise.race([proxy.cutAfter('commit\0', 'read write'), pause(COMMIT_MILLISECONDS)]),
    remove: async () => {
      await proxy.close()
      await drop()
    },
  })
}

export async function serviceEmbedded(): Promise<Victim> {
  const { dataDir, remove } = freshDataDir()
  await stageSet({ kind: 'embedded', dataDir })
  // A store with a clock of its own is a demonstration otherwise.
  const env = { ...QUIET, DATA_DIR: dataDir, NODE_ENV: 'production', ALLOW_EMBEDDED: 'yes' }
  return restarted(await startedProcess(env), env, { moment: async () => undefined, remove })
}

const READY_MILLISECONDS = 30_000

/** Waits until the service, the same process as before, is ready after what it met at `from` of the stopwatch. */
export async function readyAgain({ child, address, printed }: Process, from: number): Promise<Struck> {
  const isReady = () => fetch(`${address}/readyz`).then(({ ok }) => ok).catch(() => false)
  while (machine.stopwatch() - from < READY_MILLISECONDS) {
    if (child.exitCode !== null || child.signalCode !== null) return { milliseconds: 0, problems: [`the service died: ${printed()}`] }
    if (await isReady()) return { milliseconds: Math.round(machine.stopwatch() - from), problems: [] }
    await pause(20)
  }
  return { milliseconds: READY_MILLISECONDS, problems: [`not ready in ${READY_MILLISECONDS} ms: ${printed()}`] }
}

/** Backends of the server under the service are ended one by one, then all at once; the service lives on. */
export async function backends(): Promise<Victim> {
  const { url, drop } = await freshServerDatabase()
  await stageSet({ kind: 'postgres', url })
  const service = await startedProcess({ ...QUIET, DATABASE_URL: url, PLAN_HERE: 'yes' })
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  const end = (count: number) => sql`
    select pg_terminate_backend(pid) from (
      select pid from pg_stat_activity where datname = current_database() and application_name = 'sijizhong' and pid <> pg_backend_pid()
      order by random() limit ${count}) chosen`
  return {
    address: () => service.address, livesOn: true, hasPlans: true,
    strike: async (chance) => {
      for (let singles = 3 + chance.below(8); singles > 0; singles -= 1) {
        await end(1)
        await pause(chance.below(40))
      }
      const from = machine.stopwatch()
      await end(100)
      return readyAgain(service, from)
    },
    close: async () => {
      await sql.end({ timeout: 1 })
      await service.end('SIGKILL')
      await drop()
    },
  }
}
