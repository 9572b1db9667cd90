#!/usr/bin/env node
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { aboutStore, announce } from './app/announce.js'
import { buildApp } from './app/app.js'
import { fillEmptyStore, isDemonstration, shiftTo } from './app/demonstration.js'
import { readEnv, type Settings } from './app/env.js'
import { addressFault, cannotServe, CONNECTIONS, endServing } from './app/listening.js'
import { logTo } from './app/log.js'
import { clockWith, machine } from './app/machine.js'
import { closingOnSignal, complain, guardAgainstDriver, openStore, VERSION } from './app/process.js'
import { firstInvitation } from './app/firstStart.js'
import { startAct } from './app/startAct.js'
import { keepUp } from './app/upkeep.js'
import { clockShift } from './db/clockShift.js'
import type { Database } from './db/database.js'
import { markOf, markStore } from './db/storeMark.js'
import { issuedAt } from './dispatch/issued.js'
import { readScenarioFolder } from './interop/scenarioFolder.js'
import { problemLine } from './interop/problemText.js'
import { isStamped, STAMP, stamped } from './kernel/drill.js'
import { type Text, text } from './kernel/text.js'
import { planFor } from './planning/run.js'
import type { Scenario } from './planning/scenario.js'
import { FROM_A_DRILL, isStoreEmpty } from './planning/snapshot.js'
import { RunLoop } from './planning/runLoop.js'
import { closeSolvers } from './planning/solve/thread.js'

const read = readEnv(process.env)
if (read.ok) await run(read.settings)
else {
  for (const sentence of read.sentences) complain(sentence)
  process.exitCode = 2
}

async function run(settings: Settings): Promise<void> {
  const log = logTo(settings.logLevel)
  guardAgainstDriver(log)
  const fault = await addressFault(settings)
  if (fault !== null) return refuse(fault)
  complain(text('正在准备数据库……', 'preparing the database …'))
  const db = await openStore(settings, log)
  if (db === null) return
  const scenario = await scenarioFor(db, settings)
  const isDrill = scenario === 'refused' ? null : await purposeOf(db, settings, scenario)
  if (scenario === 'refused' || isDrill === null) return db.close()
  if (isDrill) log.setBindings({ drill: STAMP })
  if (scenario !== null) await fillEmptyStore(db, scenario, machine.now, clockWith)
  const clock = clockWith(await clockShift(db))
  const isDemo = !settings.isProduction && await isDemonstration(db)
  const { app, answerUnread, signIn, close } = buildApp({
    db, clock, version: VERSION, stopwatch: machine.stopwatch, secrets: machine.secret, isDemonstration: isDemo, isDrill,
    origins: settings.origins, proxies: settings.proxies, isProduction: settings.isProduction,
    onRequest: (line) => log.info(line, 'request'),
    onBug: (error, requestId) => log.error({ err: error, requestId }, 'bug'),
  })
  const loop = settings.isPlanning
    ? new RunLoop({ db, clock, worker: machine.name(), issuedAt, planFor, onTrouble: (why) => log.error({ err: why }, 'planning') })
    : null
  loop?.start()
  const rest = keepUp(db, clock, (why) => log.warn({ err: why }, 'upkeep'))
  const word = isDemo ? null : await firstInvitation(db, clock, signIn)
  const isPlanning = loop !== null
  const about = [...await aboutStore(db, { isDrill, isDemonstration: isDemo, isPlanning, now: clock.now() }), ...welcome({ isDemo, isDrill, word })]
  const closing = new AbortController()
  let announcing: Promise<void> = Promise.resolve()
  const server = serve({ fetch: app.fetch, hostname: settings.host, port: settings.port, serverOptions: CONNECTIONS }, ({ port }) => {
    process.stdout.write(`${stamped('四集中 Sijizhong', isDrill)}  http://${settings.host}:${port}  ${db.kind}\n`)
    for (const said of about) say(said)
    announcing = announce(db, { isPlanning, say, closing: closing.signal, onTrouble: (why) => log.warn({ err: why }, 'announcing') })
  }) as Server
  server.on('clientError', answerUnread)
  server.on('error', (error) => {
    refuse(cannotServe(settings, error))
    void stop()
  })
  const stop = closingOnSignal(async () => {
    rest()
    closing.abort()
    await close()
    await loop?.stop()
    await endServing(server)
    await announcing
    await closeSolvers()
    await db.close()
  }, log)
}

function say({ zh, en }: Text): void {
  process.stdout.write(`${zh}\n${en}\n`)
}

function refuse(why: Text): void {
  complain(why)
  process.exitCode = 2
}

/** How whoever reads it gets in. */
function welcome({ isDemo, isDrill, word }: { isDemo: boolean; isDrill: boolean; word: string | null }): Text[] {
  if (isDemo) {
    const [zh, en] = isDrill ? ['演练用的演示', 'A demonstration for a drill'] : ['演示，不是演练', 'A demonstration, and no drill']
    return [text(
      `${zh}：任何人可用任何角色登录（/docs 页首，或 POST /api/demonstration/session），数据不作数`,
      `${en}: anybody signs in as any role (at the top of /docs, or POST /api/demonstration/session), and nothing counts`,
    )]
  }
  return word === null ? [] : [text(
    `没有系统管理员能登录。口令 ${word} 可接管账号 administrator：POST /api/invitation，一天内有效，只能用一次`,
    `No administrator can sign in. The word ${word} takes the account administrator: POST /api/invitation, once, within a day`,
  )]
}

/** What an empty embedded store is to be filled with, at its own date; null: nothing. Refused where the folder is not right. */
async function scenarioFor(db: Database, { scenario: folder }: Settings): Promise<Scenario | null | 'refused'> {
  // A store that holds something needs no folder, and starts without the one that it was once filled from.
  if (db.kind !== 'embedded' || folder === null || !await db.inSnapshot(isStoreEmpty)) return null
  const read = readScenarioFolder(folder)
  if (read.ok) return read.scenario
  for (const problem of read.problems) complain(text(problemLine(problem, 'zh'), problemLine(problem, 'en')))
  process.exitCode = 2
  return 'refused'
}

/** Whether the store is for a drill, which its first start decides; null: it cannot be what is asked for, and a sentence says why. */
async function purposeOf(db: Database, { isDrill: asked }: Settings, scenario: Scenario | null): Promise<boolean | null> {
  const isToBe = await db.inSnapshot(markOf) ?? asked ?? false
  if (scenario !== null && isStamped(scenario.name) && !isToBe) {
    refuse(FROM_A_DRILL)
    return null
  }
  const clock = clockWith(scenario === null ? await clockShift(db) : shiftTo(scenario, machine.now))
  const marked = await db.inTransaction((tx) => markStore(startAct(tx, clock), asked))
  if (marked.ok) return marked.isDrill
  refuse(marked.says)
  return null
}
