/** What the world outside gives to decisions: the time, and names that nobody has yet. */
export interface Clock {
  readonly now: () => Date
  /** A name nobody has yet; one given later sorts behind one given earlier (UUID version 7). */
  readonly newId: () => string
}

/** Who writes what down, and when. */
export interface Recording {
  readonly at: Date
  readonly by: string
}
