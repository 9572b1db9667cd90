import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { performance } from 'node:perf_hooks'
import type { Clock } from '../kernel/clock.js'

/** What the service takes from the machine it runs on: time, chance and its name. */
export const machine = {
  now: (): Date => new Date(),
  chance: (): number => Math.random(),
  stopwatch: (): number => performance.now(),
  name: (): string => `${hostname()}/${process.pid}`,
  newId: uuid7(),
  secret: (): string => randomBytes(32).toString('base64url'),
}

/** UUID version 7 (RFC 9562): milliseconds, a counter within the millisecond, and chance. Each sorts behind the one before. */
function uuid7(): () => string {
  let last = 0
  let counter = 0
  return () => {
    const now = Date.now()
    counter = now > last ? 0 : counter + 1
    // The counter has twelve bits; when they are used up the next millisecond begins early.
    last = now > last ? now : counter > 0xfff ? last + 1 : last
    if (counter > 0xfff) counter = 0
    const chance = randomBytes(8)
    chance[0] = ((chance[0] ?? 0) & 0x3f) | 0x80
    const hex = last.toString(16).padStart(12, '0') + (0x7000 | counter).toString(16) + chance.toString('hex')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }
}

/** The machine's clock, shifted: a demonstration runs at its scenario's date. */
export const clockWith = (shiftMilliseconds: number): Clock => ({
  now: () => new Date(machine.now().getTime() + shiftMilliseconds),
  newId: machine.newId,
})
