import { sql } from 'drizzle-orm'
import { type AnyPgColumn, index, pgTable } from 'drizzle-orm/pg-core'
import { fromBody, recordColumns } from '../db/tables.js'
import { reportingUnit } from '../facilities/tables.js'
import type { Intake, Person } from './cases.js'

/** A person under care, pseudonymous. Where they lie is no part of it: that is their stay. */
export const careCase = pgTable('care_case', {
  ...recordColumns<Person>(),
  unit: fromBody('unit', 'unit').notNull().references(() => reportingUnit.id),
  companion: fromBody('companion', 'companion').references((): AnyPgColumn => careCase.id),
}, (t) => [index('care_case_that_waits').on(t.id).where(sql`${t.body} ->> 'waitingSince' is not null`)])

/** New confirmed cases, one row a day. */
export const intake = pgTable('intake', { ...recordColumns<Intake>() })
