import { SEVERITIES, type Severity, STATUSES, type Status } from '../cases/cases.js'
import { type Text, text } from '../kernel/text.js'
import { keysOf, type Vocabulary } from '../kernel/vocabulary.js'

/** What becomes of the people in care of one diagnosis within a day: the first three lines in, the last four out. */
export const TERMS = {
  Before: text('期初在院', 'in care at the beginning'),
  Admitted: text('收治', 'admitted'),
  Brought: text('建库时载入', 'brought in with the first picture'),
  Became: text('在院转为此类', 'came to be so while in care'),
  Discharged: text('出院', 'discharged'),
  Died: text('死亡', 'died'),
  Left: text('离开本系统', 'left for elsewhere'),
  Ceased: text('在院改为他类', 'came to be otherwise while in care'),
  Now: text('在院', 'in care'),
} as const satisfies Vocabulary<string>
export type Term = keyof typeof TERMS
export type PeopleFigure = `${Status}${Term}`

const PEOPLE = Object.fromEntries(keysOf(STATUSES).flatMap((status) => keysOf(TERMS).map((term) =>
  [`${status}${term}`, text(`${STATUSES[status].zh}${TERMS[term].zh}`, `${STATUSES[status].en}s ${TERMS[term].en}`)]))) as Record<PeopleFigure, Text>

type SeverityFigure = `confirmed${Capitalize<Severity>}`
export const figureOf = (severity: Severity): SeverityFigure => `confirmed${severity.charAt(0).toUpperCase()}${severity.slice(1)}` as SeverityFigure
const BY_SEVERITY = Object.fromEntries(keysOf(SEVERITIES).map((severity) =>
  [figureOf(severity), text(`确诊在院：${SEVERITIES[severity].zh}`, `confirmed in care: ${SEVERITIES[severity].en}`)])) as Record<SeverityFigure, Text>

/** The same of contacts (密接等) in isolation. */
const CONTACTS = {
  isolatedBefore: text('期初集中隔离', 'in isolation at the beginning'),
  isolatedBegan: text('开始隔离', 'began isolation'),
  isolatedReleased: text('解除隔离', 'released from isolation'),
  isolatedPositive: text('隔离中转为阳性', 'turned positive in isolation'),
  isolatedOtherwise: text('隔离另行结束', 'left isolation otherwise'),
  isolatedNow: text('集中隔离在管', 'in isolation'),
} as const satisfies Vocabulary<string>
export type ContactFigure = keyof typeof CONTACTS

/** And of transfer orders; whose order it is says the patient's reporting unit. */
const ORDERS = {
  ordersBefore: text('期初有效指令', 'orders that stood at the beginning'),
  ordersIssued: text('下达指令', 'orders issued'),
  ordersDispatched: text('出车', 'dispatched'),
  ordersArrived: text('到达交接', 'arrived and handed over'),
  ordersCancelled: text('撤销、不愿或折返', 'cancelled, patient unwilling, or turned back'),
  ordersExpired: text('过期', 'expired'),
  ordersRelieved: text('请求调整成立', 'reliefs upheld'),
  ordersDied: text('途中死亡', 'died on the way'),
  ordersNow: text('有效指令', 'orders that stand'),
} as const satisfies Vocabulary<string>
export type OrderFigure = keyof typeof ORDERS

/** What is counted of the people of one reporting unit, wherever they lie. */
export const UNIT_FIGURES = {
  ...PEOPLE, ...BY_SEVERITY,
  confirmedCentralised: text('确诊在集中救治医院', 'confirmed at centralised treatment hospitals'),
  newlyConfirmed: text('新增确诊', 'newly confirmed'),
  requestsWaiting: text('在院待转运申请', 'in care with a transfer request'),
  ...CONTACTS, ...ORDERS,
} as const satisfies Vocabulary<string>
export type UnitFigure = keyof typeof UNIT_FIGURES

/** Beds (张) by what they are; each figure has the pools beside it of which nobody knows. */
const BEDS = {
  bedsStaffed: text('开放床位', 'staffed beds'),
  bedsOccupied: text('在用床位', 'occupied beds'),
  bedsHeld: text('预占床位', 'held beds'),
  bedsFree: text('空床', 'free beds'),
} as const satisfies Vocabulary<string>
export type BedFigure = keyof typeof BEDS
export const BED_FIGURES = keysOf(BEDS)
const UNKNOWN_BEDS = Object.fromEntries(BED_FIGURES.map((name) =>
  [`${name}Unknown`, text(`${BEDS[name].zh}未知的床位组`, `pools whose ${BEDS[name].en} nobody knows`)])) as Record<`${BedFigure}Unknown`, Text>

/** What is counted at one place, whoever lies there. */
export const PLACE_FIGURES = {
  casesLying: text('列名在院病例', 'named cases that lie there'),
  contactsLying: text('列名隔离人员', 'named contacts that are there'),
  poolsThere: text('床位组', 'pools of beds'),
  poolsNotReported: text('本次未报的床位组', 'pools not reported for this cut-off'),
  ...BEDS, ...UNKNOWN_BEDS,
} as const satisfies Vocabulary<string>
export type PlaceFigure = keyof typeof PLACE_FIGURES

/** What the city has: the sums of both, and what is decided for the city as a whole. */
export const CITY_FIGURES = {
  ...UNIT_FIGURES, ...PLACE_FIGURES,
  plansApproved: text('批准方案', 'plans approved'),
} as const satisfies Vocabulary<string>
export type CityFigure = keyof typeof CITY_FIGURES

/** Somebody counted it, or nobody knows: that is never nought. */
export type Figure = number | 'unknown'
export type Figures<F extends string> = Readonly<Record<F, Figure>>

/** Terms by which an equation goes up and down; what is left out of both only tells of the way. */
export interface Equation<F extends string> {
  readonly before: F
  readonly in: readonly F[]
  readonly out: readonly F[]
  readonly now: F
}

export const equationOf = (status: Status): Equation<PeopleFigure> => ({
  before: `${status}Before`, in: [`${status}Admitted`, `${status}Brought`, `${status}Became`],
  out: [`${status}Discharged`, `${status}Died`, `${status}Left`, `${status}Ceased`], now: `${status}Now`,
})
export const ISOLATION_EQUATION: Equation<ContactFigure> =
  { before: 'isolatedBefore', in: ['isolatedBegan'], out: ['isolatedReleased', 'isolatedPositive', 'isolatedOtherwise'], now: 'isolatedNow' }
export const ORDER_EQUATION: Equation<OrderFigure> = {
  before: 'ordersBefore', in: ['ordersIssued'],
  out: ['ordersArrived', 'ordersCancelled', 'ordersExpired', 'ordersRelieved', 'ordersDied'], now: 'ordersNow',
}
