import { FITNESS, fitnessUntil, NEEDS, type Person, SEVERITIES, STATUSES } from '../cases/cases.js'
import { CARE_LEVELS } from '../facilities/beds.js'
import { BLANK, escaped, formOfRows, formRow as row, inBoth as both, paper } from '../kernel/paper.js'
import { joinTexts, type Text, text } from '../kernel/text.js'
import { instantOf, momentOf } from '../kernel/time.js'
import type { OrderEvent, TransferOrder } from './store.js'
import { STATES, TURN_BACK_REASONS } from './orders.js'

/** What the paper of one order needs beside the order. */
export interface OnPaper {
  readonly order: TransferOrder
  readonly person: Person
  readonly from: Text
  /** Null: out of the system, to what the order names. */
  readonly to: { readonly name: Text; readonly careLevel: keyof typeof CARE_LEVELS } | null
  /** What has happened to the order, in order. */
  readonly events: readonly Pick<OrderEvent, 'step' | 'state' | 'at' | 'details' | 'note'>[]
  /** Names of pools to which it was diverted. */
  readonly names: ReadonlyMap<string, Text>
  /** For how many hours an assessment of fitness holds that does not say so; null: no policy is in force. */
  readonly validHours: number | null
  readonly isDrill: boolean
}

const timeOf = (moment: Date | null): string => (moment === null ? BLANK : escaped(instantOf(moment).slice(0, 16).replace('T', ' ')))
const wordsOf = (words: string | null | undefined): string => (words === null || words === undefined ? BLANK : escaped(words))

/**
 * The transfer form (病例转运交接单) of one order, to be printed: one page that loads nothing and runs nothing. Name and
 * identity number are blanks, since the service does not hold them; so are the signatures.
 */
export function formOf({ order, person, from, to, events, names, validHours, isDrill }: OnPaper): string {
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
    row(text('所需条件', 'Needs'), person.needs.length === 0 ? both(text('无', 'None')) : both(joinTexts(person.needs.map((need) => NEEDS[need]), text('、', ', ')))),
    row(text('能否转运、有效至', 'Fitness to travel, until'), `${both(FITNESS[person.fitness])} ${timeOf(momentOrNull(fitnessUntil(person, validHours)))}`),
    row(text('转出场所', 'Sending place'), both(from)),
    row(text('接收场所、床位', 'Receiving place, bed'), both(led)),
    row(text('方案车次', 'Trip of the plan'), wordsOf(order.trip)),
    row(text('车辆、班组', 'Vehicle, crew'), wordsOf([order.vehicle, order.crew].filter((part) => part !== null).join(' / ') || null)),
    row(text('计划出发、到达', 'Planned departure, arrival'), `${timeOf(order.departs)} — ${timeOf(order.arrives)}`),
    row(text('实际出车、交接', 'Dispatched, handed over'), `${timeOf(order.dispatchedAt)} — ${timeOf(order.arrivedAt)}`),
    row(text('途中情况', 'What happened on the way'), onTheWay(events, names).map(({ at, what }) => `${timeOf(at)} ${both(what)}`).join('<br>') || BLANK),
    row(text('患者状况', 'Condition of the patient'), wordsOf(handover?.condition)),
    row(text('途中处置', 'Treatment on the way'), wordsOf(handover?.treatment)),
    row(text('随身物品', 'Belongings'), wordsOf(handover?.belongings)),
    ...(['sender', 'crew', 'receiver'] as const).map((side) => row(SIGNATURES[side],
      handover === null ? BLANK : `${escaped(handover[side].post)} ${escaped(handover[side].at.slice(0, 16).replace('T', ' '))}`)),
  ]
  return paper(text('病例转运交接单', 'Transfer form'), order.id, formOfRows(rows), isDrill)
}

const momentOrNull = (instant: string | null): Date | null => (instant === null ? null : momentOf(instant))

/** What became otherwise once the vehicle had left: they got worse, were taken elsewhere, brought back, or died. */
function onTheWay(events: OnPaper['events'], names: OnPaper['names']): { at: Date; what: Text }[] {
  const nameOf = (id: unknown): Text => names.get(String(id)) ?? text(String(id), String(id))
  return events.flatMap(({ step, state, at, details, note }) => {
    const said = note === null ? text('', '') : text(`；${note}`, `; ${note}`)
    if (step === 'worsen') {
      const [was, is] = [SEVERITIES[details['was'] as keyof typeof SEVERITIES], SEVERITIES[details['severity'] as keyof typeof SEVERITIES]]
      return [{ at, what: text(`病情变化：${was.zh} → ${is.zh}${said.zh}`, `Worse: ${was.en} → ${is.en}${said.en}`) }]
    }
    if (step === 'divert' && state === 'dispatched') {
      const [from, to] = [nameOf(details['from']), nameOf(details['to'])]
      return [{ at, what: text(`改送：${from.zh} → ${to.zh}${said.zh}`, `Diverted: ${from.en} → ${to.en}${said.en}`) }]
    }
    if (step === 'turnBack') {
      const why = TURN_BACK_REASONS[details['reason'] as keyof typeof TURN_BACK_REASONS]
      return [{ at, what: text(`折返：${why.zh}${said.zh}`, `Turned back: ${why.en}${said.en}`) }]
    }
    return step === 'die' ? [{ at, what: text(`途中死亡${said.zh}`, `Died on the way${said.en}`) }] : []
  })
}

const SIGNATURES = {
  sender: text('转出方签字（岗位、时间）', 'Signed by the sender (post, time)'),
  crew: text('转运人员签字（岗位、时间）', 'Signed by the crew (post, time)'),
  receiver: text('接收方签字（岗位、时间）', 'Signed by the receiver (post, time)'),
} as const
