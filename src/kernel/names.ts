import { z } from 'zod'

/** What a thing is called, in both languages. */
export const nameSchema = z.strictObject({ zh: z.string().min(1).max(120), en: z.string().min(1).max(120) })
