import { z } from 'zod'
import { byCodeUnits } from '../kernel/canonical.js'
import { nameSchema } from '../kernel/names.js'
import { provenanceShape } from '../kernel/provenance.js'
import { countSchema, limitSchema } from '../kernel/quantity.js'
import { text } from '../kernel/text.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'

/** Base units: what is counted one by one. Packings are multiples of it, and are never mixed with it. */
export const BASE_UNITS = {
  piece: text('只', 'piece'),
  pair: text('双', 'pair'),
  suit: text('套', 'suit'),
  bottle: text('瓶', 'bottle'),
  bag: text('袋', 'bag'),
} as const satisfies Vocabulary<string>

/** Zones of a place that treats or isolates. What may be worn in which is the item's grade. */
export const ZONES = {
  red: text('污染区', 'contaminated zone'),
  buffer: text('缓冲区', 'buffer zone'),
  clean: text('清洁区', 'clean zone'),
} as const satisfies Vocabulary<string>
export type Zone = keyof typeof ZONES

/** One kind of consumable. What people call the same and is of another grade is another item. */
export const itemSchema = z.strictObject({
  name: nameSchema,
  unit: wordSchema(BASE_UNITS),
  /** The standard on the label, such as GB 19083-2010. */
  grade: z.string().min(1).max(80),
  /** Zones into which it may go by its grade. */
  zones: z.array(wordSchema(ZONES)).min(1),
  /** The smallest packing that leaves a warehouse unopened; null: single units do. */
  shipsBy: z.string().min(1).nullable(),
  /** Volume of one base unit, for the vehicles. */
  cubicCentimetres: limitSchema,
  ...provenanceShape,
})
export type Item = z.infer<typeof itemSchema>

/** A packing of one item: so many base units in a box or carton. */
export const packingSchema = z.strictObject({
  item: z.string().min(1),
  /** What it is called: box, carton. */
  packing: z.string().min(1).max(40),
  units: countSchema.min(2),
  ...provenanceShape,
})
export type Packing = z.infer<typeof packingSchema>

/** Whose code it is. */
export const CODE_SYSTEMS = {
  own: text('本系统', 'of this system'),
  gtin: text('GTIN 商品条码', 'GTIN'),
  gbt38565: text('GB/T 38565 应急物资编码', 'GB/T 38565'),
  local: text('本地编码', 'local'),
} as const satisfies Vocabulary<string>

/** What an item, or a packing of it, is called in some system of codes. */
export const itemCodeSchema = z.strictObject({
  item: z.string().min(1),
  system: wordSchema(CODE_SYSTEMS),
  /** A GTIN in fourteen digits. */
  code: z.string().min(1).max(40),
  /** The packing that bears it; null: the base unit. */
  packing: z.string().min(1).nullable(),
  ...provenanceShape,
})
export type ItemCode = z.infer<typeof itemCodeSchema>

/** What may be used instead of an item when there is none left: the first in order first, one for one. */
export const substituteSchema = z.strictObject({
  item: z.string().min(1),
  order: countSchema.min(1),
  substitute: z.string().min(1),
  ...provenanceShape,
})
export type Substitute = z.infer<typeof substituteSchema>

/** A part of a kit: nobody works a shift with less. A kit is all rows of its name. */
export const kitPartSchema = z.strictObject({
  kit: z.string().min(1),
  item: z.string().min(1),
  /** Base units in one kit. */
  units: countSchema.min(1),
  ...provenanceShape,
})
export type KitPart = z.infer<typeof kitPartSchema>

/** So many of one packing. */
export interface PackingCount {
  readonly packing: string
  readonly count: number
}

/** So many base units as a storekeeper hands them out: the largest packings first; what none of them holds goes singly. */
export function inPackings(units: number, packings: readonly Pick<Packing, 'packing' | 'units'>[]): { packings: PackingCount[]; singles: number } {
  let left = units
  const counts = [...packings].sort((a, b) => b.units - a.units || byCodeUnits(a.packing, b.packing)).flatMap((one) => {
    const count = Math.floor(left / one.units)
    left -= count * one.units
    return count === 0 ? [] : [{ packing: one.packing, count }]
  })
  return { packings: counts, singles: left }
}

/** Base units of the packing that an item ships by. */
export function unitsShipped({ shipsBy }: Pick<Item, 'shipsBy'>, packings: readonly Pick<Packing, 'packing' | 'units'>[]): number {
  return shipsBy === null ? 1 : packings.find(({ packing }) => packing === shipsBy)?.units ?? 1
}
