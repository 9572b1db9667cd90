import { readdir, stat, statfs } from 'node:fs/promises'
import { type Text, text } from '../kernel/text.js'
import { DatabaseUnavailable, sqlStateOf, StoreFault } from './errors.js'

/** What lies in a data directory of PostgreSQL's, from its first moment on. */
const ITS_OWN = /^(?:base|global|pg_[\w.]+|PG_VERSION|postgresql(?:\.auto)?\.conf|postmaster\.\w+|lost\+found)$/
const NAMES_SHOWN = 3

/** Throws StoreFault for a data directory that holds something else: nobody's files get a database among them. */
export async function refuseStrangers(dataDir: string): Promise<void> {
  const found = await stat(dataDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found === null) return
  if (!found.isDirectory()) throw new StoreFault(text(`DATA_DIR ${dataDir} 是文件，不是目录；请换一个`, `DATA_DIR ${dataDir} is a file, not a directory; name another`))
  const names = await readdir(dataDir)
  const strangers = names.includes('PG_VERSION') ? [] : names.filter((name) => !ITS_OWN.test(name))
  if (strangers.length === 0) return
  const some = strangers.slice(0, NAMES_SHOWN).join(', ')
  throw new StoreFault(text(
    `数据目录 ${dataDir} 里已有别的文件（${some}）；请用 DATA_DIR 指定一个新的或空的目录`,
    `the data directory ${dataDir} holds other files (${some}); name a new or an empty one by DATA_DIR`))
}

const SYSTEM_FAULTS: Readonly<Record<string, Text>> = {
  EACCES: text('没有权限', 'there is no permission'),
  EPERM: text('没有权限', 'there is no permission'),
  EROFS: text('磁盘只读', 'the disk is read-only'),
  ENOSPC: text('磁盘已满', 'the disk is full'),
  ENOENT: text('上级目录不存在', 'the directory above it does not exist'),
  ENOTDIR: text('路径中有一段是文件', 'a part of its path is a file'),
  EEXIST: text('路径中有一段是文件', 'a part of its path is a file'),
}

/** What the machine inside says when it does not come up, and no more. */
const NOT_UP = /^(?:PGlite failed to initialize|Aborted\()/
/** With less room than a start writes, it is the disk. */
const BYTES_TO_START = 64 * 1024 * 1024
const NOT_STARTED = text('其中的数据库起不来', 'the database in it does not start')

/** An error of the file system, or of a database that does not come up, as a sentence about the data directory; any other stays. */
export async function ofDataDirectory(error: unknown, dataDir: string): Promise<unknown> {
  if (!(error instanceof Error) || error instanceof StoreFault) return error
  const isDown = NOT_UP.test(error.message)
  if (!isDown && !('syscall' in error)) return error
  const code = isDown ? await hasRoom(dataDir) ? '' : 'ENOSPC' : 'code' in error ? String(error.code) : ''
  const why = isDown && code === '' ? NOT_STARTED : SYSTEM_FAULTS[code] ?? text(code, code)
  return new StoreFault(text(
    `数据目录 ${dataDir} 不能用：${why.zh}；请改正，或用 DATA_DIR 另指定一个`,
    `the data directory ${dataDir} cannot be used: ${why.en}; mend that, or name another by DATA_DIR`))
}

async function hasRoom(dataDir: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(dataDir)
  return bavail * bsize >= BYTES_TO_START
}

/** Host, port and database of an address, never its password. */
function placeOf(url: string): string {
  try {
    const { hostname, port, pathname, username } = new URL(url)
    return `${username === '' ? '' : `${decodeURIComponent(username)}@`}${hostname}:${port === '' ? '5432' : port}${pathname}`
  } catch {
    return 'DATABASE_URL'
  }
}

/** What a server answers to somebody whom it does not let in, and what to do about it. */
function refusedBy(error: unknown): Text | null {
  const state = sqlStateOf(error) ?? ''
  if (state === '3D000') return text('没有这个数据库；请先建（createdb），或改 DATABASE_URL', 'there is no such database; make it first (createdb), or change DATABASE_URL')
  if (state === '28P01') return text('密码不对；请改 DATABASE_URL 或 PGPASSWORD', 'the password is not right; change DATABASE_URL or PGPASSWORD')
  if (state.startsWith('28')) return text('服务器不让此用户登录；请查 DATABASE_URL 与服务器的 pg_hba.conf', 'the server does not let this user in; look at DATABASE_URL and at pg_hba.conf there')
  if (state === '42501') return text('此用户无权建表；请授予其对数据库的权限', 'this user may not make tables; grant them the database')
  return null
}

/** Why a server cannot be used, as a sentence that names it; any other error stays. */
export function ofServer(error: unknown, url: string): unknown {
  const place = placeOf(url)
  const why = refusedBy(error)
  if (why !== null) return new StoreFault(text(`数据库 ${place}：${why.zh}`, `the database ${place}: ${why.en}`))
  if (!(error instanceof DatabaseUnavailable) || !['cannotConnect', 'connectionLost'].includes(error.reason)) return error
  return new DatabaseUnavailable('cannotConnect', error, text(
    `连不上数据库 ${place}；请查服务器是否在运行，以及 DATABASE_URL`,
    `the database ${place} cannot be reached; see whether the server runs, and look at DATABASE_URL`))
}
