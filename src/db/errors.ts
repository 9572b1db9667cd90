import { BrokenInvariant } from '../kernel/invariant.js'
import { type Text, text } from '../kernel/text.js'

/** Why nothing was kept. */
export const UNAVAILABLE = {
  cannotConnect: text('无法连接数据库', 'the database cannot be reached'),
  connectionLost: text('与数据库的连接在保存之前中断', 'the connection was lost before anything was kept'),
  noFreeClient: text('数据库连接都在使用中', 'every connection to the database is in use'),
  longLine: text('等候办理的人太多', 'too many wait for their turn'),
  tooManyConnections: text('数据库服务器的连接已满', 'the database server has no connection left'),
  diskFull: text('数据库磁盘已满', 'the disk of the database is full'),
  shuttingDown: text('数据库正在关闭或启动', 'the database is shutting down or starting'),
  busy: text('数据库繁忙，多次重试仍未成功', 'the database is too busy: every try ran into others'),
  broken: text('内嵌数据库已失效，须重新启动服务', 'the embedded database has failed; the service has to be started again'),
  closed: text('数据库已关闭', 'the database is closed'),
} as const satisfies Record<string, Text>

export type UnavailableReason = keyof typeof UNAVAILABLE

/** Nothing was kept, and nothing is wrong with what was asked: try again later. */
export class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable'
  constructor(readonly reason: UnavailableReason, cause?: unknown, readonly says: Text = UNAVAILABLE[reason]) {
    super(says.en, { cause })
  }
}

/** The connection was lost after COMMIT was sent. Asking again with the same idempotency key tells what was kept. */
export class CommitUnknown extends Error {
  override name = 'CommitUnknown'
  readonly says = text(
    '连接在提交时中断，不知是否已保存；请用同一 Idempotency-Key 再试',
    'the connection was lost while committing; it is not known whether it was kept; try again with the same key'
  )
  constructor(cause?: unknown) {
    super('the connection was lost after COMMIT was sent', { cause })
  }
}

/** The store cannot be opened, written out or read in, for a reason that an operator can mend. */
export class StoreFault extends Error {
  override name = 'StoreFault'
  constructor(readonly says: Text) {
    super(says.en)
  }
}

/** COMMIT came back as ROLLBACK: `work` caught the error of a statement and went on. */
export const swallowed = (cause?: unknown): BrokenInvariant =>
  Object.assign(new BrokenInvariant('a transaction whose statement failed was committed all the same'), { cause })

const CAUSES_MAX = 8

/** The first member called one of `keys` that is a string, in the error or in what caused it. */
function inCauses(error: unknown, keys: readonly string[]): string | null {
  let at = error
  for (let depth = 0; depth < CAUSES_MAX && typeof at === 'object' && at !== null; depth += 1) {
    for (const key of keys) {
      const value: unknown = Reflect.get(at, key)
      if (typeof value === 'string' && value !== '') return value
    }
    at = Reflect.get(at, 'cause')
  }
  return null
}

/** The SQLSTATE of an error of either driver, five letters or digits; drizzle hides it in `cause`. */
export function sqlStateOf(error: unknown): string | null {
  const code = inCauses(error, ['code'])
  return code !== null && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code) ? code : null
}

/** The constraint that a statement broke; the drivers call it differently. */
export const constraintOf = (error: unknown): string | null => inCauses(error, ['constraint', 'constraint_name'])

/** The value that a broken foreign key names, where it is one; the server may say the rest in any language. */
export function valueNamed(error: unknown): string | null {
  if (sqlStateOf(error) !== '23503') return null
  const [, fields = '', value = null] = /\(([^()]*)\)=\((.+)\)/s.exec(inCauses(error, ['detail']) ?? '') ?? []
  return fields.includes(',') ? null : value
}

/** A statement was given up because it took too long. */
export const isTooSlow = (error: unknown): boolean => sqlStateOf(error) === '57014'

/** A row of this key was put down by somebody else meanwhile. */
export const isTaken = (error: unknown): boolean =>
  sqlStateOf(error) === '23505' && (constraintOf(error) ?? '').endsWith('_pkey')

/** A value that the database cannot hold (class 22), or more of them than it can (class 54): the asker's mistake. */
export const isBadValue = (error: unknown): boolean => /^(?:22|54)/.test(sqlStateOf(error) ?? '')

/** A deadlock, a failed serialization, a lock that did not come: the whole transaction may be run again. */
export const mayRunAgain = (error: unknown): boolean =>
  ['40001', '40P01', '55P03'].includes(sqlStateOf(error) ?? '')

const CONNECTION_CODES =
  /^(?:CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_)/

/** More values than a statement can bring: a mistake of the program's, and the connection is as it was. */
const hasTooManyValues = (error: unknown): boolean =>
  sqlStateOf(error) === '08P01' || inCauses(error, ['code']) === 'MAX_PARAMETERS_EXCEEDED'

/** The connection is gone, or was never there. */
export function isConnectionLoss(error: unknown): boolean {
  if (hasTooManyValues(error)) return false
  // 08: connection exceptions; 57P0x: the server ends; 25P03, 25P04, 57P05: it ended a session that was idle too long.
  const state = sqlStateOf(error)
  if (state !== null) return /^(?:08|57P0|25P03|25P04)/.test(state)
  return CONNECTION_CODES.test(inCauses(error, ['code']) ?? '')
}

/** The error as callers know it: what means that the store is away becomes DatabaseUnavailable, the rest stays. */
export function asUnavailable(error: unknown, lost: UnavailableReason): unknown {
  if (error instanceof DatabaseUnavailable) return error
  const state = sqlStateOf(error) ?? ''
  if (state === '53100') return new DatabaseUnavailable('diskFull', error)
  if (state === '53300') return new DatabaseUnavailable('tooManyConnections', error)
  // A statement that took too long.
  if (state === '57014') return new DatabaseUnavailable('busy', error)
  if (/^57P0[123]$/.test(state)) return new DatabaseUnavailable('shuttingDown', error)
  return isConnectionLoss(error) ? new DatabaseUnavailable(lost, error) : error
}
