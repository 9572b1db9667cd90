import type { Language, Text } from '../kernel/text.js'
import { cutTo, padRight, widthOf } from '../interop/print/columns.js'
import { visible } from '../kernel/safeText.js'
import type { Screen } from './screen.js'

const SILENT_MILLISECONDS = 1500

export interface Progress {
  readonly report: (step: { done: number; of: number; title: Text }) => void
  /** Wipes the line that a terminal shows. */
  readonly end: () => void
}

/** Says where the work is, once it has taken so long that somebody wonders. */
export function startProgress(screen: Screen, language: Language): Progress {
  let isLong = false
  let latest: string | null = null
  let shownWidth = 0
  const show = () => {
    if (!isLong || latest === null) return
    if (screen.errColumns === null) return screen.err(`${latest}\n`)
    const line = cutTo(latest, screen.errColumns - 1)
    screen.err(`\r${padRight(line, shownWidth)}`)
    shownWidth = widthOf(line)
  }
  const timer = setTimeout(() => {
    isLong = true
    show()
  }, SILENT_MILLISECONDS)
  // The wait for a first line must not keep a finished program alive.
  timer.unref()
  return {
    report: ({ done, of, title }) => {
      latest = visible(`${done}/${of} ${title[language]}`)
      show()
    },
    end: () => {
      clearTimeout(timer)
      if (shownWidth > 0) screen.err(`\r${' '.repeat(shownWidth)}\r`)
      shownWidth = 0
    },
  }
}
