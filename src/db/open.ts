import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { text } from '../kernel/text.js'
import { lockDataDirectory } from './dataLock.js'
import type { Database } from './database.js'
import { embeddedDatabase } from './embeddedDatabase.js'
import { StoreFault } from './errors.js'
import { DURABLE_START, installFsync, syncEverythingBelow } from './fsyncHook.js'
import { migrateEmbedded, migrateServer } from './migrations.js'
import { ofDataDirectory, ofServer, refuseStrangers } from './placeFaults.js'
import { postgresDatabase } from './postgresDatabase.js'
import type { Chance } from './retry.js'
import { INT8, wholeNumber } from './wholeNumber.js'

interface Common {
  /** A number in [0, 1) that spreads what is tried again. */
  readonly chance?: Chance
  /** Told of clients that were thrown away and of upkeep that failed, for the log. */
  readonly onLost?: (why: unknown) => void
  /** Where the migrations lie, when they are not the project's own. */
  readonly migrations?: string
}

export interface PostgresPlace extends Common {
  readonly kind: 'postgres'
  readonly url: string
  /** Connections at once; 10 unless told. */
  readonly clients?: number
}

export interface EmbeddedPlace extends Common {
  readonly kind: 'embedded'
  /** null: in memory, gone with the process. */
  readonly dataDir: string | null
  /** A dump of PGlite's to start from instead of an empty store. */
  readonly loadDataDir?: Blob
  /** Called after each fsync that reached the disk. */
  readonly synced?: () => void
}

export type Place = PostgresPlace | EmbeddedPlace

const CLIENTS = 10
/**
 * Buffers of the embedded database. PostgreSQL's own 128 MB are cleared one by one whenever it starts, and it starts
 * several times while a store is made: a new one took twice as long. What does not fit is in the machine's file cache.
 */
const SMALL = ['-c', 'shared_buffers=32MB']
/** What PGlite is inside. It cannot read a directory of another major version. */
const EMBEDDED_MAJOR = '18'

/**
 * Opens the store and migrates it. Throws DatabaseUnavailable, and StoreFault or DataDirectoryInUse for a data
 * directory that cannot be used.
 */
export async function openDatabase(place: Place): Promise<Database> {
  const { chance = () => 0.5, onLost = () => undefined } = place
  if (place.kind === 'embedded') return openEmbedded(place, { chance, onLost })
  await migrateServer(place.url, place.migrations).catch((error: unknown) => {
    throw ofServer(error, place.url)
  })
  return postgresDatabase({ url: place.url, clients: place.clients ?? CLIENTS, chance, onLost })
}

type Told = Required<Pick<Common, 'chance' | 'onLost'>>

async function openEmbedded(place: EmbeddedPlace, told: Told): Promise<Database> {
  if (place.dataDir === null) return started(place, {}, { ...told, closed: async () => undefined })
  const dataDir = resolve(place.dataDir)
  try {
    await refuseStrangers(dataDir)
    // PGlite makes its own folder, but not those above it.
    await mkdir(dirname(dataDir), { recursive: true })
    const closed = await lockDataDirectory(dataDir)
    try {
      await refuseOtherMajor(dataDir)
      return await started(place, { dataDir, startParams: DURABLE_START }, { ...told, closed })
    } catch (error) {
      await closed()
      throw error
    }
  } catch (error) {
    throw await ofDataDirectory(error, dataDir)
  }
}

async function started(
  { loadDataDir, migrations, synced }: EmbeddedPlace,
  where: { readonly dataDir?: string; readonly startParams?: string[] },
  told: Told & { readonly closed: () => Promise<void> }
): Promise<Database> {
  const { dataDir } = where
  const isNew = dataDir !== undefined && !existsSync(join(dataDir, 'PG_VERSION'))
  const pg = await PGlite.create({
    ...where, startParams: [...where.startParams ?? PGlite.defaultStartParams, ...SMALL], initDbStartParams: SMALL,
    ...(loadDataDir === undefined ? {} : { loadDataDir }), extensions: { btree_gist }, parsers: { [INT8]: wholeNumber },
  })
  try {
    if (dataDir !== undefined) installFsync(pg, synced ?? (() => undefined))
    await pg.query("set timezone = 'UTC'")
    await migrateEmbedded(pg, migrations)
    await pg.query('checkpoint')
    if (isNew) await syncEverythingBelow(dataDir)
    return embeddedDatabase(pg, told)
  } catch (error) {
    await pg.close()
    throw error
  }
}

async function refuseOtherMajor(dataDir: string): Promise<void> {
  const found = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => EMBEDDED_MAJOR)).trim()
  if (found === EMBEDDED_MAJOR) return
  throw new StoreFault(text(
    `数据目录 ${dataDir} 属于内嵌数据库第 ${found} 版，本程序使用第 ${EMBEDDED_MAJOR} 版；` +
    '请用原版本的程序 export 导出，再用本程序 import 导入到新的目录',
    `the data directory ${dataDir} is of version ${found} of the embedded database, this program uses ` +
    `${EMBEDDED_MAJOR}; run export with the program that wrote it, and import with this one into a new directory`
  ))
}
