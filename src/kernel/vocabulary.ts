import { z } from 'zod'
import type { Text } from './text.js'

/** A closed list of words: the key that data and code use, and what people read in either language. */
export type Vocabulary<K extends string> = Readonly<Record<K, Text>>

export const keysOf = <K extends string>(vocabulary: Vocabulary<K>): readonly K[] => Object.keys(vocabulary) as K[]

/** A zod enum over the keys of a vocabulary; a schema made of it says what each of them means. */
export const wordSchema = <K extends string>(vocabulary: Vocabulary<K>) =>
  z.enum(keysOf(vocabulary) as [K, ...K[]]).meta({ 'x-words': vocabulary })
