import { DatabaseUnavailable, type UnavailableReason } from './errors.js'
import type { Patience } from './patience.js'

/** A fixed number of places, given out in the order of asking; whose patience is over is told so. */
export class Turns {
  private free: number
  private readonly waiting: { readonly go: () => void; readonly refuse: (error: Error) => void }[] = []
  private whenIdle: (() => void)[] = []
  private isClosed = false

  /** `late`: what somebody is told for whom no place became free. */
  constructor(private readonly places: number, private readonly late: UnavailableReason) {
    this.free = places
  }

  /** Waits for a place; the returned function gives it back. Throws DatabaseUnavailable. */
  async take(patience: Patience): Promise<() => void> {
    if (this.isClosed) throw new DatabaseUnavailable('closed')
    if (this.free > 0) this.free -= 1
    else await this.inLine(patience)
    let isHeld = true
    return () => {
      if (isHeld) this.giveBack()
      isHeld = false
    }
  }

  /** Refuses everybody who waits or comes later, and returns when nobody holds a place. */
  async close(): Promise<void> {
    this.isClosed = true
    for (const { refuse } of this.waiting.splice(0)) refuse(new DatabaseUnavailable('closed'))
    if (this.free < this.places) await new Promise<void>((resolve) => this.whenIdle.push(resolve))
  }

  private async inLine(patience: Patience): Promise<void> {
    if (patience.isOver) throw new DatabaseUnavailable(this.late)
    let forget: () => void = () => undefined
    try {
      await new Promise<void>((go, refuse) => {
        const one = { go, refuse }
        forget = patience.onOver(() => {
          this.waiting.splice(this.waiting.indexOf(one), 1)
          refuse(new DatabaseUnavailable(this.late))
        })
        this.waiting.push(one)
      })
    } finally {
      forget()
    }
  }

  private giveBack(): void {
    const next = this.waiting.shift()
    if (next !== undefined) return next.go()
    this.free += 1
    if (this.free === this.places) for (const idle of this.whenIdle.splice(0)) idle()
  }
}
