import type { Database } from '../db/database.js'
import { DatabaseUnavailable } from '../db/errors.js'
import { refuse } from '../kernel/refusal.js'
import { eventsAfter, RUN_CHANNEL, runById, type RunEvent } from './store.js'

/** Who listens also looks from time to time. */
const LOOK_MILLISECONDS = 1000
const LOOK_AGAIN_MILLISECONDS = 2000
/** Proxies cut a connection on which nothing is said. */
const SIGN_MILLISECONDS = 15_000
const STREAMS_MAX = 500

const isOver = (state: string) => state !== 'queued' && state !== 'running'

export interface NewsNeeds {
  readonly db: Database
  readonly onBug: (error: unknown) => void
  /** How many may listen at once. */
  readonly streamsMax?: number
}

/** What happens to runs, for all who listen in this process: one ear at the database, and one look for all of one run. */
export class RunNews {
  private readonly feeds = new Map<string, Feed>()
  private deaf: Promise<() => Promise<void>> | null = null
  private readonly closing = new AbortController()
  private streams = 0

  constructor(private readonly needs: NewsNeeds) {}

  /**
   * Every change of a run behind the one that was heard last, until the run is over; null where nothing has happened for
   * a while. Refuses when too many listen already.
   */
  follow(run: string, heard: number, gone: AbortSignal): AsyncGenerator<RunEvent | null> {
    if (this.streams >= (this.needs.streamsMax ?? STREAMS_MAX)) {
      throw refuse('tooManyListeners', '订阅进展的连接已满，请稍后再试，或隔几秒读取计算的状态', 'too many are listening already; try again shortly, or read the state of the run every few seconds')
    }
    this.streams += 1
    return this.following(run, heard, AbortSignal.any([gone, this.closing.signal]))
  }

  async close(): Promise<void> {
    this.closing.abort()
    await (await this.deaf)?.()
  }

  private async *following(run: string, heard: number, signal: AbortSignal): AsyncGenerator<RunEvent | null> {
    const feed = this.feeds.get(run) ?? this.opened(run)
    feed.listeners += 1
    let after = heard
    try {
      while (!signal.aborted) {
        const told = feed.events.filter(({ seq }) => seq > after)
        for (const event of told) {
          yield event
          after = event.seq
        }
        if (told.length > 0) continue
        if (feed.isOver) return
        if (!await feed.changes.next(SIGN_MILLISECONDS, signal) && !signal.aborted) yield null
      }
    } finally {
      this.streams -= 1
      feed.listeners -= 1
      feed.wake.tell()
    }
  }

  private opened(run: string): Feed {
    const feed: Feed = { events: [], isOver: false, listeners: 0, changes: new Bell(), wake: new Bell() }
    this.feeds.set(run, feed)
    void this.look(run, feed)
    return feed
  }

  /** Looks for all who listen to one run, as long as anybody does. */
  private async look(run: string, feed: Feed): Promise<void> {
    const { db, onBug } = this.needs
    // One of its own, so that many runs do not all hang on the one signal.
    const signal = AbortSignal.any([this.closing.signal])
    // Whoever opened it has not begun to listen yet.
    for (let looks = 0; !signal.aborted && !feed.isOver && (looks === 0 || feed.listeners > 0); looks += 1) {
      this.listen()
      try {
        const news = await db.inSnapshot(async (tx) => ({
          events: await eventsAfter(tx, run, feed.events.at(-1)?.seq ?? 0), state: (await runById(tx, run))?.state ?? 'cancelled',
        }))
        feed.events.push(...news.events)
        // A run that is over says nothing more, once all that it said was read.
        feed.isOver = news.events.length === 0 && isOver(news.state)
        if (news.events.length > 0 || feed.isOver) feed.changes.tell()
        else await feed.wake.next(LOOK_MILLISECONDS, signal)
      } catch (error) {
        // A database that is away comes back; anything else would only go wrong again.
        feed.isOver = !(error instanceof DatabaseUnavailable) || error.reason === 'closed'
        if (!(error instanceof DatabaseUnavailable)) onBug(error)
        if (feed.isOver) feed.changes.tell()
        else await feed.wake.next(LOOK_AGAIN_MILLISECONDS, signal)
      }
    }
    this.feeds.delete(run)
  }

  /** A database that cannot be heard now is looked at all the same, and asked again at the next look. */
  private listen(): void {
    this.deaf ??= this.needs.db.listen(RUN_CHANNEL, (id) => this.feeds.get(id)?.wake.tell()).catch(() => {
      this.deaf = null
      return async () => undefined
    })
  }
}

/** One run as it is heard by those who listen to it here. */
interface Feed {
  readonly events: RunEvent[]
  isOver: boolean
  listeners: number
  /** Rung when there is something to tell. */
  readonly changes: Bell
  /** Rung when there may be something to look for. */
  readonly wake: Bell
}

/** Wakes all who wait for it. */
class Bell {
  private readonly waiting = new Set<(isRung: boolean) => void>()

  tell(): void {
    for (const go of [...this.waiting]) go(true)
  }

  /** true when it rang; false after so many milliseconds, or when the signal came. */
  next(milliseconds: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const go = (isRung: boolean) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        this.waiting.delete(go)
        resolve(isRung)
      }
      const end = () => go(false)
      const timer = setTimeout(end, milliseconds)
      signal.addEventListener('abort', end)
      this.waiting.add(go)
      if (signal.aborted) end()
    })
  }
}
