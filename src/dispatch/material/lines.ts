import { type Refused, refuseAt, wrongAt } from '../../kernel/refusal.js'
import { joinTexts, text } from '../../kernel/text.js'
import type { ReceivedLine, ShippedLine } from './bodies.js'
import { DAMAGE_REASONS, DIFFERENCE_REASONS, LACK_REASONS } from './allocations.js'
import type { AllocationLine, LineChange } from './store.js'

/** What of each line is put on the road: as told, and all that was ordered where nothing is told. Refuses: wrongReference, doesNotAddUp. */
export function shippedOf(order: string, lines: readonly AllocationLine[], told: readonly ShippedLine[]): ReadonlyMap<number, number> {
  const shipped = new Map(lines.map(({ seq, ordered }) => [seq, ordered]))
  for (const { line: { seq, ordered }, said: { units }, at } of matched(order, lines, told)) {
    if (units > ordered) {
      throw wrongAt('doesNotAddUp', `${at}/units`, `第 ${seq} 行下达 ${ordered}，不能发运 ${units}；多出的另下调拨单`, `line ${seq} was ordered as ${ordered}, so ${units} cannot be shipped; issue another order for what is beyond`)
    }
    shipped.set(seq, units)
  }
  if ([...shipped.values()].some((units) => units > 0)) return shipped
  throw wrongAt('doesNotAddUp', '/lines', '一件也没有发运；不发的请取消此单', 'nothing at all is shipped; cancel the order where nothing goes')
}

interface Found extends Required<Pick<LineChange, 'difference' | 'missingDifference'>> {
  readonly accepted: number
  readonly damaged: number
  readonly missing: number
}

/** What was found of each line at the door: as told, and all accepted where nothing is told. Refuses: wrongReference, doesNotAddUp, invalidInput. */
export function receivedOf(order: string, lines: readonly AllocationLine[], told: readonly ReceivedLine[]): ReadonlyMap<number, Found> {
  const found = new Map(lines.map(({ seq, shipped }): [number, Found] => [seq, { accepted: shipped ?? 0, damaged: 0, missing: 0, difference: null, missingDifference: null }]))
  for (const { line: { seq, shipped }, said, at } of matched(order, lines, told)) {
    const { accepted, damaged, missing } = said
    const [all, sent] = [accepted + damaged + missing, shipped ?? 0]
    if (all !== sent) throw notTheSame({ seq, all, sent, at })
    mustSayWhy(said, at)
    found.set(seq, { accepted, damaged, missing, difference: said.difference ?? null, missingDifference: said.missingDifference ?? null })
  }
  return found
}

/** One reason for what is damaged, or for what is missing; one for each where some are and others are. Refuses: invalidInput. */
function mustSayWhy({ damaged, missing, difference, missingDifference }: ReceivedLine, at: string): void {
  const isBoth = damaged > 0 && missing > 0
  if (damaged + missing === 0) {
    if (difference === undefined && missingDifference === undefined) return
    throw refuseAt(`${at}/${difference === undefined ? 'missingDifference' : 'difference'}`, '全部验收，没有差异；请去掉差异原因', 'all of it was accepted, so there is no difference to explain; leave it out')
  }
  if (difference === undefined) throw refuseAt(`${at}/difference`, '有损坏或短少，请写明差异原因', 'something was damaged or missing: say why')
  const fitting = damaged > 0 ? DAMAGE_REASONS : LACK_REASONS
  if (!Object.hasOwn(fitting, difference)) {
    const [reason, reasons] = [DIFFERENCE_REASONS[difference], joinTexts(Object.entries(fitting).map(([key, { zh, en }]) => text(`${key}（${zh}）`, `${key} (${en})`)))]
    throw refuseAt(`${at}/difference`,
      `“${reason.zh}”不是${damaged > 0 ? '损坏' : '短少'}的原因，应为其一：${reasons.zh}`,
      `“${reason.en}” is no reason why something ${damaged > 0 ? 'came damaged' : 'is missing'}; it is one of: ${reasons.en}`)
  }
  if (isBoth && missingDifference === undefined) {
    throw refuseAt(`${at}/missingDifference`, '既有损坏又有短少：difference 写损坏的原因，missingDifference 另写短少的原因',
      'some came damaged and others are missing: difference says why of those that are damaged, and missingDifference of those that are missing')
  }
  if (!isBoth && missingDifference !== undefined) {
    throw refuseAt(`${at}/missingDifference`, '没有兼有损坏与短少，原因只写在 difference；请去掉这一处', 'not both: the one reason is said by difference; leave this one out')
  }
}

function notTheSame({ seq, all, sent, at }: { seq: number; all: number; sent: number; at: string }): Refused {
  return all > sent
    ? wrongAt('doesNotAddUp', at, `第 ${seq} 行发运 ${sent}，不能收到 ${all}；多出的请另作入库`, `line ${seq}: ${sent} were shipped, so ${all} cannot have come; put down what is beyond as a receipt`)
    : wrongAt('doesNotAddUp', at, `第 ${seq} 行发运 ${sent}，只说明了 ${all}；验收、损坏、短少之和应等于发运数`, `line ${seq}: ${sent} were shipped and ${all} are accounted for; accepted, damaged and missing together are what was shipped`)
}

interface Match<S> {
  readonly line: AllocationLine
  readonly said: S
  readonly at: string
}

/** Each line of a request with the line of the order that it is about. */
function matched<S extends { readonly seq: number }>(order: string, lines: readonly AllocationLine[], told: readonly S[]): Match<S>[] {
  const seen = new Set<number>()
  return told.map((said, index) => {
    const at = `/lines/${index}`
    const line = lines.find(({ seq }) => seq === said.seq)
    if (line === undefined) throw wrongAt('wrongReference', `${at}/seq`, `调拨单 ${order} 没有第 ${said.seq} 行`, `allocation order ${order} has no line ${said.seq}`)
    if (seen.has(said.seq)) throw refuseAt(`${at}/seq`, '一行只写一次', 'each line is named once')
    seen.add(said.seq)
    return { line, said, at }
  })
}
