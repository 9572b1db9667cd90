import type { Refused } from '../kernel/refusal.js'
import { Bell } from './bell.js'
import { DatabaseUnavailable } from './errors.js'

/** Events of one kind in the order in which everybody hears them. `P`: a place in that order. */
export interface Source<P, E> {
  /** The next events behind a place; over: behind the last of them nothing comes any more. */
  readonly read: (after: P) => Promise<{ readonly events: readonly E[]; readonly isOver: boolean }>
  readonly placeOf: (event: E) => P
  readonly isBehind: (place: P, other: P) => boolean
}

/** What of some events is for one of the listeners. */
export type Own<E> = (events: readonly E[]) => Promise<readonly E[]>

/** The database is away, and will be there again. */
const comesBack = (error: unknown): boolean => error instanceof DatabaseUnavailable && error.reason !== 'closed'

export interface FeedsNeeds<P, E> {
  readonly sourceOf: (key: string) => Source<P, E>
  readonly onBug: (error: unknown) => void
  /** What whoever comes is told when as many listen as can. */
  readonly full: () => Refused
  /** How many may listen at once. */
  readonly listenersMax?: number
  /** Called before each look. */
  readonly looking?: () => void
}

/** It looks from time to time, whether or not somebody wakes it. */
const LOOK_MILLISECONDS = 1000
const LOOK_AGAIN_MILLISECONDS = 2000
/** Proxies cut a connection on which nothing is said. */
const SIGN_MILLISECONDS = 15_000
const LISTENERS_MAX = 500
/** So many events are kept for those who are not as quick as the others; whoever is slower reads for themselves. */
const KEPT_MAX = 1000

/** What many listen to in this process: for all who listen to one thing there is one look at the store. */
export class Feeds<P, E> {
  private readonly feeds = new Map<string, Feed<P, E>>()
  private readonly closing = new AbortController()
  private listeners = 0

  constructor(private readonly needs: FeedsNeeds<P, E>) {}

  /**
   * Events behind the one that was heard last, as they come, until there are no more; an empty list where nothing has
   * come for a while, or nothing of this listener's own. Refuses when too many listen already.
   */
  follow(key: string, heard: P, gone: AbortSignal, ownOf: Own<E> = async (events) => events): AsyncGenerator<readonly E[]> {
    if (this.listeners >= (this.needs.listenersMax ?? LISTENERS_MAX)) throw this.needs.full()
    this.listeners += 1
    return this.following(key, heard, AbortSignal.any([gone, this.closing.signal]), ownOf)
  }

  /** There may be something new of this. */
  wake(key: string): void {
    this.feeds.get(key)?.wake.ring()
  }

  close(): void {
    this.closing.abort()
  }

  private async *following(key: string, heard: P, signal: AbortSignal, ownOf: Own<E>): AsyncGenerator<readonly E[]> {
    const feed = this.feeds.get(key) ?? this.opened(key, heard)
    feed.listeners += 1
    try {
      yield* feed.follow(heard, signal, ownOf)
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) this.needs.onBug(error)
    } finally {
      this.listeners -= 1
      feed.listeners -= 1
      feed.wake.ring()
    }
  }

  private opened(key: string, from: P): Feed<P, E> {
    const feed = new Feed(this.needs.sourceOf(key), from)
    this.feeds.set(key, feed)
    void this.look(key, feed)
    return feed
  }

  /** Looks for all who listen to one thing, as long as anybody does. */
  private async look(key: string, feed: Feed<P, E>): Promise<void> {
    const { onBug, looking = () => undefined } = this.needs
    // One of its own, so that many feeds do not all hang on the one signal.
    const signal = AbortSignal.any([this.closing.signal])
    // Whoever opened it has not begun to listen yet.
    for (let looks = 0; !signal.aborted && !feed.isOver && (looks === 0 || feed.listeners > 0); looks += 1) {
      looking()
      try {
        if (!await feed.look()) await feed.wake.next(LOOK_MILLISECONDS, signal)
      } catch (error) {
        // A database that is away comes back; anything else would only go wrong again.
        if (comesBack(error)) await feed.wake.next(LOOK_AGAIN_MILLISECONDS, signal)
        else feed.end()
        if (!(error instanceof DatabaseUnavailable)) onBug(error)
      }
    }
    this.feeds.delete(key)
  }
}

/** One thing as it is heard by those who listen to it here. */
class Feed<P, E> {
  listeners = 0
  isOver = false
  /** Rung when there may be something to look for. */
  readonly wake = new Bell()
  /** Rung when there is something to tell. */
  private readonly changes = new Bell()
  private events: readonly E[] = []
  /** The events that are kept are all that came behind this place, up to the last look. */
  private kept: P
  private last: P

  constructor(private readonly source: Source<P, E>, from: P) {
    this.kept = from
    this.last = from
  }

  /** Whether there was anything new, or there will be nothing any more. */
  async look(): Promise<boolean> {
    const { events, isOver } = await this.source.read(this.last)
    const newest = events.at(-1)
    if (newest === undefined) {
      if (isOver) this.end()
      return isOver
    }
    const all = [...this.events, ...events]
    const dropped = all.slice(0, -KEPT_MAX).at(-1)
    if (dropped !== undefined) this.kept = this.source.placeOf(dropped)
    this.events = all.slice(-KEPT_MAX)
    this.last = this.source.placeOf(newest)
    this.changes.ring()
    return true
  }

  end(): void {
    this.isOver = true
    this.changes.ring()
  }

  async *follow(heard: P, signal: AbortSignal, ownOf: Own<E>): AsyncGenerator<readonly E[]> {
    let after = heard
    while (!signal.aborted) {
      try {
        const told = this.since(after) ?? (await this.source.read(after)).events
        const newest = told.at(-1)
        if (newest !== undefined) {
          yield await ownOf(told)
          after = this.source.placeOf(newest)
        } else if (this.isOver) return
        else if (!await this.changes.next(SIGN_MILLISECONDS, signal) && !signal.aborted) yield []
      } catch (error) {
        // Whoever listens goes on from there when the database is back.
        if (!comesBack(error)) throw error
        await this.changes.next(LOOK_AGAIN_MILLISECONDS, signal)
      }
    }
  }

  /** Null: what is kept does not reach back so far. */
  private since(after: P): readonly E[] | null {
    const { isBehind, placeOf } = this.source
    return isBehind(this.kept, after) ? null : this.events.filter((event) => isBehind(placeOf(event), after))
  }
}
