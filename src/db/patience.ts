/** How long somebody waits for the store in all, whatever for; it is over once, and stays so. */
export class Patience {
  isOver = false
  private readonly waiting = new Set<() => void>()
  private readonly timer: NodeJS.Timeout

  constructor(milliseconds: number) {
    this.timer = setTimeout(() => {
      this.isOver = true
      for (const over of [...this.waiting]) over()
    }, milliseconds)
  }

  /** Calls `over` when it is over; the returned function takes that back. */
  onOver(over: () => void): () => void {
    this.waiting.add(over)
    return () => this.waiting.delete(over)
  }

  /** Nobody waits any more. */
  end(): void {
    clearTimeout(this.timer)
  }
}

/**
 * Milliseconds of it. A machine that is slow for some seconds is waited for; whoever asks over a network gives up later
 * than this, and is told rather than left alone.
 */
const PATIENCE_MILLISECONDS = 20_000

/** Does something with the patience of one request. */
export async function patiently<T>(work: (patience: Patience) => Promise<T>, milliseconds = PATIENCE_MILLISECONDS): Promise<T> {
  const patience = new Patience(milliseconds)
  try {
    return await work(patience)
  } finally {
    patience.end()
  }
}
