import { refuse } from '../kernel/refusal.js'

const MINUTE_MILLISECONDS = 60_000
const BUCKETS_MAX = 20_000

/** So many tries a minute for each name; the rest is refused before anything is hashed. */
export class Throttle {
  private readonly buckets = new Map<string, { left: number; at: number }>()

  constructor(private readonly perMinute: number) {}

  /** Takes one try. Refuses: tooManyTries. */
  take(name: string, at: number): void {
    const bucket = this.buckets.get(name) ?? { left: this.perMinute, at }
    const refilled = Math.min(this.perMinute, bucket.left + (Math.max(0, at - bucket.at) * this.perMinute) / MINUTE_MILLISECONDS)
    this.buckets.delete(name)
    this.buckets.set(name, { left: Math.max(0, refilled - 1), at })
    this.forgetOldest()
    if (refilled < 1) throw refuse('tooManyTries', '尝试过于频繁，请一分钟后再试', 'too many tries; try again in a minute')
  }

  /** Who gets in has guessed nothing. */
  clear(name: string): void {
    this.buckets.delete(name)
  }

  private forgetOldest(): void {
    const [oldest] = this.buckets.keys()
    if (this.buckets.size > BUCKETS_MAX && oldest !== undefined) this.buckets.delete(oldest)
  }
}
