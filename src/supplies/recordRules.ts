import type { Act } from '../db/act.js'
import { placeOf } from '../facilities/store.js'
import { type Refused, refuse, wrongAt } from '../kernel/refusal.js'
import type { Equipment } from './equipment.js'
import { checkDigitOf, gtin14Of, isGtin } from './gs1.js'
import { BASE_UNITS, type Item, type ItemCode, type Packing, type Substitute } from './items.js'
import { mustBeItem } from './noteLines.js'
import { KEPT_BACK, mustRelease } from './releasing.js'
import type { Supply } from './stock.js'
import { codeOf, hasCode, isCounted, packingOf } from './store.js'

/*
 * What makes a record of material wrong beside others, as far as the picture of the city does not say it: the picture
 * judges what an item ships by, norms, circles of substitutes, and which places give out and receive.
 */

/** Refuses another base unit for an item of which something was counted: 400 pairs are not 400 single ones. */
export async function checkItem({ tx }: Act, id: string, after: Item, before: Item | null): Promise<void> {
  if (before === null || before.unit === after.unit || !await isCounted(tx, id)) return
  const { zh, en } = BASE_UNITS[before.unit]
  throw wrongAt('wrongReference', '/unit', `${id} 已按“${zh}”计数（批次、包装等），单位不能改；请另立品目`,
    `${id} is counted by the ${en} already, in lots, packings or elsewhere, so its unit stays; put down another item`)
}

/** Refuses a GTIN that no scan would ever find, a packing that the item does not have, and a code that stands already. */
export async function checkItemCode({ tx }: Act, id: string, { item, system, code, packing }: ItemCode): Promise<void> {
  if (system === 'gtin') checkGtin(code)
  await mustBeItem(tx, item, '/item')
  const known = await codeOf(tx, system, code)
  if (known !== null && known.id !== id) throw standsAlready(known, { item, packing })
  if (packing === null || await packingOf(tx, item, packing) !== null) return
  throw wrongAt('wrongReference', '/packing', `${item} 没有“${packing}”这种包装；请先登记包装，基本单位的编码此处留空`,
    `${item} has no packing called ${packing}; put the packing down first, or leave this out where the code is of the base unit`)
}

function standsAlready({ id, body }: { id: string; body: ItemCode }, { item, packing }: Pick<ItemCode, 'item' | 'packing'>): Refused {
  const [zh, en] = body.packing === null ? [`${body.item} 的基本单位`, `the base unit of ${body.item}`] : [`${body.item} 的“${body.packing}”`, `the ${body.packing} of ${body.item}`]
  return body.item === item && body.packing === packing
    ? refuse('alreadyExists', `此编码已登记（${id}），指的就是${zh}，不必再登`, `this code stands already (${id}), and means just that: ${en}`)
    : refuse('alreadyExists', `此编码已指${zh}（${id}）；登错的请改那一条`, `this code means ${en} already (${id}); change that row where it is wrong`)
}

function checkGtin(code: string): void {
  if (isGtin(code)) {
    const kept = gtin14Of(code)
    if (code !== kept) throw wrongAt('wrongReference', '/code', `GTIN 须写成 14 位：${kept}`, `a GTIN is put down in 14 digits: ${kept}`)
    return
  }
  if (!/^(?:\d{8}|\d{12,14})$/.test(code)) {
    throw wrongAt('wrongReference', '/code', 'GTIN 为 8、12、13 或 14 位数字，登记时在前面补 0 写成 14 位', 'a GTIN is 8, 12, 13 or 14 digits, and is put down in 14 with noughts before it')
  }
  const right = checkDigitOf(code.slice(0, -1))
  throw wrongAt('wrongReference', '/code', `GTIN 末位校验码为 ${code.at(-1)}，按前面各位应为 ${right}；请核对条码`,
    `the check digit of this GTIN is ${code.at(-1)}; after these digits it is ${right}: look at the bar code again`)
}

/** Refuses another name, or another item, for a packing that bears a code: the code would mean a packing that is not there. */
export async function checkPacking({ tx }: Act, after: Packing, before: Packing | null): Promise<void> {
  if (before === null || (before.item === after.item && before.packing === after.packing)) return
  if (!await hasCode(tx, before.item, before.packing)) return
  throw wrongAt('wrongReference', before.item === after.item ? '/packing' : '/item', `已有编码指 ${before.item} 的“${before.packing}”；请先改编码，再改包装`,
    `a code means the ${before.packing} of ${before.item}; change the code first`)
}

/** Refuses a substitute that is counted in another unit: one for one, a pair is no piece. */
export async function checkSubstitute({ tx }: Act, { item, substitute }: Substitute): Promise<void> {
  const [of, instead] = [await mustBeItem(tx, item, '/item'), await mustBeItem(tx, substitute, '/substitute')]
  if (of.unit === instead.unit) return
  throw wrongAt('wrongReference', '/substitute', `${substitute} 按“${BASE_UNITS[instead.unit].zh}”计，${item} 按“${BASE_UNITS[of.unit].zh}”计；一对一替代，单位须相同`,
    `${substitute} is counted by the ${BASE_UNITS[instead.unit].en}, and ${item} by the ${BASE_UNITS[of.unit].en}; what stands in one for one is counted in the same unit`)
}

/** Refuses a machine on loan from nowhere, or from where it stands. */
export async function checkEquipment({ tx }: Act, { place, onLoanFrom }: Equipment): Promise<void> {
  if (onLoanFrom === null) return
  if (onLoanFrom === place) {
    throw wrongAt('wrongReference', '/onLoanFrom', `${place} 就是它所在之处；本处自有的留空`, `${place} is where it stands; leave this out for a machine of the place itself`)
  }
  if (await placeOf(tx, onLoanFrom) !== null) return
  throw wrongAt('unknownReference', '/onLoanFrom', `没有场所 ${onLoanFrom}`, `there is no place ${onLoanFrom}`)
}

/** Refuses who lets go what is kept back before it comes: that is for the command, as after. */
export async function checkSupply(act: Act, { authority, released }: Supply): Promise<void> {
  if (released) mustRelease(act, authority, KEPT_BACK)
}
