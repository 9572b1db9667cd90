import { byCodeUnits } from '../../kernel/canonical.js'

/** Whether these blocks of rules can hold together; if so, which others hold in the answer found. Null: not known in time. */
export type Oracle = (kept: ReadonlySet<string>) => Promise<{ feasible: boolean; alsoHold: ReadonlySet<string> } | null>

export interface Found {
  readonly blocks: readonly string[]
  /** Proved: no clash has fewer blocks. */
  readonly smallest: boolean
}

/** A clash of up to this many blocks is proved smallest. */
const PROVED_UP_TO = 3
/** Bounds the search; beyond it a clash is irreducible but perhaps not smallest. */
const ROUNDS_MAX = 40

/**
 * The smallest set of blocks that cannot hold together. Every clash meets every way of curing all of them, so the
 * smallest set that meets all cures found so far is a lower bound; once it clashes itself, it is the smallest.
 * Above PROVED_UP_TO blocks, a clash is found by deletion: leaving out any one of it, the rest can hold.
 * Null: no clash among the blocks (the target fails for a reason outside them), or not known in time.
 */
export async function smallestClash(names: readonly string[], oracle: Oracle): Promise<Found | null> {
  const all = [...names].sort(byCodeUnits)
  if ((await oracle(new Set(all)))?.feasible !== false) return null
  if ((await oracle(new Set()))?.feasible !== true) return null
  const cures: string[][] = []
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const candidate = smallestHitting(cures)
    if (candidate === null) break
    const answer = await oracle(new Set(candidate))
    if (answer === null) return null
    if (!answer.feasible) return { blocks: candidate, smallest: true }
    cures.push(await cureBeside(all, new Set([...candidate, ...answer.alsoHold]), oracle))
  }
  return byDeletion(all, oracle)
}

/** Grows a set that can hold as far as it goes; what is left over is a cure: without it, all else holds. */
async function cureBeside(all: readonly string[], start: ReadonlySet<string>, oracle: Oracle): Promise<string[]> {
  let held = new Set(start)
  for (const name of all) {
    if (held.has(name)) continue
    const answer = await oracle(new Set([...held, name]))
    if (answer?.feasible === true) held = new Set([...held, name, ...answer.alsoHold])
  }
  return all.filter((name) => !held.has(name))
}

/** The first smallest set, of at most PROVED_UP_TO, that has a member of every cure; null when there is none so small. */
function smallestHitting(cures: readonly (readonly string[])[]): string[] | null {
  for (let size = 0; size <= PROVED_UP_TO; size += 1) {
    const found = hitting(cures, size)
    if (found !== null) return found
  }
  return null
}

function hitting(cures: readonly (readonly string[])[], size: number): string[] | null {
  const [first, ...others] = cures
  if (first === undefined) return []
  if (size === 0) return null
  for (const name of first) {
    const rest = hitting(others.filter((cure) => !cure.includes(name)), size - 1)
    if (rest !== null) return [name, ...rest]
  }
  return null
}

async function byDeletion(all: readonly string[], oracle: Oracle): Promise<Found | null> {
  let kept = [...all]
  for (const name of all) {
    const without = kept.filter((other) => other !== name)
    const answer = await oracle(new Set(without))
    if (answer === null) return null
    if (!answer.feasible) kept = without
  }
  return { blocks: kept, smallest: false }
}
