import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Database } from '../db/database.js'
import { driverGuard } from '../db/driverGuard.js'
import { durabilityFaults } from '../db/durability.js'
import { DatabaseUnavailable, StoreFault } from '../db/errors.js'
import { MIGRATIONS } from '../db/migrations.js'
import { openDatabase } from '../db/open.js'
import { type Text, text } from '../kernel/text.js'
import type { Settings } from './env.js'
import { machine } from './machine.js'

const manifest = z.object({ version: z.string() })
export const VERSION = manifest.parse(JSON.parse(readFileSync(join(dirname(MIGRATIONS), 'package.json'), 'utf8'))).version

/** A sentence for whoever started the process. */
export const complain = ({ zh, en }: Text): void => void process.stderr.write(`${zh}\n${en}\n`)

/** The driver's own timer error is logged; every other uncaught error ends the process. */
export function guardAgainstDriver(log: Logger): void {
  process.on('uncaughtException', driverGuard({
    log: (error) => log.warn({ err: error }, 'the database driver lost a connection'),
    end: (error) => {
      log.fatal({ err: error }, 'uncaught')
      process.exit(1)
    },
  }))
}

/** The store that the settings name, open and migrated; null, with a sentence said, when it cannot be used. */
export async function openStore(settings: Settings, log: Logger): Promise<Database | null> {
  const common = { chance: machine.chance, onLost: (why: unknown) => log.warn({ err: why }, 'database') }
  const { databaseUrl: url, databaseClients: clients, dataDir } = settings
  try {
    const db = await openDatabase(url === null ? { kind: 'embedded', dataDir, ...common } : { kind: 'postgres', url, clients, ...common })
    const faults = settings.isProduction ? await durabilityFaults(db) : []
    if (faults.length === 0) return db
    for (const fault of faults) complain(fault)
    await db.close()
  } catch (error) {
    if (error instanceof StoreFault || error instanceof DatabaseUnavailable) complain(error.says)
    else throw error
  }
  process.exitCode = 2
  return null
}

/** Ends in order on SIGTERM and SIGINT, once; what does not end in time is ended. Returns the same for other reasons. */
export function closingOnSignal(close: () => Promise<void>, log: Logger): () => Promise<void> {
  let closing: Promise<void> | null = null
  const stop = (): Promise<void> => {
    closing ??= close().catch((error: unknown) => {
      log.error({ err: error }, 'closing')
      process.exitCode = 1
    })
    return closing
  }
  const onSignal = () => {
    const late = setTimeout(() => {
      complain(text('未能按时关闭，强行结束', 'it did not close in time and is ended'))
      process.exit(1)
    }, CLOSE_MILLISECONDS)
    late.unref()
    void stop().then(() => process.stdout.write('已停止\nstopped\n'))
  }
  process.once('SIGTERM', onSignal)
  process.once('SIGINT', onSignal)
  return stop
}

const CLOSE_MILLISECONDS = 10_000
