import { machine } from '../../src/app/machine.js'
import { freshDataDir } from '../support/databases.js'
import { ask, startedProcess } from '../support/serving.js'

/** Starts the service as its first command does, waits for the day's plan, and stops it. */
const from = machine.stopwatch()
const { dataDir, remove } = freshDataDir()
const service = await startedProcess({ DATA_DIR: dataDir, SCENARIO: 'scenarios/chongqing-2020-01-29' })
try {
  const moves = await movesOf(service.address)
  const seconds = ((machine.stopwatch() - from) / 1000).toFixed(1)
  const code = await service.end('SIGTERM')
  if (code !== 0) throw new Error(`it ended with ${code}: ${service.printed()}`)
  process.stdout.write(`ready ${service.address}, ${moves} moves, ${seconds} s\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
} finally {
  await service.end('SIGKILL')
  remove()
}

async function movesOf(address: string): Promise<number> {
  for (;;) {
    const { items } = (await ask(address, '/api/plan-runs')).json as { items: { id: string; state: string }[] }
    const [run] = items
    if (run?.state === 'done') {
      return ((await ask(address, `/api/plan-runs/${run.id}/plan`)).json as { moves: unknown[] }).moves.length
    }
    if (run === undefined || (run.state !== 'queued' && run.state !== 'running')) throw new Error(`no plan: ${JSON.stringify(run)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
