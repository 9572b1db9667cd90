import type { Act } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { currentRecord } from '../db/records.js'
import { Refused, wrongAt } from '../kernel/refusal.js'
import { counted, joinTexts, text } from '../kernel/text.js'
import type { Day } from '../kernel/time.js'
import { gtin14Of, isGtin, mayHoldCount, readScan } from './gs1.js'
import { BASE_UNITS, type Item } from './items.js'
import type { ReceiptLine } from './notes.js'
import { UNITS_MAX } from './stockBook.js'
import { codeOf, ITEMS, packingOf, partsOf } from './store.js'

/** Who does for any place what a place does with its own material. */
export const SUPPLIES_GROUP = text('物资保障组', 'the supplies group')

/** Refuses what is no item; of a kit it says what is in it, since only its parts are kept and given out. */
export async function mustBeItem(tx: Tx, id: string, pointer: string): Promise<Item> {
  const found = await currentRecord(tx, ITEMS, id)
  if (found !== null) return found.body
  const parts = await partsOf(tx, id)
  if (parts.length === 0) throw wrongAt('unknownReference', pointer, `没有品目 ${id}`, `there is no item ${id}`)
  const named = joinTexts(parts.map(({ item, name, unit, units }) =>
    text(`${name.zh}（${item}）${units} ${BASE_UNITS[unit].zh}`, `${counted(units, `${BASE_UNITS[unit].en}s`)} of ${name.en} (${item})`)))
  throw wrongAt('unknownReference', pointer, `${id} 是成套，不是品目；请按其中各品目填，一套含：${named.zh}`, `${id} is a kit, and no item; name the items in it, one kit is: ${named.en}`)
}

export interface Quantity {
  /** Null: base units. */
  readonly packing: string | null
  readonly count: number
}

/** Base units of so many packings of an item. Refuses: unknownReference, wrongReference for a packing not of that item, wrongFigure. */
export async function unitsOf(tx: Tx, { item, packing, count }: Quantity & { item: string }, at: string): Promise<number> {
  await mustBeItem(tx, item, `${at}/item`)
  const each = packing === null ? 1 : (await packingOf(tx, item, packing))?.units
  if (each === undefined) {
    throw wrongAt('wrongReference', `${at}/packing`, `${item} 没有“${packing}”这种包装；请先登记，或按基本单位填`, `${item} has no packing called ${packing}; put it down first, or count base units`)
  }
  const units = each * count
  if (units <= UNITS_MAX) return units
  throw wrongAt('wrongFigure', `${at}/count`, `合计 ${units} 个基本单位，超过 ${UNITS_MAX}；请核对`, `that is ${units} base units, more than ${UNITS_MAX}; look at it again`)
}

/** What comes in by one line of a receipt. */
export interface Bringing {
  readonly item: string
  readonly lot: string | null
  readonly expiresOn: Day | null
  readonly units: number
}

/** Lines of a receipt with what their scans say. Refuses a scan that is not right, an unknown code, lines that contradict their scan, and an expiry that nobody wrote. */
export async function broughtIn(act: Act, lines: readonly ReceiptLine[], day: Day): Promise<Bringing[]> {
  const brought: Bringing[] = []
  for (const [index, line] of lines.entries()) brought.push(await bringing(act, line, `/lines/${index}`, day))
  return brought
}

async function bringing({ tx }: Act, line: ReceiptLine, at: string, day: Day): Promise<Bringing> {
  const scanned = line.scan === null ? null : await readCode(tx, line.scan, at, day)
  const item = agreed(line.item, scanned?.item ?? null, `${at}/item`)
  if (item === null) throw wrongAt('wrongReference', `${at}/item`, '请写品目，或扫描带 GTIN 的条码', 'name the item, or scan a code that has a GTIN')
  const packing = agreed(line.packing, scanned?.packing ?? null, `${at}/packing`)
  const count = agreed(line.count, scanned?.count ?? null, `${at}/count`)
  if (count === null) throw uncounted(line.scan, `${at}/count`)
  if (count < 1) throw wrongAt('wrongFigure', `${at}/count`, '数量为 0，没有货到；请核对条码', 'a count of 0 is nothing that came; look at the code again')
  const lot = agreed(line.lot, scanned?.lot ?? null, `${at}/lot`)
  const expiresOn = expiryOf(line, scanned?.expiresOn ?? null, `${at}/expiresOn`)
  if (expiresOn !== null && expiresOn < day) {
    throw wrongAt('wrongTime', `${at}/expiresOn`, `${expiresOn} 已经过期，不能入库；请核对日期，过期的退回供方`, `${expiresOn} is past, and what has expired is not taken in; look at the date again, or send it back`)
  }
  return { item, lot, expiresOn, units: await unitsOf(tx, { item, packing, count }, at) }
}

/** How many is asked for; where a lot or serial may have swallowed the count of the code it says how that was read. */
function uncounted(scan: string | null, at: string): Refused {
  const read = scan === null ? null : mayHoldCount(scan)
  const [zh, en] = read === null ? ['', ''] : [
    `。条码末尾读作${read.name.zh} ${read.value}；若其中还有数量，是扫描枪丢了分隔符（FNC1，即 ASCII 29）：请设置扫描枪后再扫，或不写 scan，照包装手填`,
    `. The end of the code was read as the ${read.name.en} ${read.value}; if a count is in that, a separator (FNC1, ASCII 29) is missing: set up the scanner and scan again, or leave scan out and write what is on the packing`,
  ]
  return wrongAt('wrongFigure', at, `请写数量；条码里没有${zh}`, `say how many; the code does not${en}`)
}

/** What is not written may well expire: a lot that never does would be given out last, and for ever. */
function expiryOf({ expiresOn: written }: ReceiptLine, scanned: Day | null, at: string): Day | null {
  if (written === undefined && scanned === null) {
    throw wrongAt('wrongTime', at, '没有写有效期，条码里也没有；请写包装上的有效期，不过期的写 null', 'the expiry is not written, and no code says it; write the one on the packing, or null where it does not expire')
  }
  if (written === null && scanned !== null) {
    throw wrongAt('wrongReference', at, `此处写不过期，条码说 ${scanned}；请核对实物`, `here it says that it does not expire, and the code says ${scanned}; look at the goods`)
  }
  return agreed(written ?? null, scanned, at)
}

interface Scanned extends Omit<Bringing, 'units' | 'item'> {
  readonly item: string | null
  readonly packing: string | null
  readonly count: number | null
}

async function readCode(tx: Tx, code: string, at: string, day: Day): Promise<Scanned> {
  // The plain bar code of a shop says what it is, and nothing else.
  const { gtin, lot, expiresOn, count } = isGtin(code) ? { gtin: code, lot: null, expiresOn: null, count: null } : labelAt(code, `${at}/scan`, day)
  if (gtin === null) return { item: null, packing: null, lot, expiresOn, count }
  const known = await codeOf(tx, 'gtin', gtin14Of(gtin))
  if (known === null) throw wrongAt('unknownReference', `${at}/scan`, `没有登记 GTIN ${gtin}；请先登记其品目和包装`, `GTIN ${gtin} is not known; put down which item and packing it is`)
  // One scan of one packing is one of it, where the code does not count.
  return { item: known.body.item, packing: known.body.packing, lot, expiresOn, count }
}

function labelAt(code: string, at: string, day: Day): Pick<ReturnType<typeof readScan>, 'gtin' | 'lot' | 'expiresOn' | 'count'> {
  try {
    const scan = readScan(code, day)
    // Some labels say until when it is good (15), and not when it expires.
    return { ...scan, expiresOn: scan.expiresOn ?? scan.bestBefore }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const { zh, en } = error.refusal.text
    throw wrongAt(error.refusal.code, at, zh, en)
  }
}

function agreed<T extends string | number>(written: T | null, scanned: T | null, at: string): T | null {
  if (written === null || scanned === null || written === scanned) return written ?? scanned
  throw wrongAt('wrongReference', at, `此处写 ${written}，条码说 ${scanned}；请核对实物`, `here it says ${written}, and the code says ${scanned}; look at the goods`)
}
