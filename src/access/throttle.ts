import { refuse } from '../kernel/refusal.js'

const MINUTE_MILLISECONDS = 60_000
const BUCKETS_MAX = 20_000

/** So many tries a minute for each name; the rest is refused before anything is hashed. */
export class Throttle {
  private readonly buckets = new Map<string, { left: number; at: number }>()

  constructor(private readonly perMinute: number) {}

  /** Takes one try. Refuses: tooManyTries. */
  take(name: string, at: number): void {
    takeEach([[this, name]], at)
  }

  /** Whether there is a try to take. */
  has(name: string, at: number): boolean {
    return this.left(name, at) >= 1
  }

  /** Uses up one that there is. */
  use(name: string, at: number): void {
    this.keep(name, { left: this.left(name, at) - 1, at })
  }

  /** Whoever is refused goes on being known. */
  remember(name: string): void {
    const bucket = this.buckets.get(name)
    if (bucket !== undefined) this.keep(name, bucket)
  }

  /** Who gets in has guessed nothing. */
  clear(name: string): void {
    this.buckets.delete(name)
  }

  private left(name: string, at: number): number {
    const bucket = this.buckets.get(name)
    return bucket === undefined ? this.perMinute : Math.min(this.perMinute, bucket.left + (Math.max(0, at - bucket.at) * this.perMinute) / MINUTE_MILLISECONDS)
  }

  private keep(name: string, bucket: { left: number; at: number }): void {
    this.buckets.delete(name)
    this.buckets.set(name, bucket)
    const [oldest] = this.buckets.keys()
    if (this.buckets.size > BUCKETS_MAX && oldest !== undefined) this.buckets.delete(oldest)
  }
}

/**
 * Takes one try of each, or of none where one of them has none left: what is refused uses nothing up, or whoever goes on
 * trying would keep out for good whoever shares a name with them. Refuses: tooManyTries.
 */
export function takeEach(tries: readonly (readonly [of: Throttle, name: string])[], at: number): void {
  const isAdmitted = tries.every(([of, name]) => of.has(name, at))
  for (const [of, name] of tries) {
    if (isAdmitted) of.use(name, at)
    else of.remember(name)
  }
  if (!isAdmitted) throw refuse('tooManyTries', '尝试过于频繁，请一分钟后再试', 'too many tries; try again in a minute')
}
