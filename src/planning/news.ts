import type { Database } from '../db/database.js'
import { RUN_CHANNEL } from './store.js'

/** Wakes those who wait for a change of one run; one ear at the database for all of them. */
export class RunNews {
  private readonly waiting = new Map<string, Set<() => void>>()
  private deaf: Promise<() => Promise<void>> | null = null

  constructor(private readonly db: Database) {}

  /** Ends when the run changes, or after so many milliseconds: who listens also looks from time to time. */
  async next(run: string, milliseconds: number, signal: AbortSignal): Promise<void> {
    // A database that cannot be heard now is looked at all the same.
    this.deaf ??= this.db.listen(RUN_CHANNEL, (id) => this.tell(id)).catch(() => async () => undefined)
    await new Promise<void>((resolve) => {
      const those = this.waiting.get(run) ?? new Set()
      this.waiting.set(run, those)
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        those.delete(done)
        if (those.size === 0) this.waiting.delete(run)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      signal.addEventListener('abort', done)
      those.add(done)
      if (signal.aborted) done()
    })
  }

  async close(): Promise<void> {
    for (const those of this.waiting.values()) for (const done of [...those]) done()
    await (await this.deaf)?.()
  }

  private tell(run: string): void {
    for (const done of [...(this.waiting.get(run) ?? [])]) done()
  }
}
