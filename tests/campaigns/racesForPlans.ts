import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { scenarioZip } from '../../src/interop/scenarioOut.js'
import { ask, serving } from '../support/serving.js'
import { shipped } from './load.js'
import { differs, winners } from './racesJudge.js'
import { idOf, type Kind, planAsked, post } from './racesKind.js'
import { RACERS, type RaceWorld, storesOn } from './racesWorld.js'

interface RunOut {
  readonly id: string
  readonly state: string
  readonly planHash: string | null
}

const PATIENCE_MILLISECONDS = 30_000
const LOOK_MILLISECONDS = 15

/** Waits until nothing is queued or computed; throws when that does not come. */
export async function runsOver(world: RaceWorld): Promise<void> {
  for (let looks = 0; looks * LOOK_MILLISECONDS < PATIENCE_MILLISECONDS; looks += 1) {
    const [row] = await world.rows<{ open: number }>(sql`select count(*)::int as open from plan_run where state in ('queued', 'running')`)
    if (row?.open === 0) return
    await pause(LOOK_MILLISECONDS)
  }
  throw new Error(`plan runs are not over after ${PATIENCE_MILLISECONDS} ms`)
}

const endsOf = async (world: RaceWorld, id: string): Promise<string[]> => {
  const rows = await world.rows<{ kind: string }>(
    sql`select kind from plan_run_event where run = ${id} and kind in ('done', 'failed', 'cancelled') order by seq`)
  return rows.map(({ kind }) => kind)
}

const cancelled: Kind = {
  name: 'a plan run cancelled by many while workers claim it',
  race: async ({ world, chance }) => {
    const id = idOf(await world.must(planAsked(9)))
    await pause(chance.below(45))
    const answers = await world.together(Array.from({ length: RACERS }, () => post(`/api/plan-runs/${id}/cancel`)), { gate: chance.next() < 0.3 })
    const isCancelled = answers.some(({ status }) => status === 200)
    await runsOver(world)
    // A planner that did not hear of it would be through by now.
    await pause(40)
    const run = await world.read<RunOut>(`/api/plan-runs/${id}`)
    const plan = await world.ask({ path: `/api/plan-runs/${id}/plan` })
    return [
      ...winners(answers, { won: 200, wins: isCancelled ? 1 : 0, lost: ['runIsOver'] }),
      ...differs('state', run.state, isCancelled ? 'cancelled' : 'done'),
      ...differs('its plan', plan.status, isCancelled ? 409 : 200),
      ...differs('ends', await endsOf(world, id), [isCancelled ? 'cancelled' : 'done']),
    ]
  },
}

const RUNS = 20
/** Of one account five may wait. */
const OF_ONE = 5

const twoWorkers: Kind = {
  name: 'two workers for 20 queued runs',
  race: async ({ world, chance }) => {
    await runsOver(world)
    world.planner.asked.splice(0)
    const seconds = Array.from({ length: RUNS }, (_, i) => 101 + i)
    const asked = await world.together(chance.shuffled(seconds).map((each, i) => ({ ...planAsked(each), headers: { authorization: `Post asker-${Math.floor(i / OF_ONE)}` } })), { gate: chance.next() < 0.5 })
    await runsOver(world)
    const ids = asked.filter(({ status }) => status === 202).map(idOf)
    const rows = await world.rows<{ id: string; state: string; fence: number }>(sql`select id, state, fence from plan_run`)
    const ends = await Promise.all(ids.map((id) => endsOf(world, id)))
    return [
      ...winners(asked, { won: 202, wins: RUNS, lost: [] }),
      ...differs('computed', [...world.planner.asked].sort((a, b) => a - b), seconds),
      ...differs('states', [...new Set(rows.filter(({ id }) => ids.includes(id)).map(({ state, fence }) => `${state} ${fence}`))], ['done 1']),
      ...differs('ends', ends.filter((each) => each.join() !== 'done'), []),
    ]
  },
}

const IMPORTS = ['nothing-to-do', 'one-full-one-empty', 'step-down'] as const

const imports: Kind = {
  name: 'scenarios imported into one empty store at once',
  race: async ({ world: { database }, chance }) => {
    const { stores, eye, end } = await storesOn(database)
    const served = await Promise.all(stores.map((db) => serving(db)))
    try {
      const chosen = chance.shuffled([...IMPORTS, ...IMPORTS]).slice(0, 2 + chance.below(5))
      const answers = await Promise.all(chosen.map((name, i) => ask(served[i % served.length]?.address ?? '', '/api/scenario', {
        method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(shipped(name)) },
      })))
      const won = answers.find(({ status }) => status === 201)?.json as { name: string; cases: number } | undefined
      const read = async (path: string) => (await ask(served[0]?.address ?? '', path)).json
      const deeds = await read('/api/journal') as { items: { subject: string }[] }
      const cases = await read('/api/cases?limit=200') as { items: unknown[] }
      return [
        ...winners(answers, { won: 201, lost: ['storeNotEmpty'] }),
        ...differs('imported', deeds.items.map(({ subject }) => subject), [won?.name]), ...differs('cases', cases.items.length, won?.cases),
        ...differs('integrity', await read('/api/integrity'), { findings: [] }), ...differs('bugs', served.flatMap(({ bugs }) => bugs.map(String)), []),
      ]
    } finally {
      for (const one of served) await one.close()
      await eye?.end({ timeout: 1 })
      await end()
    }
  },
}

export const PLAN_RACES: readonly Kind[] = [cancelled, twoWorkers, imports]
