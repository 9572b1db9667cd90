import { refuse } from './refusal.js'
import { instantOf, momentOf } from './time.js'

/**
 * The moment that something happened: what is stated, never the future, or else now. Who waited for a lock began before
 * whoever held it: `last` is what has happened by then, and now is not earlier.
 */
export function whenOf(stated: string | null | undefined, now: Date, last: Date | null = null): Date {
  if (stated === null || stated === undefined) return last !== null && last > now ? last : now
  const at = momentOf(stated)
  if (at > now) throw refuse('wrongTime', `时间 ${stated} 还没到；现在是 ${instantOf(now)}`, `${stated} has not come yet; it is ${instantOf(now)} now`)
  return at
}
