import { z } from 'zod'

/**
 * A name that people give to a thing and that never changes. Two that read alike are one: digits are 0 to 9, and what
 * Unicode writes in several ways is written in the plainest.
 */
export const idSchema = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[\p{L}0-9][\p{L}0-9._/#→-]*$/u, 'an id is letters, digits, and . _ - / #')
  .refine((id) => id === id.normalize('NFKC'), 'an id is letters, digits, and . _ - / #')
