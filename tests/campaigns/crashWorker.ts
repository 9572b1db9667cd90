import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { machine } from '../../src/app/machine.js'
import { scenarioZip } from '../../src/interop/scenarioOut.js'
import { freshServerDatabase } from '../support/databases.js'
import { ask, startedProcess, startedWorker } from '../support/serving.js'
import { idOf } from './crashLoad.js'
import { stageSet } from './crashStage.js'
import { QUIET, type Victim } from './crashVictims.js'
import { shipped } from './load.js'

const SCENARIO = 'chongqing-2020-01-29'
/** Longer than a lease and a plan after it, on a machine that has other things to do. */
const PATIENCE_MILLISECONDS = 90_000
const LOOK_MILLISECONDS = 20

interface RunRow {
  readonly state: string
  readonly fence: number
  readonly claimed_by: string | null
}

/** Two workers; the one that computes a plan dies in the middle of it, and the other has to take it over. */
export async function worker(): Promise<Victim> {
  const { url, drop } = await freshServerDatabase()
  await stageSet({ kind: 'postgres', url })
  const env = { ...QUIET, DATABASE_URL: url }
  const service = await startedProcess(env)
  const { asOf, ...scenario } = shipped(SCENARIO)
  const brought = await ask(service.address, '/api/scenario', {
    method: 'POST', bytes: { type: 'application/zip', content: scenarioZip({ asOf, ...scenario }) },
  })
  if (brought.status !== 201) throw new Error(brought.text)
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  const workers = await Promise.all([startedWorker(env), startedWorker(env)])
  const runOf = async (id: string): Promise<RunRow | undefined> =>
    (await sql<RunRow[]>`select state, fence, claimed_by from plan_run where id = ${id}`)[0]
  const until = async (id: string, isSo: (row: RunRow) => boolean): Promise<RunRow | null> => {
    const from = machine.stopwatch()
    while (machine.stopwatch() - from < PATIENCE_MILLISECONDS) {
      const row = await runOf(id)
      if (row !== undefined && isSo(row)) return row
      await pause(LOOK_MILLISECONDS)
    }
    return null
  }
  return {
    address: () => service.address, livesOn: true, hasPlans: false,
    strike: async (chance) => {
      const id = idOf(await ask(service.address, '/api/plan-runs', { method: 'POST', body: { asOf, seconds: 60 } }))
      const claimed = await until(id, ({ state }) => state !== 'queued')
      await pause(chance.below(600))
      const pid = Number(claimed?.claimed_by?.split('/').at(-1))
      const at = workers.findIndex(({ child }) => child.pid === pid)
      if (at < 0) return { milliseconds: 0, problems: [`the run is claimed by ${claimed?.claimed_by ?? 'nobody'}, which is no worker of ours`] }
      await workers[at]?.end('SIGKILL')
      const struckAt = await runOf(id)
      const from = machine.stopwatch()
      workers[at] = await startedWorker(env)
      const over = await until(id, ({ state }) => state !== 'queued' && state !== 'running')
      const milliseconds = Math.round(machine.stopwatch() - from)
      return { milliseconds, problems: await wrongWith(id, { over, struckAt }) }
    },
    close: async () => {
      await sql.end({ timeout: 1 })
      for (const each of workers) await each.end('SIGKILL')
      await service.end('SIGKILL')
      await drop()
    },
  }

  /** One result, of the run's second try where the first was struck while it computed. */
  async function wrongWith(id: string, { over, struckAt }: { over: RunRow | null; struckAt: RunRow | undefined }): Promise<string[]> {
    const ends = await sql<{ kind: string }[]>`select kind from plan_run_event where run = ${id} and kind in ('done', 'failed', 'cancelled')`
    const run = (await ask(service.address, `/api/plan-runs/${id}`)).json as { planHash: string | null }
    const plan = await ask(service.address, `/api/plan-runs/${id}/plan`)
    const hash = createHash('sha256').update(plan.text).digest('hex')
    const fence = struckAt?.state === 'running' ? 2 : 1
    const rows: [string, unknown, unknown][] = [
      ['state', over?.state, 'done'], ['tries', over?.fence, fence], ['ends', ends.map(({ kind }) => kind).join(), 'done'],
      ['plan', plan.status, 200], ['hash', run.planHash, hash],
    ]
    return rows.filter(([, found, wanted]) => found !== wanted)
      .map(([what, found, wanted]) => `plan run ${id}: ${what} ${String(found)}, not ${String(wanted)}`)
  }
}
