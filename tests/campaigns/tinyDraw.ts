import fc from 'fast-check'

/** The first far more often than the others; shrinks towards it. */
export const often = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> => fc.oneof(
  { withCrossShrink: true },
  { weight: 14, arbitrary: fc.constant(usual) },
  { weight: 2, arbitrary: fc.constantFrom(...others) },
)

/** Each so often as it stands there; shrinks towards the first. */
export const among = <T>(...words: T[]): fc.Arbitrary<T> => fc.constantFrom(...words)

/** Stands for something in a list, however long that is. */
export const index = fc.nat(11)
