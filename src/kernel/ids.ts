import { z } from 'zod'

/** A name that people give to a thing and that never changes. */
export const idSchema = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._/#→-]*$/u, 'an id is letters, digits, and . _ - / #')
