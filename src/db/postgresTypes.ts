import { makePgArray } from 'drizzle-orm/pg-core/utils'
import type postgres from 'postgres'
import { INT8, wholeNumber } from './wholeNumber.js'

/** Lists of plain values by the number of their type, and what reads one value. */
const LISTS: readonly (readonly [list: number, read: (value: string) => unknown])[] = [
  [1000, (value) => value === 't'], [1005, Number], [1007, Number], [1016, wholeNumber], [1022, Number],
  [1003, String], [1009, String], [1015, String], [2951, String],
]

/**
 * What the driver is told of types, so that its values are those of the embedded database. It could ask the server for
 * the lists itself, but when the connection goes while it asks, it rejects a promise that nobody can catch.
 */
export const POSTGRES_TYPES: Record<string, postgres.PostgresType> = {
  int8: { to: INT8, from: [INT8], serialize: String, parse: wholeNumber },
  ...Object.fromEntries(LISTS.map(([list, read]) =>
    [`list${list}`, { to: list, from: [list], serialize: written, parse: (value: string) => listOf(value, read) }])),
}

function written(value: unknown): string {
  return Array.isArray(value) ? makePgArray(value) : String(value)
}

/** `{a,"b c",NULL}`, of one dimension. */
function listOf(list: string, read: (value: string) => unknown): unknown[] {
  const values: unknown[] = []
  for (const [, quoted, plain = ''] of list.slice(1, -1).matchAll(/"((?:[^"\\]|\\[^])*)"|([^,]+)/g)) {
    if (quoted !== undefined) values.push(read(quoted.replace(/\\(.)/gs, '$1')))
    else values.push(plain === 'NULL' ? null : read(plain))
  }
  return values
}
