import { byCodeUnits } from './canonical.js'
import { shown } from './shown.js'
import { type Text, text } from './text.js'

const DISTANCE_MAX = 2

/** The candidate that differs from `word` by at most two edits: the nearest, then the first by code units. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const letters = [...word.toLowerCase()]
  let best: { candidate: string; distance: number } | null = null
  for (const candidate of candidates) {
    const distance = editDistance(letters, [...candidate.toLowerCase()])
    // As many edits as letters would offer any short word for any other.
    if (distance > DISTANCE_MAX || distance >= letters.length) continue
    const isBetter =
      best === null ||
      distance < best.distance ||
      (distance === best.distance && byCodeUnits(candidate, best.candidate) < 0)
    if (isBetter) best = { candidate, distance }
  }
  return best?.candidate ?? null
}

/** Levenshtein distance, given up as soon as it must pass the limit. */
function editDistance(a: readonly string[], b: readonly string[]): number {
  if (Math.abs(a.length - b.length) > DISTANCE_MAX) return DISTANCE_MAX + 1
  let above = b.map((_, column) => column + 1)
  for (const [row, letter] of a.entries()) {
    let diagonal = row
    let left = row + 1
    const current: number[] = []
    for (const [column, other] of b.entries()) {
      const up = above[column] ?? 0
      left = Math.min(left + 1, up + 1, diagonal + (letter === other ? 0 : 1))
      diagonal = up
      current.push(left)
    }
    if (Math.min(row + 1, ...current) > DISTANCE_MAX) return DISTANCE_MAX + 1
    above = current
  }
  return above.at(-1) ?? a.length
}

/** Among more ids than this the nearest is chance, and looking for it 200 times takes half a minute. */
export const CANDIDATES_MAX = 2000

/** `; the closest is X`, or nothing where no candidate is near. */
export function closest(word: string, candidates: readonly string[]): Text {
  const found = candidates.length > CANDIDATES_MAX ? null : nearest(word, candidates)
  return found === null ? text('', '') : text(`；最接近的是 ${shown(found)}`, `; the closest is ${shown(found)}`)
}
