import { z } from 'zod'
import { idSchema, postSchema } from '../kernel/ids.js'
import { provenanceShape } from '../kernel/provenance.js'
import { allowedBy, countSchema, figureSchema, isKnown, limitSchema } from '../kernel/quantity.js'
import { text } from '../kernel/text.js'
import { instantSchema } from '../kernel/time.js'
import { keysOf, type Vocabulary, wordSchema } from '../kernel/vocabulary.js'

export const CARE_LEVELS = {
  intensive: text('重症监护床', 'intensive bed'),
  severe: text('重型床', 'severe bed'),
  ordinary: text('普通床', 'ordinary bed'),
  light: text('轻型床', 'light bed'),
  observation: text('隔离留观单间', 'observation room'),
  room: text('隔离点房间', 'isolation room'),
} as const satisfies Vocabulary<string>
export type CareLevel = keyof typeof CARE_LEVELS

/** Attributes of a pool of beds; never a care level. */
export const ATTRIBUTES = {
  negativePressure: text('负压', 'negative pressure'),
  singleRoom: text('单间', 'single room'),
  ventilator: text('呼吸机', 'ventilator'),
  dialysis: text('透析', 'dialysis'),
  delivery: text('分娩', 'delivery'),
  paediatric: text('儿科', 'paediatric'),
  doctorsAndTests: text('有医生和检测', 'doctors and tests'),
} as const satisfies Vocabulary<string>
export type Attribute = keyof typeof ATTRIBUTES

/** Beds of one care level and one set of attributes at one place (张); a reserve's belong to a block. */
export const poolSchema = z.strictObject({
  place: z.string().min(1),
  block: z.string().min(1).nullable(),
  careLevel: wordSchema(CARE_LEVELS),
  attributes: z.array(wordSchema(ATTRIBUTES)).default([]),
  physical: figureSchema,
  staffed: figureSchema,
  /** Everyone in the pool, named cases included. */
  occupied: figureSchema,
  /** Promised to others; leaves out the beds of listed transfer orders. */
  held: figureSchema,
  /** Kept for the hospital's own patients: a plan leaves them, an admission by name may take them. */
  protected: countSchema,
  /** Beds that the oxygen supply carries. */
  oxygenBeds: limitSchema,
  ...provenanceShape,
})
export type Pool = z.infer<typeof poolSchema>

/** What a pool is; its figures change by reports and stays only. */
export const definitionSchema = poolSchema.omit({ physical: true, staffed: true, occupied: true, held: true }).meta({ id: 'PoolDefinition' })
export type PoolDefinition = z.infer<typeof definitionSchema>

/** The two ends of a telephone line, as posts; never as names or numbers. */
const onBehalfSchema = z.strictObject({ calledPost: postSchema, answeredPost: postSchema }).meta({ id: 'OnBehalf' })

/** What is counted of one pool. Left out means unchanged; unknown is said, and not carried on as the old figure. */
const countedShape = {
  physical: figureSchema.optional(),
  staffed: figureSchema,
  occupied: figureSchema,
  held: figureSchema.optional(),
}
/** When, from where, and who told whom. Shorter than the source that is kept, which says who called as well. */
const toldShape = {
  asOf: instantSchema.optional(),
  source: z.string().min(1).max(240).optional(),
  onBehalf: onBehalfSchema.optional(),
}

/** A count of one pool. */
export const reportSchema = z.strictObject({ ...countedShape, ...toldShape }).meta({ id: 'BedReport' })
export type BedReport = z.infer<typeof reportSchema>

/** A count of every pool of one place, together. */
export const placeReportSchema = z.strictObject({
  pools: z.record(idSchema, z.strictObject(countedShape)),
  ...toldShape,
}).meta({ id: 'PlaceReport' })
export type PlaceReport = z.infer<typeof placeReportSchema>

/** What a version of a pool says of where its figures come from. */
export function sourceOfReport({ source, onBehalf }: Pick<BedReport, 'source' | 'onBehalf'>, by: string): string {
  const own = source ?? `report by ${by}`
  return onBehalf === undefined ? own : `${own}; by telephone, ${onBehalf.calledPost} called, ${onBehalf.answeredPost} answered`
}

/** The figures that decide how many more people a pool can take. */
export type BedFigures = Pick<Pool, 'physical' | 'staffed' | 'occupied' | 'held' | 'protected' | 'oxygenBeds'>

/** What a place reports of a pool, and what is unknown until it does: nobody's silence is nought. */
export const REPORTED_FIGURES = {
  physical: text('实有床位', 'beds set up'),
  staffed: text('开放床位', 'beds with staff'),
  occupied: text('在院人数', 'everyone in the pool'),
  held: text('本处已许给他人的床位', 'beds that the place itself has promised'),
} as const satisfies Vocabulary<string>
export type ReportedFigure = keyof typeof REPORTED_FIGURES

/** Figures that nobody has reported; while there is one, nobody knows how many beds are free. */
export const unknownFigures = (pool: BedFigures): ReportedFigure[] => keysOf(REPORTED_FIGURES).filter((figure) => !isKnown(pool[figure]))

/** Beds set up, staffed and carried by the oxygen supply; null while a figure is unknown. */
export function openBeds(pool: BedFigures): number | null {
  if (!isKnown(pool.physical) || !isKnown(pool.staffed)) return null
  return Math.min(pool.physical, pool.staffed, allowedBy(pool.oxygenBeds))
}

/**
 * Beds that may be given to somebody now: open, less occupied, held and protected.
 * Negative when the pool is over its limit as found; null while a figure is unknown.
 */
export function bedsFree(pool: BedFigures): number | null {
  const open = openBeds(pool)
  if (open === null || !isKnown(pool.occupied) || !isKnown(pool.held)) return null
  return open - pool.occupied - pool.held - pool.protected
}

/** What the plan may fill: never below nought, nothing while unknown. */
export const usableBeds = (pool: BedFigures): number => Math.max(0, bedsFree(pool) ?? 0)
