import type { Database } from '../db/database.js'
import { Feeds, type Listener, type Told } from '../db/feeds.js'
import { refuse } from '../kernel/refusal.js'
import { eventsAfter, RUN_CHANNEL, runById, type RunEvent } from './store.js'

const isOver = (state: string) => state !== 'queued' && state !== 'running'

export interface NewsNeeds {
  readonly db: Database
  readonly onBug: (error: unknown) => void
  /** How many may listen at once. */
  readonly streamsMax?: number
}

/** What happens to runs, for all who listen in this process: one ear at the database, and one look for all of one run. */
export class RunNews {
  private readonly feeds: Feeds<number, RunEvent>
  private deaf: Promise<() => Promise<void>> | null = null

  constructor(private readonly needs: NewsNeeds) {
    const { db, onBug, streamsMax } = needs
    this.feeds = new Feeds({
      sourceOf: (run) => ({
        read: (after) => db.inSnapshot(async (tx) => ({
          events: await eventsAfter(tx, run, after), isOver: isOver((await runById(tx, run))?.state ?? 'cancelled'),
        })),
        placeOf: ({ seq }) => seq,
        isBehind: (place, other) => place > other,
      }),
      onBug, looking: () => this.listen(),
      full: () => refuse('tooManyListeners', '订阅进展的连接已满，请稍后再试，或隔几秒读取计算的状态', 'too many are listening already; try again shortly, or read the state of the run every few seconds'),
      ...(streamsMax === undefined ? {} : { listenersMax: streamsMax }),
    })
  }

  /** Every change of a run behind the one that was heard last, until the run is over; none where nothing has happened for a while. */
  follow(run: string, heard: number, listener: Listener): AsyncGenerator<Told<number, RunEvent>> {
    return this.feeds.follow(run, heard, listener)
  }

  async close(): Promise<void> {
    this.feeds.close()
    await (await this.deaf)?.()
  }

  /** A database that cannot be heard now is looked at all the same, and asked again at the next look. */
  private listen(): void {
    this.deaf ??= this.needs.db.listen(RUN_CHANNEL, (id) => this.feeds.wake(id)).catch(() => {
      this.deaf = null
      return async () => undefined
    })
  }
}
