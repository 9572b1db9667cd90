import { z } from 'zod'
import { text } from './text.js'

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
  // Rows are looked up by id in plain objects, which have these already.
  .refine((id) => !(id in {}), 'an id is none of the words that every object has, such as constructor')

const POST = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
/** What a post looks like, for whoever has to write one. */
export const POST_FORMAT = text(
  '英文字母、数字和 . _ -，以字母或数字开头，最多 64 个，如 night-desk；不写姓名',
  'ASCII letters (A to Z, a to z), digits and . _ -, beginning with a letter or a digit, at most 64, such as night-desk; never a name',
)
/** Whether a schema, as it stands in the documentation, is that of a post. */
export const isPostPattern = (pattern: unknown): boolean => pattern === POST.source

/** A post that acts (岗位), as it stands in the journal; a name in Chinese does not fit in. */
export const postSchema = z.string().regex(POST, 'a post is letters, digits and . _ -, at most 64, and never a name')

/** Whether two words mean one post: capitals tell nobody apart. */
export const isSamePost = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** Whether an id is a reporting unit and that unit's own number (报告单位-本单位编号). */
export const isNumberOf = (id: string, unit: string): boolean => id.startsWith(`${unit}-`) && id.length > unit.length + 1
