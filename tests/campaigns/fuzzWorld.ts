import { clockWith, machine } from '../../src/app/machine.js'
import type { Database, Tx } from '../../src/db/database.js'
import { type CommitUnknown, DatabaseUnavailable } from '../../src/db/errors.js'
import { issuedAt } from '../../src/dispatch/issued.js'
import { scenarioZip } from '../../src/interop/scenarioOut.js'
import { invariant } from '../../src/kernel/invariant.js'
import { momentOf } from '../../src/kernel/time.js'
import { RunLoop } from '../../src/planning/runLoop.js'
import { planFor } from '../../src/planning/run.js'
import { type DatabaseName, freshDatabase } from '../support/databases.js'
import { ask, type Served, serving } from '../support/serving.js'
import { demonstrationAccounts } from '../../src/access/accounts.js'
import { FUZZ_ACCOUNT, FUZZ_PASSWORD, FUZZ_ROOM } from './fuzzDraft.js'
import { GOODS_TO_RECEIVE, goodsToPut } from './fuzzGoods.js'
import { story } from './given.js'

/** A database that can be cut: while it is, every transaction ends with the error that is set. */
export class CutDatabase implements Database {
  readonly kind: Database['kind']
  readonly triedAgain: Database['triedAgain']
  cut: DatabaseUnavailable | CommitUnknown | null = null

  constructor(private readonly whole: Database) {
    this.kind = whole.kind
    this.triedAgain = whole.triedAgain
  }

  inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.cut === null ? this.whole.inTransaction(work) : Promise.reject(this.cut)
  }

  inSnapshot<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    // Nothing is committed by who reads.
    const cut = this.cut instanceof DatabaseUnavailable || this.cut === null ? this.cut : new DatabaseUnavailable('connectionLost')
    return cut === null ? this.whole.inSnapshot(work) : Promise.reject(cut)
  }

  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>> {
    return this.whole.listen(channel, heard)
  }

  close(): Promise<void> {
    return this.whole.close()
  }
}

export interface FuzzWorld {
  readonly db: CutDatabase
  /** The database behind, which is never cut. */
  readonly whole: Database
  readonly served: Served
  readonly end: () => Promise<void>
}

const HOURS_LATER = 9
const PLAN_MILLISECONDS = 2000
const LOOK_MILLISECONDS = 50
const LOOKS_MAX = 2400

/** The real service with the real scenario, and one run of each end. */
export async function fuzzWorld(name: DatabaseName): Promise<FuzzWorld> {
  const { database, end } = await freshDatabase(name)
  const db = new CutDatabase(database)
  const scenario = story('chongqing-2020-01-29')
  // At the scenario's own date, where there is a policy to plan by.
  const clock = clockWith(momentOf(scenario.asOf).getTime() + HOURS_LATER * 3_600_000 - machine.now().getTime())
  const served = await serving(db, { clock, isDemonstration: true })
  const loop = new RunLoop({
    // Never cut: what it would tell of a database that is away is no bug.
    db: database, clock, worker: 'fuzz', issuedAt, onTrouble: (why) => served.bugs.push(why),
    // Quick ones: the plans that are drawn here take turns with whatever else is tried.
    planFor: (drawn, options) => planFor(drawn, { ...options, milliseconds: PLAN_MILLISECONDS, secondOpinion: false, waysOut: false }),
  })
  loop.start()
  const post = async (status: number, path: string, body?: unknown): Promise<unknown> => {
    const said = await ask(served.address, path, { method: 'POST', body })
    invariant(said.status === status, `${status} is answered, not ${said.status}: ${said.text}`)
    return said.json
  }
  const bytes = { type: 'application/zip', content: scenarioZip(scenario) }
  const imported = await ask(served.address, '/api/scenario', { method: 'POST', bytes })
  invariant(imported.status === 201, `the scenario is imported: ${imported.text}`)
  const title = { zh: '测试', en: 'tests' }
  const accounts = { ...demonstrationAccounts({ hospital: 'phc', site: null }), [FUZZ_ACCOUNT]: { title, grants: [], disabled: false } }
  for (const [account, body] of Object.entries(accounts)) {
    const put = await ask(served.address, `/api/accounts/${account}`, { method: 'PUT', body })
    invariant(put.status === 201, `the account is made: ${put.text}`)
  }
  const { word } = await post(200, `/api/accounts/${FUZZ_ACCOUNT}/invitation`) as { word: string }
  await post(200, '/api/invitation', { word, password: FUZZ_PASSWORD })
  const source = 'made up for the fuzzer'
  const { place, pool } = FUZZ_ROOM
  for (const [path, body] of [
    [`places/${place}`, {
      name: { zh: '隔离点', en: 'The site' }, kind: 'isolationSite', unit: '武隆区', underCommand: true, longitude: null, latitude: null,
      arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source,
    }],
    [`pools/${encodeURIComponent(pool)}`, { place, block: null, careLevel: 'room', attributes: [], protected: 0, oxygenBeds: 'notTracked', source }],
    [`pools/${encodeURIComponent(pool)}/report`, { physical: 900, staffed: 700, occupied: 0, held: 0 }],
    ...goodsToPut(place),
  ] as const) {
    const put = await ask(served.address, `/api/${path}`, { method: 'PUT', body })
    invariant(put.status < 300, `${path} is put down: ${put.text}`)
  }
  for (const receipt of GOODS_TO_RECEIVE) await post(201, '/api/stock-notes/receipts', receipt)
  await post(202, '/api/plan-runs', { asOf: scenario.asOf, planDay: scenario.planDay })
  await post(202, '/api/plan-runs', { asOf: '2020-01-20T00:00:00+08:00', planDay: scenario.planDay })
  const { id } = await post(202, '/api/plan-runs', {}) as { id: string }
  await post(200, `/api/plan-runs/${id}/cancel`)
  await settled(served.address)
  return {
    db, whole: database, served,
    end: async () => {
      db.cut = null
      await loop.stop()
      await served.close()
      await end()
    },
  }
}

/** Waits until no run is under way. */
async function settled(address: string): Promise<void> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const { json } = await ask(address, '/api/plan-runs')
    const states = (json as { items: { state: string }[] }).items.map(({ state }) => state)
    if (!states.includes('queued') && !states.includes('running')) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS))
  }
  throw new Error('the runs did not come to their end')
}
