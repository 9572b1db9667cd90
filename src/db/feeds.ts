import { refuse, type Refused } from '../kernel/refusal.js'
import type { Principal } from '../kernel/roles.js'
import { Bell } from './bell.js'
import { DatabaseUnavailable } from './errors.js'

/** Events of one kind in the order in which everybody hears them. `P`: a place in that order. */
export interface Source<P, E> {
  /** The next events behind a place; over: behind the last of them nothing comes any more. */
  readonly read: (after: P) => Promise<{ readonly events: readonly E[]; readonly isOver: boolean }>
  readonly placeOf: (event: E) => P
  readonly isBehind: (place: P, other: P) => boolean
}

/** Some events for one listener, and the place behind which they go on. */
export interface Told<P, E> {
  readonly events: readonly E[]
  readonly heard: P
}

/** Whoever listens. */
export interface Listener {
  /** The account or key. */
  readonly id: string
  /** Who they are by now, asked whenever something may be told, a sign of life too; null: they may not listen any more. */
  readonly whoNow: () => Promise<Principal | null>
  readonly gone: AbortSignal
}

/** The database is away, and will be there again. */
const comesBack = (error: unknown): boolean => error instanceof DatabaseUnavailable && error.reason !== 'closed'

export interface FeedsNeeds<P, E> {
  readonly sourceOf: (key: string) => Source<P, E>
  readonly onBug: (error: unknown) => void
  /** What whoever comes is told when as many listen as can. */
  readonly full: () => Refused
  /** How many may listen at once. */
  readonly listenersMax?: number
  /** What of some events is for somebody; all of it when left out. */
  readonly ownOf?: (who: Principal, events: readonly E[]) => readonly E[]
  /** How often whoever hears nothing hears at least that. */
  readonly signMilliseconds?: number
  /** Called before each look. */
  readonly looking?: () => void
}

/** It looks from time to time, whether or not somebody wakes it. */
const LOOK_MILLISECONDS = 1000
const LOOK_AGAIN_MILLISECONDS = 2000
/** Proxies cut a connection on which nothing is said. */
const SIGN_MILLISECONDS = 15_000
/** Whoever waits is woken by each event and each sign. */
const WAIT_MILLISECONDS = 60_000
const LISTENERS_MAX = 500
/** One account must not take every place there is to listen. */
const EACH_MAX = 10
/** So many events are kept for those who are not as quick as the others; whoever is slower reads for themselves. */
const KEPT_MAX = 1000

/** What many listen to in this process: for all who listen to one thing there is one look at the store. */
export class Feeds<P, E> {
  private readonly feeds = new Map<string, Feed<P, E>>()
  private readonly closing = new AbortController()
  private listeners = 0
  /** How many of them each account or key has. */
  private readonly each = new Map<string, number>()
  private isSigning = false

  constructor(private readonly needs: FeedsNeeds<P, E>) {}

  /**
   * Events behind the one that was heard last, as they come, until there are no more or they may not be heard any more;
   * none where nothing has come for a while, or nothing of this listener's own. Refuses when too many listen already.
   */
  follow(key: string, heard: P, listener: Listener): AsyncGenerator<Told<P, E>> {
    const own = this.each.get(listener.id) ?? 0
    if (own >= EACH_MAX) {
      throw refuse('tooManyListeners',
        `此账号或密钥已有 ${EACH_MAX} 处在听；请先断开一处`, `this account or key listens at ${EACH_MAX} places already; end one of them first`)
    }
    if (this.listeners >= (this.needs.listenersMax ?? LISTENERS_MAX)) throw this.needs.full()
    this.listeners += 1
    this.each.set(listener.id, own + 1)
    if (!this.isSigning) void this.sign()
    return this.following(key, heard, { ...listener, gone: AbortSignal.any([listener.gone, this.closing.signal]) })
  }

  /** There may be something new of this. */
  wake(key: string): void {
    this.feeds.get(key)?.wake.ring()
  }

  close(): void {
    this.closing.abort()
  }

  private async *following(key: string, heard: P, listener: Listener): AsyncGenerator<Told<P, E>> {
    const feed = this.feeds.get(key) ?? this.opened(key, heard)
    feed.listeners += 1
    try {
      yield* feed.follow(heard, listener)
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) this.needs.onBug(error)
    } finally {
      this.leave(listener.id)
      feed.listeners -= 1
      feed.wake.ring()
    }
  }

  private leave(id: string): void {
    this.listeners -= 1
    const left = (this.each.get(id) ?? 0) - 1
    if (left > 0) this.each.set(id, left)
    else this.each.delete(id)
  }

  /** Gives a sign of life to all at the same moment, so that one look tells who of them may still listen. */
  private async sign(): Promise<void> {
    this.isSigning = true
    const [never, { signal }] = [new Bell(), this.closing]
    while (this.listeners > 0 && !signal.aborted) {
      await never.next(this.needs.signMilliseconds ?? SIGN_MILLISECONDS, signal)
      for (const feed of this.feeds.values()) feed.sign()
    }
    this.isSigning = false
  }

  private opened(key: string, from: P): Feed<P, E> {
    const feed = new Feed(this.needs.sourceOf(key), from, this.needs.ownOf)
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
  /** How often a sign of life was given. */
  private signs = 0
  private events: readonly E[] = []
  /** The events that are kept are all that came behind this place, up to the last look. */
  private kept: P
  private last: P

  constructor(private readonly source: Source<P, E>, from: P, private readonly ownOf: FeedsNeeds<P, E>['ownOf']) {
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

  /** Whoever hears nothing hears at least that the line stands. */
  sign(): void {
    this.signs += 1
    this.changes.ring()
  }

  async *follow(heard: P, { whoNow, gone }: Listener): AsyncGenerator<Told<P, E>> {
    let [after, signs] = [heard, this.signs]
    while (!gone.aborted) {
      try {
        const told = this.since(after) ?? (await this.source.read(after)).events
        const newest = told.at(-1)
        if (newest === undefined && this.isOver) return
        if (newest === undefined && signs === this.signs) {
          await this.changes.next(WAIT_MILLISECONDS, gone)
          continue
        }
        const given = this.signs
        const who = await whoNow()
        if (who === null) return
        const upTo = newest === undefined ? after : this.source.placeOf(newest)
        yield { events: this.ownOf === undefined ? told : this.ownOf(who, told), heard: upTo }
        after = upTo
        signs = given
      } catch (error) {
        // Whoever listens goes on from there when the database is back.
        if (!comesBack(error)) throw error
        await this.changes.next(LOOK_AGAIN_MILLISECONDS, gone)
      }
    }
  }

  /** Null: what is kept does not reach back so far. */
  private since(after: P): readonly E[] | null {
    const { isBehind, placeOf } = this.source
    return isBehind(this.kept, after) ? null : this.events.filter((event) => isBehind(placeOf(event), after))
  }
}
