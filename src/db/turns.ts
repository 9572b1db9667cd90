import { DatabaseUnavailable } from './errors.js'

/** A fixed number of places, given out in the order of asking; who waits too long is told so. */
export class Turns {
  private free: number
  private readonly waiting: { readonly go: () => void; readonly refuse: (error: Error) => void }[] = []
  private whenIdle: (() => void)[] = []
  private isClosed = false

  constructor(private readonly limits: { readonly places: number; readonly waitMilliseconds: number }) {
    this.free = limits.places
  }

  /** Waits for a place; the returned function gives it back. Throws DatabaseUnavailable. */
  async take(): Promise<() => void> {
    if (this.isClosed) throw new DatabaseUnavailable('closed')
    if (this.free > 0) this.free -= 1
    else await this.inLine()
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
    if (this.free < this.limits.places) await new Promise<void>((resolve) => this.whenIdle.push(resolve))
  }

  private inLine(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const patience = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(one), 1)
        reject(new DatabaseUnavailable('noFreeClient'))
      }, this.limits.waitMilliseconds)
      const one = {
        go: () => {
          clearTimeout(patience)
          resolve()
        },
        refuse: (error: Error) => {
          clearTimeout(patience)
          reject(error)
        },
      }
      this.waiting.push(one)
    })
  }

  private giveBack(): void {
    const next = this.waiting.shift()
    if (next !== undefined) return next.go()
    this.free += 1
    if (this.free === this.limits.places) for (const idle of this.whenIdle.splice(0)) idle()
  }
}
