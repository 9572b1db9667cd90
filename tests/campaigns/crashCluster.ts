import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { accessSync, chownSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { machine } from '../../src/app/machine.js'
import { startedProcess } from '../support/serving.js'
import { stageSet } from './crashStage.js'
import { QUIET, readyAgain, type Victim } from './crashVictims.js'

const FOLDERS = [...(process.env['PATH'] ?? '').split(':'), ...[18, 17, 16, 15].map((major) => `/usr/lib/postgresql/${major}/bin`)]

/** Where `initdb` and `postgres` lie side by side; null: nowhere on this machine. */
function serverPrograms(): string | null {
  const isThere = (file: string) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  }
  return FOLDERS.find((folder) => isThere(join(folder, 'initdb')) && isThere(join(folder, 'postgres'))) ?? null
}

/** PostgreSQL refuses to run as root; there it runs as its own user. */
const isRoot = process.getuid?.() === 0
const asServer = (program: string, words: readonly string[]): [string, string[]] =>
  isRoot ? ['runuser', ['-u', 'postgres', '--', program, ...words]] : [program, [...words]]

const freePort = () => new Promise<number>((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })
})

/** A whole server of its own whose every process dies by SIGKILL; null where PostgreSQL's programs are not to be found. */
export async function wholeServer(): Promise<Victim | null> {
  const programs = serverPrograms()
  if (programs === null) return null
  const folder = mkdtempSync(join(tmpdir(), 'sijizhong-cluster-'))
  const data = join(folder, 'data')
  if (isRoot) chownSync(folder, Number(execFileSync('id', ['-u', 'postgres']).toString()), -1)
  execFileSync(...asServer(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync']), { cwd: folder, stdio: 'ignore' })
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const words = ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'shared_buffers=16MB']
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(...asServer(join(programs, 'postgres'), words), { cwd: folder, stdio: 'ignore' })
    for (let looks = 0; looks < 300; looks += 1) {
      const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined })
      const isUp = await sql`select 1`.then(() => true).catch(() => false)
      await sql.end({ timeout: 0 })
      if (isUp) return child
      await pause(50)
    }
    throw new Error('the server of its own did not start')
  }
  let server = await start()
  await stageSet({ kind: 'postgres', url })
  const service = await startedProcess({ ...QUIET, DATABASE_URL: url, PLAN_HERE: 'yes' })
  const kill = async () => {
    const [line = ''] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    const gone = new Promise((resolve) => server.once('close', resolve))
    // Its backends with it: orphans would go on writing, and keep a new server from starting.
    for (const pid of [Number(line), ...childrenOf(Number(line))]) endHard(pid)
    await gone
  }
  return {
    address: () => service.address, livesOn: true, hasPlans: true,
    strike: async (chance) => {
      const from = machine.stopwatch()
      await kill()
      await pause(chance.below(300))
      server = await start()
      return readyAgain(service, from)
    },
    close: async () => {
      await service.end('SIGKILL')
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function childrenOf(pid: number): number[] {
  const listed = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)]).toString()
  return listed.trim().split(/\s+/).map(Number)
}

function endHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It went with its parent.
  }
}
