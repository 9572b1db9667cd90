/**
 * Whether an uncaught error is the known fault of the driver `postgres`: when a server dies, its timer writes to a
 * socket that is gone, where nobody can catch it. The client in question is thrown away by the pool all the same.
 */
export function isDriverTimerFault(error: unknown): boolean {
  if (!(error instanceof TypeError) || !/null \(reading 'write'\)/.test(error.message)) return false
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const [first = '', second = ''] = frames
  const inDriver = /[\\/]postgres[\\/](?:cjs[\\/])?src[\\/]connection\.js:\d+/
  return /\bnextWrite\b/.test(first) && inDriver.test(first) && /processImmediate|node:internal\/timers/.test(second)
}

/** For `uncaughtException`: the driver's fault is logged and lived with, everything else ends the process. */
export const driverGuard = (then: { log: (error: unknown) => void; end: (error: unknown) => void }) =>
  (error: unknown): void => (isDriverTimerFault(error) ? then.log(error) : then.end(error))
