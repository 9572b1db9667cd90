import { z } from 'zod'
import { provenanceShape } from '../kernel/provenance.js'
import { limitSchema, UNKNOWN } from '../kernel/quantity.js'
import { text } from '../kernel/text.js'
import { daySchema } from '../kernel/time.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'
import { UNITS_MAX } from './stockBook.js'

/** Who may dispose of a lot. */
export const AUTHORITIES = {
  city: text('市级', 'the city'),
  stateAllotment: text('国家统一调拨', 'allotted by the state'),
  district: text('区县自有', 'the district’s own'),
  strategicReserve: text('应急储备', 'strategic reserve'),
  purchase: text('采购', 'purchased'),
  producer: text('生产企业', 'the producer'),
  earmarkedDonation: text('定向捐赠', 'earmarked donation'),
} as const satisfies Vocabulary<string>
export type Authority = keyof typeof AUTHORITIES

const disposalShape = {
  authority: wordSchema(AUTHORITIES),
  /** Whether its authority has released it for this plan; what is not released is shown and never planned. */
  released: z.boolean(),
  /** The place, or reporting unit, to which the donor said it goes; null or left out: to anybody. */
  earmark: z.string().min(1).nullable().default(null),
}

/** Base units of one lot: of masks there are millions in one, as many as its book may hold. */
export const unitsSchema = z.int().min(0).max(UNITS_MAX)
const knownOrNot = z.union([unitsSchema, z.literal(UNKNOWN)])

/** So many of one item in one lot at one place: at a warehouse to be given out, at a receiver to be used. */
export const lotSchema = z.strictObject({
  item: z.string().min(1),
  place: z.string().min(1),
  /** Number on the packing (批号); null: nobody wrote it down. */
  lot: z.string().min(1).max(20).nullable(),
  /** Base units that are there and not held. */
  units: knownOrNot,
  /** The last day on which it may be used; null: it does not expire. */
  expiresOn: daySchema.nullable(),
  quarantined: z.boolean(),
  ...disposalShape,
  ...provenanceShape,
})
export type Lot = z.infer<typeof lotSchema>

/** The lot itself, wherever parts of it lie by now: `place` is where it came in. */
export const lotRecordSchema = lotSchema.omit({ units: true })
export type LotRecord = z.infer<typeof lotRecordSchema>

/** What comes to a source on a day: a producer's output, or an arrival that is confirmed. */
export const supplySchema = z.strictObject({
  item: z.string().min(1),
  place: z.string().min(1),
  day: daySchema,
  units: knownOrNot,
  expiresOn: daySchema.nullable().default(null),
  ...disposalShape,
  ...provenanceShape,
})
export type Supply = z.infer<typeof supplySchema>

/** A line of a shipment that is issued or on the road: it stands, and counts as there from its day on. */
export const consignmentSchema = z.strictObject({
  item: z.string().min(1),
  from: z.string().min(1).nullable(),
  to: z.string().min(1),
  units: unitsSchema.min(1),
  arrivesOn: daySchema,
  expiresOn: daySchema.nullable(),
  ...provenanceShape,
})
export type Consignment = z.infer<typeof consignmentSchema>

/** A place from which material goes out, and what limits it. */
export const sourceSchema = z.strictObject({
  place: z.string().min(1),
  /** Share of each item's stock that it keeps back. */
  keepBackPerMille: z.int().min(0).max(1000),
  /** Litres that its vehicles carry on one day. */
  litresPerDay: limitSchema,
  ...provenanceShape,
})
export type Source = z.infer<typeof sourceSchema>

/** So many base units of a lot that are promised where they lie. */
export interface PromisedStock {
  readonly lot: string
  readonly place: string
  readonly units: number
}

const ELSEWHERE = '→'

/** The row of a scenario's table of lots that so much of a lot at a place is: by the lot's id where it came in, by both elsewhere. */
export const stockRowId = (lot: string, place: string, firstPlace: string | null): string => (place === firstPlace ? lot : `${lot}${ELSEWHERE}${place}`)
