import { z } from 'zod'
import { nameSchema } from '../kernel/names.js'
import { provenanceShape } from '../kernel/provenance.js'
import { limitSchema } from '../kernel/quantity.js'
import { text } from '../kernel/text.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'

export const PLACE_KINDS = {
  centralisedTreatmentHospital: text('集中救治医院', 'centralised treatment hospital'),
  reserveHospital: text('后备医院', 'reserve hospital'),
  districtDesignatedHospital: text('区县定点医院', 'district designated hospital'),
  feverClinic: text('发热门诊', 'fever clinic'),
  fangcang: text('方舱医院', 'fangcang hospital'),
  isolationSite: text('集中隔离点', 'isolation site'),
  home: text('居家', 'home'),
  emergencyCentre: text('急救中心', 'emergency centre'),
  warehouse: text('仓库', 'warehouse'),
  producer: text('生产企业', 'producer'),
  checkpoint: text('卡口', 'checkpoint'),
  community: text('社区', 'community'),
  welfareHome: text('福利养老机构', 'welfare home'),
} as const satisfies Vocabulary<string>
export type PlaceKind = keyof typeof PLACE_KINDS

const longitudeSchema = z.number().min(73).max(136, 'must be a longitude in China, 73 to 136')
const latitudeSchema = z.number().min(3).max(54, 'must be a latitude in China, 3 to 54')

/** A district, county or functional zone that bulletins count separately (报告单位). */
export const unitSchema = z.strictObject({
  name: nameSchema,
  /** Six digits of GB/T 2260, or null for a functional zone, which has none. */
  gbt2260: z.string().regex(/^\d{6}$/, 'must be six digits of GB/T 2260, or empty for a functional zone').nullable(),
  aliases: z.array(z.string().min(1)).default([]),
  longitude: longitudeSchema.nullable(),
  latitude: latitudeSchema.nullable(),
  ...provenanceShape,
})
export type Unit = z.infer<typeof unitSchema>

/** Where people are cared for or kept apart. */
export const placeSchema = z.strictObject({
  name: nameSchema,
  kind: wordSchema(PLACE_KINDS),
  unit: z.string().min(1),
  /** false: military or otherwise not the commission's; shown, never planned. */
  underCommand: z.boolean(),
  longitude: longitudeSchema.nullable(),
  latitude: latitudeSchema.nullable(),
  /** Trips that may arrive in one clock hour. */
  arrivalsPerHour: limitSchema,
  /** Ventilators free for patients who need one. */
  ventilatorsFree: limitSchema,
  ...provenanceShape,
})
export type Place = z.infer<typeof placeSchema>

/** A municipal expert team stationed at a hospital (专家组驻点). */
export const teamSchema = z.strictObject({
  name: nameSchema,
  station: z.string().min(1),
  underCommand: z.boolean(),
  ...provenanceShape,
})
export type Team = z.infer<typeof teamSchema>
