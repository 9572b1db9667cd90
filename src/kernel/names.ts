import { z } from 'zod'

/** What a thing is called, in both languages. */
export const nameSchema = z.strictObject({ zh: z.string().min(1).max(120), en: z.string().min(1).max(120) })

/** A hospital or a city that is no part of this system, by its name alone, in one line; never a person's. */
export const outsideSchema = z.string().min(2).max(80).regex(/^\S(?:.*\S)?$/u, 'a name stands in one line, without blanks around it')
