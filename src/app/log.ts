import { pino, type Logger } from 'pino'
import { constraintOf, sqlStateOf } from '../db/errors.js'

const CAUSES_MAX = 5
const FRAMES_MAX = 30

/** What a log may say of an error. */
interface LoggedError {
  readonly name: string
  /** Null where it may repeat what was to be written: the log holds nobody's case. */
  readonly message: string | null
  readonly sqlState?: string
  readonly constraint?: string
  readonly at: readonly string[]
  readonly cause?: LoggedError
}

/**
 * An error as it goes into the log: what it is and where, never the statement, its values, or a message that repeats
 * them. The drivers put all of these on their errors, a snapshot of every case among them.
 */
export function logged(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error, message: null, at: [] }
  const isOfStatement = isQuery(error)
  const [sqlState, constraint] = [sqlStateOf(error), constraintOf(error)]
  return {
    name: error.name,
    message: isOfStatement ? null : error.message,
    ...(sqlState === null ? {} : { sqlState }),
    ...(constraint === null ? {} : { constraint }),
    at: framesOf(error),
    ...(error.cause === undefined || depth >= CAUSES_MAX ? {} : { cause: logged(error.cause, depth + 1) }),
  }
}

/** Errors of a statement, by drizzle or by either driver: their messages may hold values. */
const isQuery = (error: Error): boolean =>
  'query' in error || 'params' in error || 'severity' in error || /^(?:DrizzleQueryError|PostgresError|DatabaseError|ZodError|\$ZodError)$/.test(error.name)

/** The stack without the message, which stands in front of it and may be of many lines. */
const framesOf = ({ stack = '', message }: Error): string[] =>
  stack.replace(message, () => '').split('\n').filter((line) => /^\s+at \S/.test(line)).map((line) => line.trim()).slice(0, FRAMES_MAX)

/** Structured lines on standard error, one a line; standard output is for people. */
export const logTo = (level: string, to: { write: (line: string) => void } = pino.destination({ fd: 2, sync: true })): Logger =>
  pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: (error: unknown) => logged(error) } }, to)
