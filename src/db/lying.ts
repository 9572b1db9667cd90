import { type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Reach } from '../kernel/roles.js'
import type { Tx } from './database.js'
import { rowsOf } from './rows.js'

/** Rows of which each says where it lies, as far as that decides who hears of it. */
export interface Lying {
  readonly table: PgTable
  /** What it says of a row `r`: by `lyingAt`. */
  readonly lies: SQL
}

/** Where something lies: whoever looks after its unit or any of its places sees it, or after a place in its home. */
export interface Whereabouts {
  readonly unit: string | null
  readonly home: string | null
  readonly places: readonly (string | null)[]
}

/** `places`: an array of jsonb. Of a row `r`, as text; null where there is none. */
export const lyingAt = ({ unit = sql`null`, home = sql`null`, places }: { unit?: SQL; home?: SQL; places: SQL }): SQL =>
  sql`jsonb_build_object('unit', ${unit}, 'home', ${home}, 'places', ${places})`

/** Rows that lie at the places that some columns name, or fields of their bodies; null in one is no place. */
export const lyingAtColumns = (table: PgTable, columns: readonly string[]): Lying =>
  ({ table, lies: lyingAt({ places: sql`jsonb_build_array(${sql.join(columns.map((column) => sql.raw(`r.${column}`)), sql`, `)})` }) })

/** Where some rows lie now, by id; one statement, however many there are. */
export async function whereaboutsOf(tx: Tx, { table, lies }: Lying, ids: readonly string[]): Promise<ReadonlyMap<string, Whereabouts>> {
  const rows = await rowsOf<{ id: string; lies: Whereabouts }>(tx, sql`
    select r.id, ${lies} as lies from ${table} as r where r.id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`)
  return new Map(rows.map((row) => [row.id, row.lies]))
}

/** Whether somebody who reaches so far sees what lies there. */
export const isSeenAt = ({ isCity, units, places, homes }: Reach, lies: Whereabouts): boolean =>
  isCity || (lies.unit !== null && units.has(lies.unit)) || (lies.home !== null && homes.has(lies.home))
  || lies.places.some((place) => place !== null && places.has(place))
