import { recordKind } from '../db/records.js'
import type { Refusal } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import type { Intake, Person } from './cases.js'
import { careCase, intake } from './tables.js'

export const CASES = recordKind<Person>('cases', careCase)
export const INTAKE = recordKind<Intake>('intake', intake)

export const CASE_GUARDS: Readonly<Record<string, Refusal>> = {
  care_case_unit_reporting_unit_id_fk: { code: 'unknownReference', text: text('没有这个报告单位（unit）', 'there is no such reporting unit (unit)') },
  care_case_companion_care_case_id_fk: { code: 'unknownReference', text: text('没有这个陪护病例（companion）', 'there is no such companion (companion)') },
}
