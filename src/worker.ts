#!/usr/bin/env node
import { readEnv, type Settings } from './app/env.js'
import { logTo } from './app/log.js'
import { clockWith, machine } from './app/machine.js'
import { closingOnSignal, complain, guardAgainstDriver, openStore } from './app/process.js'
import { clockShift } from './db/clockShift.js'
import { issuedAt } from './dispatch/issued.js'
import { isDrillStore, markFault } from './db/storeMark.js'
import { STAMP, stamped } from './kernel/drill.js'
import { text } from './kernel/text.js'
import { planFor } from './planning/run.js'
import { RunLoop } from './planning/runLoop.js'
import { closeSolvers } from './planning/solve/thread.js'

const read = readEnv(process.env)
if (!read.ok) {
  for (const sentence of read.sentences) complain(sentence)
  process.exitCode = 2
} else if (read.settings.databaseUrl === null) {
  complain(text('计算进程需要 DATABASE_URL：内嵌数据库只供一个进程使用，由服务自己计算', 'a worker needs DATABASE_URL: the embedded database is for one process, and the service plans by itself'))
  process.exitCode = 2
} else await run(read.settings)

/** Computes plans for the services that share a PostgreSQL server. */
async function run(settings: Settings): Promise<void> {
  const log = logTo(settings.logLevel)
  guardAgainstDriver(log)
  const db = await openStore(settings, log)
  if (db === null) return
  const isDrill = await db.inSnapshot(isDrillStore)
  const fault = markFault(isDrill, settings.isDrill)
  if (fault !== null) {
    complain(fault)
    process.exitCode = 2
    return db.close()
  }
  if (isDrill) log.setBindings({ drill: STAMP })
  const clock = clockWith(await clockShift(db))
  const loop = new RunLoop({ db, clock, worker: machine.name(), issuedAt, planFor, onTrouble: (why) => log.error({ err: why }, 'planning') })
  loop.start()
  process.stdout.write(`${stamped('四集中 Sijizhong worker', isDrill)} ${machine.name()}\n`)
  // The loop's own timers end with it; this keeps the process while it waits to be told.
  const alive = setInterval(() => undefined, 60_000)
  closingOnSignal(async () => {
    clearInterval(alive)
    await loop.stop()
    await closeSolvers()
    await db.close()
  }, log)
}
