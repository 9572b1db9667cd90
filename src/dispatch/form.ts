import { type Person, SEVERITIES, STATUSES } from '../cases/cases.js'
import { CARE_LEVELS } from '../facilities/beds.js'
import { BLANK, escaped, formOfRows, formRow as row, inBoth as both, paper } from '../kernel/paper.js'
import { type Text, text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'
import type { TransferOrder } from './store.js'
import { STATES } from './orders.js'

/** What the paper of one order needs beside the order. */
export interface OnPaper {
  readonly order: TransferOrder
  readonly person: Person
  readonly from: Text
  /** Null: out of the system, to what the order names. */
  readonly to: { readonly name: Text; readonly careLevel: keyof typeof CARE_LEVELS } | null
  readonly isDrill: boolean
}

const timeOf = (moment: Date | null): string => (moment === null ? BLANK : escaped(instantOf(moment).slice(0, 16).replace('T', ' ')))
const wordsOf = (words: string | null | undefined): string => (words === null || words === undefined ? BLANK : escaped(words))

/**
 * The transfer form (病例转运交接单) of one order, to be printed: one page that loads nothing and runs nothing. Name and
 * identity number are blanks, since the service does not hold them; so are the signatures.
 */
export function formOf({ order, person, from, to, isDrill }: OnPaper): string {
  const { handover } = order
  const outside = order.outside ?? ''
  const led = to === null ? text(`系统外：${outside}`, `outside this system: ${outside}`)
    : text(`${to.name.zh} ${CARE_LEVELS[to.careLevel].zh}`, `${to.name.en}, ${CARE_LEVELS[to.careLevel].en}`)
  const rows = [
    row(text('转运指令编号', 'Number of the transfer order'), escaped(order.id)),
    row(text('状态', 'State'), both(STATES[order.state])),
    row(text('病例编号', 'Id of the case'), escaped(order.patient)),
    row(text('姓名', 'Name'), BLANK),
    row(text('身份证件号码', 'Identity number'), BLANK),
    row(text('诊断、病情', 'Diagnosis, severity'), both(text(`${STATUSES[person.status].zh}，${SEVERITIES[person.severity].zh}`, `${STATUSES[person.status].en}, ${SEVERITIES[person.severity].en}`))),
    row(text('转出场所', 'Sending place'), both(from)),
    row(text('接收场所、床位', 'Receiving place, bed'), both(led)),
    row(text('车辆、班组', 'Vehicle, crew'), wordsOf([order.vehicle, order.crew].filter((part) => part !== null).join(' / ') || null)),
    row(text('计划出发、到达', 'Planned departure, arrival'), `${timeOf(order.departs)} — ${timeOf(order.arrives)}`),
    row(text('实际出车、交接', 'Dispatched, handed over'), `${timeOf(order.dispatchedAt)} — ${timeOf(order.arrivedAt)}`),
    row(text('患者状况', 'Condition of the patient'), wordsOf(handover?.condition)),
    row(text('途中处置', 'Treatment on the way'), wordsOf(handover?.treatment)),
    row(text('随身物品', 'Belongings'), wordsOf(handover?.belongings)),
    ...(['sender', 'crew', 'receiver'] as const).map((side) => row(SIGNATURES[side],
      handover === null ? BLANK : `${escaped(handover[side].post)} ${escaped(handover[side].at.slice(0, 16).replace('T', ' '))}`)),
  ]
  return paper(text('病例转运交接单', 'Transfer form'), order.id, formOfRows(rows), isDrill)
}

const SIGNATURES = {
  sender: text('转出方签字（岗位、时间）', 'Signed by the sender (post, time)'),
  crew: text('转运人员签字（岗位、时间）', 'Signed by the crew (post, time)'),
  receiver: text('接收方签字（岗位、时间）', 'Signed by the receiver (post, time)'),
} as const
