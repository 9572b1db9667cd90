import { pino, type Logger } from 'pino'

/** Structured lines on standard error, one a line; standard output is for people. */
export const logTo = (level: string): Logger => pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }))
