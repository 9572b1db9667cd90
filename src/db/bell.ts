/** Wakes all who wait for it. */
export class Bell {
  private readonly waiting = new Set<(isRung: boolean) => void>()

  ring(): void {
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
