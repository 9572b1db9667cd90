import { sql } from 'drizzle-orm'
import { check, foreignKey, pgTable, unique } from 'drizzle-orm/pg-core'
import { figureFromBody, fromBody, recordColumns } from '../db/tables.js'
import type { Pool } from './beds.js'
import type { Block } from './blocks.js'
import type { Place, Team, Unit } from './places.js'
import type { Travel, Vehicle } from './transport.js'

export const reportingUnit = pgTable('reporting_unit', {
  ...recordColumns<Unit>(),
  gbt2260: fromBody('gbt2260', 'gbt2260'),
}, (t) => [unique('reporting_unit_code_stands_once').on(t.gbt2260)])

export const place = pgTable('place', {
  ...recordColumns<Place>(),
  unit: fromBody('unit', 'unit').notNull().references(() => reportingUnit.id),
})

export const reserveBlock = pgTable('reserve_block', {
  ...recordColumns<Block>(),
  place: fromBody('place', 'place').notNull().references(() => place.id),
  sequence: figureFromBody('sequence', 'sequence').notNull(),
}, (t) => [
  unique('reserve_block_opens_in_order').on(t.place, t.sequence),
  unique('reserve_block_at_place').on(t.id, t.place),
])

/** Beds of one kind at one place. Figures change by reports and stays only; the ledger's book of the same id shows how. */
export const pool = pgTable('pool', {
  ...recordColumns<Pool>(),
  place: fromBody('place', 'place').notNull().references(() => place.id),
  block: fromBody('block', 'block'),
  physical: figureFromBody('physical', 'physical'),
  staffed: figureFromBody('staffed', 'staffed'),
  occupied: figureFromBody('occupied', 'occupied'),
}, (t) => [
  // Both at once, so that a bed and whoever lies in it are at one place.
  unique('pool_at_place').on(t.id, t.place),
  foreignKey({ name: 'pool_block_at_place', columns: [t.block, t.place], foreignColumns: [reserveBlock.id, reserveBlock.place] }),
  check('pool_figures_are_counts', sql`${t.physical} >= 0 and ${t.staffed} >= 0 and ${t.occupied} >= 0`),
])

export const team = pgTable('team', {
  ...recordColumns<Team>(),
  station: fromBody('station', 'station').notNull().references(() => place.id),
})

export const vehicle = pgTable('vehicle', { ...recordColumns<Vehicle>() })

export const travel = pgTable('travel', {
  ...recordColumns<Travel>(),
  from: fromBody('from_id', 'from').notNull(),
  to: fromBody('to_id', 'to').notNull(),
}, (t) => [unique('travel_stands_once').on(t.from, t.to)])
