import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { freshDataDir, freshServerDatabase } from '../support/databases.js'
import { type Process, startedProcess } from '../support/serving.js'
import { type Row, rowOf } from './benchRows.js'

/** Seconds at rest before memory is looked at. */
const REST_MILLISECONDS = 3000

const LINUX_ONLY = 'read from /proc, so on Linux only'

/** From the start of the process until it is ready, on a new and on a known store, and what it holds at rest. */
export async function startRows(runs: number): Promise<Row[]> {
  const cold: number[] = []
  const warm: number[] = []
  const server: number[] = []
  const embeddedRest: number[] = []
  const serverRest: number[] = []
  for (let run = 0; run < runs; run += 1) {
    const { dataDir, remove } = freshDataDir()
    cold.push((await started({ DATA_DIR: dataDir })).milliseconds)
    const again = await started({ DATA_DIR: dataDir }, embeddedRest)
    warm.push(again.milliseconds)
    remove()
    const { url, drop } = await freshServerDatabase()
    server.push((await started({ DATABASE_URL: url }, serverRest)).milliseconds)
    await drop()
  }
  return [
    rowOf({ name: 'startCold', ours: cold, note: 'embedded, a new data directory, migrated' }),
    rowOf({ name: 'startWarm', ours: warm, note: 'embedded, the same directory again' }),
    rowOf({ name: 'startPostgres', ours: server, note: 'PostgreSQL, a migrated database' }),
    rowOf({ name: 'restEmbedded', ours: embeddedRest, unit: 'MiB', note: `resident after ${REST_MILLISECONDS / 1000} s; ${LINUX_ONLY}` }),
    rowOf({ name: 'restPostgres', ours: serverRest, unit: 'MiB', note: `the service alone; ${LINUX_ONLY}` }),
  ]
}

async function started(env: Record<string, string>, rest: number[] | null = null): Promise<{ milliseconds: number }> {
  const from = performance.now()
  const service = await startedProcess(env)
  const milliseconds = performance.now() - from
  if (rest !== null) {
    await new Promise((resolve) => setTimeout(resolve, REST_MILLISECONDS))
    rest.push(residentOf(service))
  }
  await service.end('SIGTERM')
  return { milliseconds }
}

function residentOf({ child }: Process): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Number(status.match(/VmRSS:\s+(\d+)/)?.[1]) / 1024
}
