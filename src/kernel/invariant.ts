/** A broken promise of the program itself: never an answer to a user's mistake. */
export class BrokenInvariant extends Error {
  override name = 'BrokenInvariant'
}

/** Throws when `condition` is false; `what` says what should have been true. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new BrokenInvariant(what)
}

/** The value behind a key that must exist. Throws BrokenInvariant otherwise. */
export function mustGet<K, V>(map: ReadonlyMap<K, V>, key: K, what: string): V {
  const value = map.get(key)
  invariant(value !== undefined, `${what} ${String(key)} is known`)
  return value
}
