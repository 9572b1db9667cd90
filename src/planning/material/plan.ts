import { z } from 'zod'
import { text } from '../../kernel/text.js'
import { daySchema } from '../../kernel/time.js'
import { type Vocabulary, wordSchema } from '../../kernel/vocabulary.js'
import { AREAS } from '../../supplies/norms.js'
import { foundSchema, levelSchema, textSchema } from '../planWords.js'
import { MATERIAL_WAYS_OUT } from './policy.js'

const whole = z.int()
const count = z.int().min(0)
const id = z.string().min(1)
const areaSchema = wordSchema(AREAS)
/** Hundredths of a day. */
const coverDaysSchema = count

/** A row of stock: of the table `lots`, or of what comes later, of `supplies`. */
const stockRowSchema = z.strictObject({ table: z.enum(['lots', 'supplies']), row: id })

/** What of an item is not served, in its base units; kits in kits. */
const shortSchema = z.strictObject({ item: id, units: count })

/**
 * A level: one for each band and tier in which somebody needs something (value: units that stay unserved), then the
 * wishes in their order. Units of several items are added up in `value`, so `short` says what they are.
 */
export const materialLevelSchema = levelSchema.extend({
  /** Place of its band in the policy, from nought; null for a wish. */
  band: count.nullable(),
  tier: whole.min(1).nullable(),
  short: z.array(shortSchema),
})
export type MaterialLevel = z.infer<typeof materialLevelSchema>

/** Computed need (需求测算) of one area, in thousandths of a base unit, summed over the days of each band. */
export const needSchema = z.strictObject({
  place: id,
  area: areaSchema,
  tier: whole.min(1),
  item: id,
  perMilleByBand: z.array(count),
  /** What measured use makes of the norms: 1000 where nothing was measured. */
  factorPerMille: count,
})

/** What one place, or one reporting unit for its places, is given of one item. */
export const allocationSchema = z.strictObject({
  /** Null: this is the part of a whole unit, which is split over its places below. */
  place: id.nullable(),
  /** The unit that splits its part; null: the city gives to the place directly. */
  unit: id.nullable(),
  item: id,
  /** Base units: need of all bands, what of it own and consigned stock serves, what was asked for (null: nothing), what is given. */
  need: count,
  own: count,
  asked: count.nullable(),
  allocated: count,
  /** What own stock and what is given serve of the need, per mille. */
  share: count,
  daysBefore: coverDaysSchema,
  daysAfter: coverDaysSchema,
  /** The most urgent need that what is given serves. */
  band: count,
  tier: whole.min(1),
  areas: z.array(z.strictObject({ area: areaSchema, tier: whole.min(1), need: count, served: count })),
  /** Whence: rows of stock, the place where they lie, and base units. */
  lots: z.array(stockRowSchema.extend({ from: id, units: whole.min(1) })),
  /** Set where it is given in place of this item. */
  substituteFor: id.nullable(),
  reason: textSchema,
})
export type Allocation = z.infer<typeof allocationSchema>

export const packingCountSchema = z.strictObject({ packing: id, count: whole.min(1) })

/** One line of a shipment: so much of one row of stock. `packings` largest first; what no packing holds goes singly. */
export const shipmentLineSchema = stockRowSchema.extend({
  item: id,
  units: whole.min(1),
  packings: z.array(packingCountSchema),
  singles: count,
  /** Set where it goes out in place of this item. */
  substituteFor: id.nullable(),
})
export type ShipmentLine = z.infer<typeof shipmentLineSchema>

/** What leaves one source for one place on one day. */
export const shipmentSchema = z.strictObject({
  id,
  from: id,
  to: id,
  /** The unit out of whose part it comes; null: given by the city directly. */
  unit: id.nullable(),
  leavesOn: daySchema,
  /** The first day on which it can be used there. */
  arrivesOn: daySchema,
  lines: z.array(shipmentLineSchema).min(1),
  /** Rounded up; null: nobody stated the volume of an item in it. */
  litres: count.nullable(),
})
export type Shipment = z.infer<typeof shipmentSchema>

/**
 * What binds where something stays short: why nothing of what is left at sources helps, or what comes in time for later
 * bands alone. Of a kit it is what binds the part that lacks; `kit`, where that part is short for good.
 */
export const SHORTAGE_RULES = {
  volume: text('运力不足', 'vehicles are full'),
  arrival: text('到货太晚', 'what there is comes too late'),
  expiry: text('届时已过期', 'what is left has expired by then'),
  earmark: text('所余定向捐赠他处', 'what is left is earmarked for others'),
  road: text('无路可达', 'no road leads there from where it lies'),
  packing: text('所余不足一个最小包装', 'less than the smallest packing is left'),
  kit: text('套件缺件', 'a part of the kit is short'),
  stock: text('可调拨数量已尽', 'nothing is left to give'),
} as const satisfies Vocabulary<string>
export type ShortageRule = keyof typeof SHORTAGE_RULES

/** What stays short in one band, by area and item. */
export const shortageSchema = z.strictObject({
  place: id,
  area: areaSchema,
  /** An item, or a kit that cannot be completed. */
  item: id,
  /** The first day that is short, and what is short over all days of the band. */
  day: daySchema,
  band: count,
  tier: whole.min(1),
  units: whole.min(1),
  /** What binds. */
  rule: wordSchema(SHORTAGE_RULES),
  /** Ways out that would lessen it, by id. */
  waysOut: z.array(z.string()),
})
export type Shortage = z.infer<typeof shortageSchema>

/** What somebody could decide, so that less stays short; planned again with it, and this is what it gave. */
export const materialWaySchema = z.strictObject({
  id: z.string(),
  kind: wordSchema(MATERIAL_WAYS_OUT),
  item: id,
  text: textSchema,
  amount: whole.min(1),
  unit: textSchema,
  /** RFC 7396 merge patch of the scenario. */
  patch: z.record(z.string(), z.unknown()),
  /** Units of the item that stay short over all bands, as planned and with the patch. */
  proved: z.strictObject({ before: count, after: count }),
})
export type MaterialWay = z.infer<typeof materialWaySchema>

/**
 * Complete sets for a shift: how many are needed over all bands and how many can be made up, and of which parts there is too
 * little for the rest, by what the place and the sources that reach it in time have left: how many base units lack.
 */
export const kitSchema = z.strictObject({ place: id, kit: id, need: count, served: count, shortOf: z.array(z.strictObject({ item: id, units: whole.min(1) })) })

/** Days of supply (可用天数) of what lies at a place and comes to it, at the conventional norm. */
export const coverSchema = z.strictObject({
  place: id,
  item: id,
  daysBefore: coverDaysSchema,
  daysAfter: coverDaysSchema,
  /** The first day of the plan that is not covered in full; null: none. */
  runsOutOn: daySchema.nullable(),
})

/** What no place needs within the horizon: listed for recall or for other use, never moved by itself. */
export const surplusSchema = z.strictObject({
  place: id,
  item: id,
  units: whole.min(1),
  /**
   * In stock at a source beyond all needs; there while somebody is short of it in a kit that wants other parts, or where it
   * does not get in time; at a place beyond its own need; or expiring before anybody can use it.
   */
  why: z.enum(['unused', 'incomplete', 'outOfReach', 'aboveNeed', 'expires']),
  text: textSchema,
})

/** Stock that is shown and not planned with. */
export const withheldSchema = stockRowSchema.extend({ place: id, item: id, units: count.nullable(), rule: z.string(), text: textSchema })

/** Stock that a place has beyond its own need of it, used there in place of another item: nothing moves. */
export const ownSubstituteSchema = z.strictObject({
  table: z.enum(['lots', 'supplies', 'consignments']), row: id, place: id, item: id, substituteFor: id, units: whole.min(1),
})
export type OwnSubstitute = z.infer<typeof ownSubstituteSchema>

/** A consignment that was issued before: it stands, and its receiver’s cover counts it from the day it arrives. */
export const standingSchema = z.strictObject({ consignment: id, to: id, item: id, units: whole.min(1), arrivesOn: daySchema })

export const substitutionSchema = z.strictObject({ place: id, item: id, substitute: id, units: whole.min(1), text: textSchema })

/** Measured use that lies further from the norm than the policy lets it correct. */
export const unexplainedSchema = z.strictObject({
  place: id, item: id, measuredPerMille: count, appliedPerMille: count, text: textSchema,
})

/** What the order of bands and tiers costs against serving as many units as can be served, whoever needs them; parts of kits are left out. */
export const fairnessSchema = z.strictObject({ item: id, servedByOrder: count, largestTotal: count, price: count })

/** The plan of material (调拨方案). */
export const materialSchema = z.strictObject({
  /** Plan days, from planDay to the end of the longest band. */
  days: z.array(daySchema).min(1),
  /** On what it is planned: the transfers of this plan first, then material on where patients lie by then. */
  basis: textSchema,
  /** What goes out together at least, by item, in base units: the same for all who receive it. */
  lotsOfUse: z.array(z.strictObject({ item: id, units: whole.min(1) })),
  levels: z.array(materialLevelSchema),
  needs: z.array(needSchema),
  allocations: z.array(allocationSchema),
  shipments: z.array(shipmentSchema),
  ownSubstitutes: z.array(ownSubstituteSchema),
  standing: z.array(standingSchema),
  unmet: z.array(shortageSchema),
  waysOut: z.array(materialWaySchema),
  kits: z.array(kitSchema),
  cover: z.array(coverSchema),
  surplus: z.array(surplusSchema),
  withheld: z.array(withheldSchema),
  substitutions: z.array(substitutionSchema),
  unexplained: z.array(unexplainedSchema),
  fairness: z.array(fairnessSchema),
  /** What receivers and sources did not report: planned as nought, and said. */
  callList: z.array(foundSchema),
  violations: z.array(foundSchema),
})
export type MaterialPlan = z.infer<typeof materialSchema>
