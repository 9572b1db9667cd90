import { z } from 'zod'
import { countSchema } from '../kernel/quantity.js'
import { text } from '../kernel/text.js'
import { daySchema, instantSchema } from '../kernel/time.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { AUTHORITIES, unitsSchema } from './stock.js'

/** Kinds of notes of stock (单据): what moves stock at one place. Between places it moves by allocation orders. */
export const NOTE_KINDS = {
  receipt: text('入库', 'receipt'),
  return: text('退回供方', 'return to the supplier'),
  consumption: text('消耗', 'consumption'),
  loss: text('丢失', 'loss'),
  damage: text('损坏', 'damage'),
  expiry: text('过期', 'expiry'),
  stocktake: text('盘点', 'stocktake'),
  reversal: text('冲销', 'reversal'),
} as const satisfies Vocabulary<string>
export type NoteKind = keyof typeof NOTE_KINDS

const { receipt: _in, stocktake: _counted, reversal: _back, ...WAYS_OUT } = NOTE_KINDS
/** Kinds of notes by which stock leaves a place for good. */
export const OUT_KINDS = WAYS_OUT
export type OutKind = keyof typeof OUT_KINDS

const idShape = z.string().min(1).max(200)
const placeShape = {
  place: idShape,
  /** When it happened; now when left out. */
  at: instantSchema.optional(),
  note: z.string().min(1).max(400).nullable().default(null),
}
/** So many packings, or base units where `packing` is null. */
const quantityShape = { packing: z.string().min(1).max(40).nullable().default(null), count: countSchema.min(1) }

/** A lot and expiry of a known GTIN; the lot, of variable length, ends at FNC1. */
const SCAN = {
  description: '扫描 GS1 条码所得的原文，不加改动；变长项（批号、数量）后的 FNC1 即扫描枪送出的 ASCII 29（JSON 写作 \\u001d）；也可写成带括号的 (01)…(17)…(10)…；null 为手填\n'
    + 'One scan of a GS1 code as the scanner gives it; FNC1, behind what is of variable length (lot, count), is ASCII 29 (\\u001d in JSON); the form in brackets, (01)…(17)…(10)…, is read too; null: written by hand',
  example: ']C101069328765430121722011710AB-20200118\u001d30200',
}

/**
 * One lot that comes in. What a scan says need not be written again; what is written must agree with it. An expiry that
 * nobody wrote is unknown, and not that there is none.
 */
export const receiptLineSchema = z.strictObject({
  /** One scan of a GS1 code as the scanner gives it. */
  scan: z.string().max(400).nullable().default(null).meta(SCAN),
  item: idShape.nullable().default(null),
  lot: z.string().min(1).max(20).nullable().default(null),
  /** Null: it does not expire. Left out: as the scan says. */
  expiresOn: daySchema.nullable().optional(),
  packing: quantityShape.packing,
  /** Null: as the scan says. */
  count: countSchema.min(1).nullable().default(null),
}).meta({ id: 'StockReceiptLine' })
export type ReceiptLine = z.infer<typeof receiptLineSchema>

export const receiptSchema = z.strictObject({
  ...placeShape,
  /** Who gave it: a supplier, a producer, a donor; never a person. */
  party: z.string().min(1).max(80),
  authority: wordSchema(AUTHORITIES),
  released: z.boolean(),
  earmark: idShape.nullable().default(null),
  lines: z.array(receiptLineSchema).min(1).max(100),
})
export type Receipt = z.infer<typeof receiptSchema>

/** What goes out: of a lot, or of whichever expires first. */
export const outLineSchema = z.strictObject({ item: idShape, lot: idShape.nullable().default(null), ...quantityShape })
export type OutLine = z.infer<typeof outLineSchema>

export const outSchema = z.strictObject({
  ...placeShape,
  kind: wordSchema(OUT_KINDS),
  party: z.string().min(1).max(80).nullable().default(null),
  lines: z.array(outLineSchema.meta({ id: 'StockOutLine' })).min(1).max(100),
})
export type Out = z.infer<typeof outSchema>

/** A count of all that lies of one item at one place, lot by lot, by the ids of the lots. */
export const stocktakeSchema = z.strictObject({
  ...placeShape,
  item: idShape,
  counted: z.record(idShape, unitsSchema),
})
export type Stocktake = z.infer<typeof stocktakeSchema>

export const reversalSchema = z.strictObject({ note: z.string().min(1).max(400) })
export type Reversal = z.infer<typeof reversalSchema>
