import { z } from 'zod'
import { nameSchema } from '../kernel/names.js'
import { provenanceShape } from '../kernel/provenance.js'
import { text } from '../kernel/text.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'

export const EQUIPMENT_KINDS = {
  ventilator: text('有创呼吸机', 'invasive ventilator'),
  nonInvasiveVentilator: text('无创呼吸机', 'non-invasive ventilator'),
  highFlow: text('高流量氧疗仪', 'high-flow oxygen device'),
  ecmo: text('体外膜肺氧合机', 'ECMO machine'),
  dialysis: text('血液净化机', 'blood purification machine'),
  monitor: text('监护仪', 'patient monitor'),
} as const satisfies Vocabulary<string>

export const EQUIPMENT_STATES = {
  ready: text('备用', 'ready'),
  inUse: text('在用', 'in use'),
  outOfOrder: text('故障', 'out of order'),
  inRepair: text('维修', 'in repair'),
} as const satisfies Vocabulary<string>

/** One machine (设备): an asset with a place, counted one by one and never used up. */
export const equipmentSchema = z.strictObject({
  kind: wordSchema(EQUIPMENT_KINDS),
  name: nameSchema,
  /** Maker's serial number; null: nobody wrote it down. */
  serial: z.string().min(1).max(40).nullable(),
  /** Where it stands. */
  place: z.string().min(1),
  state: wordSchema(EQUIPMENT_STATES),
  /** Whose it is, when it is on loan; null: it belongs to where it stands. */
  onLoanFrom: z.string().min(1).nullable(),
  ...provenanceShape,
})
export type Equipment = z.infer<typeof equipmentSchema>
