import { BLANK, escaped, formOfRows, formRow as row, inBoth as both, paper, partOf, tableOf } from '../../kernel/paper.js'
import { joinTexts, type Text, text } from '../../kernel/text.js'
import { instantOf } from '../../kernel/time.js'
import { BASE_UNITS, type Item } from '../../supplies/items.js'
import { type BesideAllocations, packedOf } from './beside.js'
import { ALLOCATION_KINDS, ALLOCATION_STATES, ALLOCATION_STEPS, type AllocationStep, DIFFERENCE_REASONS } from './allocations.js'
import type { Allocation, AllocationEvent, AllocationLine } from './store.js'

/** What the papers of one order need beside the order. */
export interface AllocationOnPaper extends Allocation, BesideAllocations {
  /** Null: it comes from outside of the system. */
  readonly from: Text | null
  readonly to: Text
  readonly items: Readonly<Record<string, Item>>
  /** The step that made the order what it is. */
  readonly last: Pick<AllocationEvent, 'step' | 'at' | 'recordedBy' | 'note' | 'details'>
  readonly isDrill: boolean
}

const OUTSIDE = text('系统外', 'outside this system')
const wordsOf = (words: string | null): string => (words === null ? BLANK : escaped(words))
const timeOf = (moment: Date | null): string => (moment === null ? BLANK : escaped(instantOf(moment).slice(0, 16).replace('T', ' ')))
const figure = (units: number | null): string => (units === null ? BLANK : String(units))

/** A figure, and below it what a storekeeper counts: `1150`, then `2 carton + 3 box`. */
function packedFigure({ line, units, packings }: { line: AllocationLine; units: number | null } & Pick<BesideAllocations, 'packings'>): string {
  if (units === null) return BLANK
  const { packings: counts, singles } = packedOf({ packings }, line, units)
  if (counts.length === 0) return figure(units)
  const parts = counts.map(({ packing, count }) => text(`${count} ${packing}`, `${count} ${packing}`))
  return `${figure(units)}<br>${both(joinTexts([...parts, ...(singles === 0 ? [] : [text(`散 ${singles}`, `${singles} loose`)])], PLUS))}`
}

const PLUS = text(' + ', ' + ')

/** Why something was damaged, and why something is missing. */
function whyOf({ difference, missingDifference }: AllocationLine): string {
  if (difference === null) return BLANK
  const reason = DIFFERENCE_REASONS[difference]
  if (missingDifference === null) return both(reason)
  const missing = DIFFERENCE_REASONS[missingDifference]
  return both(text(`损坏：${reason.zh}；短少：${missing.zh}`, `damaged: ${reason.en}; missing: ${missing.en}`))
}

type Column = readonly [title: Text, cell: (line: AllocationLine) => string]

/**
 * The papers of one order, to be printed: the issue note (出库单) of the sender, the receipt (签收单) that is signed at the
 * door, and the receipt note (入库单) of the receiver. A page that loads nothing and runs nothing; signatures are blanks.
 */
export function formOfAllocation({ order, lines, from, to, items, lots, packings, shipments, last, isDrill }: AllocationOnPaper): string {
  const about: Column[] = [
    [text('行', 'Line'), ({ seq }) => String(seq)],
    [text('品目、规格', 'Item, grade'), ({ item }) => `${both(items[item]?.name ?? text(item, item))}<br>${escaped(items[item]?.grade ?? '')}`],
    [text('批号、有效期至', 'Lot, expiry'), ({ lot }) => `${wordsOf(lots[lot]?.lot ?? null)}<br>${wordsOf(lots[lot]?.expiresOn ?? null)}`],
    [text('单位', 'Unit'), ({ item }) => both(BASE_UNITS[items[item]?.unit ?? 'piece'])],
    [text('代替', 'Stands in for'), ({ substituteFor }) => (substituteFor === null ? BLANK : both(items[substituteFor]?.name ?? text(substituteFor, substituteFor)))],
  ]
  const ordered: Column = [text('下达', 'Ordered'), (line) => packedFigure({ line, units: line.ordered, packings })]
  const shipped: Column = [text('实发', 'Shipped'), (line) => packedFigure({ line, units: line.shipped, packings })]
  const accepted: Column = [text('验收', 'Accepted'), (line) => packedFigure({ line, units: line.accepted, packings })]
  const door: Column[] = [
    accepted, [text('损坏', 'Damaged'), (line) => figure(line.damaged)], [text('短少', 'Missing'), (line) => figure(line.missing)],
    [text('差异原因', 'Why they differ'), whyOf],
  ]
  const table = (...columns: Column[]) => tableOf(columns.map(([title]) => title), lines.map((line) => columns.map(([, cell]) => cell(line))))
  const signed = (...who: Text[]) => formOfRows(who.map((title) => row(title, BLANK)))
  const head = formOfRows([
    row(text('调拨单编号', 'Number of the allocation order'), escaped(order.id)),
    row(text('类别、状态', 'Kind, state'), both(text(`${ALLOCATION_KINDS[order.kind].zh}，${ALLOCATION_STATES[order.state].zh}`, `${ALLOCATION_KINDS[order.kind].en}, ${ALLOCATION_STATES[order.state].en}`))),
    row(text('方案、票号', 'Plan, shipment'), wordsOf(order.run === null ? null : `${order.run} / ${shipments.get(order.id) ?? '—'}`)),
    row(text('发出场所', 'Sending place'), both(from ?? OUTSIDE)),
    row(text('接收场所', 'Receiving place'), both(to)),
    row(text('应发运、应到达', 'To leave, to arrive'), `${escaped(order.leavesOn)} — ${escaped(order.arrivesOn)}`),
    row(text('事由', 'Reason'), wordsOf(order.reason)),
    row(text('车辆、承运方', 'Vehicle, carrier'), wordsOf([order.vehicle, order.carrier].filter((part) => part !== null).join(' / ') || null)),
    row(text('实际发运、签收', 'Shipped, received'), `${timeOf(order.shippedAt)} — ${timeOf(order.state === 'received' ? order.endedAt : null)}`),
    ...(ENDS.includes(last.step) ? [row(text(`${ALLOCATION_STEPS[last.step].zh}：何时、由谁、为何`, `${ALLOCATION_STEPS[last.step].en}: when, by whom, why`), endOf(last))] : []),
  ])
  return paper(text('物资调拨单', 'Allocation order'), order.id, [
    head,
    partOf(text('一、出库单', '1. Issue note'), `${table(...about, ordered, shipped)}\n${signed(SIGNATURES.keeper, SIGNATURES.carrier)}`),
    partOf(text('二、签收单', '2. Signed receipt'), `${table(...about, shipped, ...door)}\n${signed(SIGNATURES.carrier, SIGNATURES.receiver)}`),
    partOf(text('三、入库单', '3. Receipt note'), `${table(...about, accepted)}\n${signed(SIGNATURES.storer)}`),
  ].join('\n'), isDrill)
}

/** Steps after which nobody has anything to sign any more. */
const ENDS: readonly AllocationStep[] = ['cancel', 'lose']

/** An order that was cancelled with all of its plan says so. */
function endOf({ at, recordedBy, note, details }: AllocationOnPaper['last']): string {
  const run = details['run']
  const whole = typeof run === 'string' ? `<br>${both(text(`随方案 ${run} 的物资整体撤回`, `with the material of plan ${run}, which was withdrawn`))}` : ''
  return `${timeOf(at)} ${escaped(recordedBy)}<br>${wordsOf(note)}${whole}`
}

const SIGNATURES = {
  keeper: text('发货签字（岗位、时间）', 'Signed by the sender (post, time)'),
  carrier: text('承运签字（岗位、时间）', 'Signed by the carrier (post, time)'),
  receiver: text('收货签字（岗位、时间）', 'Signed by the receiver (post, time)'),
  storer: text('入库签字（岗位、时间）', 'Signed by who stores it (post, time)'),
} as const
