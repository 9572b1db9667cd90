import { shown } from './shown.js'
import { type Text, text } from './text.js'

/**
 * Everything that a request can be answered with instead of what it asked for: the closed list of codes, with the
 * HTTP status and the title of each. A refusal is expected and returned; a broken invariant is thrown.
 */
export const REFUSALS = {
  malformedBody: [400, text('无法读取请求内容', 'The body cannot be read')],
  invalidInput: [400, text('输入有误', 'The input is not right')],
  keyMissing: [400, text('缺少 Idempotency-Key', 'Idempotency-Key is missing')],
  notSignedIn: [401, text('尚未登录', 'Not signed in')],
  signInFailed: [401, text('登录失败', 'Signing in failed')],
  forbidden: [403, text('无此权限', 'Not allowed')],
  ownPlan: [403, text('不能批准自己提出的方案', 'Nobody approves what they asked for')],
  ownHandover: [403, text('不能接自己交的班', 'Nobody takes over from themselves')],
  ownRequest: [403, text('不能批准自己的申领', 'Nobody approves their own request')],
  ownRuling: [403, text('排除症状、提前日期的，不由自己解除', 'Nobody releases whom they have cleared, or whose day they have made earlier')],
  wrongOrigin: [403, text('来源不符', 'From another origin')],
  notFound: [404, text('没有这一项', 'There is no such thing')],
  wrongHost: [421, text('不在此处', 'Not answered here')],
  noSuchOperation: [404, text('没有这个操作', 'There is no such operation')],
  tooLarge: [413, text('请求过大', 'The request is too large')],
  unsupportedMediaType: [415, text('内容类型不对', 'The content type is not supported')],
  alreadyExists: [409, text('已经存在', 'It exists already')],
  noFreeBed: [409, text('没有空余床位', 'There is no free bed')],
  alreadyInCare: [409, text('此人已在别处', 'The person has a place already')],
  notInCare: [409, text('此人不在任何场所', 'The person has no place')],
  notWaiting: [409, text('没有转运申请', 'There is no transfer request')],
  isolationIsOver: [409, text('此次隔离已结束', 'The isolation is over')],
  symptomsObserved: [409, text('有发热或症状', 'Fever or symptoms were seen')],
  notObserved: [409, text('没有观察记录', 'Nobody has looked')],
  nothingToRuleOut: [409, text('没有要排除的症状', 'There are no symptoms to rule out')],
  figureIsOlder: [409, text('已有更新的数字', 'There is a newer figure')],
  storeNotEmpty: [409, text('库中已有数据', 'The store is not empty')],
  runIsOver: [409, text('此次计算已结束', 'The run is over')],
  noPlan: [409, text('还没有方案', 'There is no plan')],
  lastAdministrator: [409, text('须有一名系统管理员', 'There must be an administrator')],
  planIsStale: [409, text('方案已不合现状', 'The plan no longer fits what is so')],
  planIsImpossible: [409, text('做不到的方案不能批准', 'A plan that cannot be done is not approved')],
  planIsDecided: [409, text('此方案已有决定', 'The plan has been decided on')],
  ordersAreOut: [409, text('方案的指令已出车或发运', 'Orders of the plan have left')],
  stepOutOfOrder: [409, text('此时不能办这一步', 'The step is out of order')],
  tooLate: [409, text('已过时限', 'The time for it has passed')],
  notEnoughStock: [409, text('库存不够', 'There is not enough stock')],
  doesNotAddUp: [409, text('数字对不上', 'The figures do not add up')],
  breaksMust: [409, text('不合必须满足的规则', 'It breaks a rule that must hold')],
  changedMeanwhile: [412, text('已被他人改动', 'It was changed meanwhile')],
  unknownReference: [422, text('所指不存在', 'What it refers to does not exist')],
  wrongReference: [422, text('所指不相符', 'What it refers to does not fit')],
  wrongFigure: [422, text('数字不对', 'The figure is not right')],
  wrongTime: [422, text('时间不对', 'The time is not right')],
  keyReused: [422, text('Idempotency-Key 已用于另一请求', 'Idempotency-Key was used for another request')],
  weakPassword: [422, text('密码太弱', 'The password is too weak')],
  scenarioRefused: [422, text('情景有误', 'The scenario is not right')],
  versionMissing: [428, text('缺少 If-Match', 'If-Match is missing')],
  tooManyTries: [429, text('请求过于频繁', 'Too many requests')],
  broken: [500, text('程序出错', 'The program failed')],
  databaseUnavailable: [503, text('数据库暂不可用', 'The database is not available')],
  tooManyListeners: [503, text('听者已满', 'As many listen as can')],
  commitUnknown: [503, text('不知是否已保存', 'It is not known whether it was saved')],
  storeFull: [503, text('存储空间不足', 'The store is full')],
  closing: [503, text('正在关闭', 'The service is closing')],
} as const satisfies Record<string, readonly [number, Text]>

export type RefusalCode = keyof typeof REFUSALS

/** One mistake in a body, a query or a file. */
export interface Detail {
  /** JSON Pointer into the body, or the name of a query, path or header field. */
  readonly pointer: string
  readonly want: Text
}

/** Nobody mends more at once. */
export const DETAILS_MAX = 200

export interface Refusal {
  readonly code: RefusalCode
  /** What stands in the way, and what would be right. */
  readonly text: Text
  readonly details?: readonly Detail[]
  /** The id that was not found, where whoever answers may know better than `text` of what it would have been. */
  readonly missing?: string
}

/** A refusal on its way out of a decision; the transaction of a request catches it, keeps it and answers with it. */
export class Refused extends Error {
  override name = 'Refused'
  constructor(readonly refusal: Refusal) {
    super(`${refusal.code}: ${refusal.text.en}`)
  }
}

export const refuse = (code: RefusalCode, zh: string, en: string): Refused => new Refused({ code, text: text(zh, en) })

/** One place of a body that is not right, by its JSON Pointer. */
export const wrongAt = (code: RefusalCode, pointer: string, zh: string, en: string): Refused =>
  new Refused({ code, text: text(zh, en), details: [{ pointer, want: text(zh, en) }] })

/** One place of a request that is not right: a JSON Pointer into its body, or `query:/…`, `param:/…`, `header:/…`. */
export const refuseAt = (pointer: string, zh: string, en: string): Refused =>
  wrongAt('invalidInput', pointer, zh, en)

/** `kind`: what was looked for, such as a plan run; what the address is about when left out. `near`: what may be meant. */
export const notFound = (id: string, kind?: Text, near: Text = text('', '')): Refused =>
  (kind === undefined
    ? new Refused({ code: 'notFound', text: nobodyHas(id, text('一项', 'thing')), missing: id })
    : refuse('notFound', nobodyHas(id, kind).zh + near.zh, nobodyHas(id, kind).en + near.en))

export const nobodyHas = (id: string, kind: Text): Text => text(`没有编号为 ${shown(id)} 的${kind.zh}`, `there is no ${kind.en} with the id ${shown(id)}`)
