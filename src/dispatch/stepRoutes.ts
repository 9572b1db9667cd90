import { createRoute, type z } from '@hono/zod-openapi'
import { changes, jsonBody, jsonRequest, refused, told, unsafeHeaders } from '../http/openapi.js'
import { idParams } from '../http/records.js'
import { joinTexts, type Text, text } from '../kernel/text.js'
import { keysOf } from '../kernel/vocabulary.js'
import { orderSchema } from './orderOut.js'
import { arrivalSchema, dispatchSchema, diversionSchema, endingSchema, reliefSchema, stepSchema, turnBackSchema, worseningSchema } from './stepBodies.js'
import { STATES } from './orders.js'
import { SIDES, STEP_WORDS, STEPS, type StepName } from './steps.js'

interface Spec<P extends string, S extends z.ZodType> {
  /** The end of the address. */
  readonly path: P
  readonly body: S
  readonly example: z.input<S>
  readonly more: Text
}

const stepRoute = <const P extends string, S extends z.ZodType>(name: StepName, { path, body, example, more }: Spec<P, S>) => createRoute({
  method: 'post', path: `/transfer-orders/{id}/${path}` as const, tags: ['Orders 转运指令'], operationId: `${name}Order`,
  ...told(text(`指令：${STEP_WORDS[name].zh}`, `Order: ${STEP_WORDS[name].en}`), text(
    `${more.zh}谁可办、从何状态办，见使用须知“从批准到交接”的步骤表：无权为 403 forbidden，次序不对为 409 stepOutOfOrder。`,
    `${more.en} Who may, and from which state, is in the table of steps of the chapter “From approval to handover”: 403 forbidden, 409 stepOutOfOrder.`,
  )),
  request: { params: idParams, headers: unsafeHeaders, body: jsonRequest(body, example) },
  responses: { 200: jsonBody(orderSchema, text('办后的指令', 'The order after it')), 403: refused[403], ...changes },
})

const signed = (post: string, at: string) => ({ post, at })

/** Addresses of the steps of an order. */
export const orderSteps = {
  accept: stepRoute('accept', {
    path: 'accept', body: stepSchema, example: { note: '床位已备' },
    more: text('接收方接受；到时未答视为同意。', 'The receiver accepts; silence until answerBy is consent.'),
  }),
  askRelief: stepRoute('askRelief', {
    path: 'ask-relief', body: reliefSchema, example: { reason: 'noOxygen', beds: 2, note: '供氧站检修' },
    more: text('接收方不得拒收，只可在时限内说明缘由请求调整，过时为 409 tooLate。所报张数不超过开放床位（422 wrongFigure）。', 'A receiver turns nobody away; in time it can ask for relief with its reason, after that it is 409 tooLate. Of no more beds than the pool has staffed (422 wrongFigure).'),
  }),
  uphold: stepRoute('uphold', {
    path: 'uphold', body: stepSchema, example: { note: '情况属实' },
    more: text('指令终止，所报张数不再排入方案，直到解除。', 'The order is over, and so many beds are planned with no more until the relief is lifted.'),
  }),
  overrule: stepRoute('overrule', {
    path: 'overrule', body: stepSchema, example: { note: '已协调供氧' }, more: text('指令照旧，视为已接受。', 'The order stands as accepted.'),
  }),
  dispatch: stepRoute('dispatch', {
    path: 'dispatch', body: dispatchSchema, example: { crew: 'v-phc-1/2' },
    more: text(
      '出车前再核：患者仍在原处、应同行者同行、评估有效、床位与病情相符，车辆已洗消并合用；否则 409，说明所缺。换车的，行程自出车时起按此车重算，班组以所写为准。从此不再过期，逾期不到则列入逾期。时限前已出车的，过后仍可补记（at）；其床位已另给他人为 409 noFreeBed。',
      'Looked at again: the patient is there and may travel, with who was to ride along, the bed still serves them, the vehicle is clean and carries what they need; 409 says what is not so. Another vehicle drives its own ride, reckoned from when it leaves, with the crew that is named. From then on it never expires: who does not arrive is listed as overdue. That it left before the deadline can be told after it (at); 409 noFreeBed when the bed was given to somebody else meanwhile.',
    ),
  }),
  worsen: stepRoute('worsen', {
    path: 'worsen', body: worseningSchema, example: { severity: 'critical', note: '途中插管' },
    more: text(
      '病例的病情随之更新，时间即此步的时间，出处为此指令；已有更晚的评估为 409 figureIsOlder。此前“可转运”的评估与超程例外从此不作数，在途的仍可改送、交接。指令上的病情仍是下达时的。',
      'The severity of the case is put down as of the time of this step, with the order as its source; 409 figureIsOlder when a later assessment stands. “Fit to travel” of before and an exception from the travel limit count no more; who is on the road is handed over or diverted all the same. Severity of the order stays as it was issued.',
    ),
  }),
  divert: stepRoute('divert', {
    path: 'divert', body: diversionSchema, example: { pool: 'yongchuan/ordinary', note: '就近' },
    more: text('如新指令一样核对；先预占新床，再退原床。已出车的，车辆不换，不写 vehicle、leavesBase（400），到达与返回按掉头后再行驶重算。', 'Judged like a new order; the new bed is held before the old one is given up. On the road the vehicle stays: vehicle and leavesBase are left out (400), and arrival and return are reckoned as if it turned round first.'),
  }),
  arrive: stepRoute('arrive', {
    path: 'arrive', body: arrivalSchema,
    example: {
      handover: {
        condition: '普通型，氧饱和度 96%', treatment: '途中鼻导管吸氧', belongings: '手机一部，衣物一包',
        sender: signed('district-ward', '2020-01-30T00:00:00+08:00'), crew: signed('v-phc-1', '2020-01-30T00:00:00+08:00'),
        receiver: signed('phc-admission', '2020-01-30T00:00:00+08:00'),
      },
    },
    more: text(
      '一步之内：交接记录、床位由预占转为占用、住院随之转移。只记岗位，不记姓名；签字的时间不早于出车，也不晚于现在（422 wrongTime）。',
      'In one step: the handover, the held bed taken, the stay moved. Posts are kept, never names; nobody signs before the vehicle has left, or for a time to come (422 wrongTime).',
    ),
  }),
  decontaminate: stepRoute('decontaminate', {
    path: 'decontaminate', body: stepSchema, example: { note: '车辆人员洗消完毕' }, more: text('此车次结束；途中死亡、折返的，状态不变。在此之前车辆视为在外；已记的为 409 stepOutOfOrder。', 'The trip is over; a death on the way stays one, and so does a return. Until then the vehicle is out; said twice it is 409 stepOutOfOrder.'),
  }),
  cancel: stepRoute('cancel', {
    path: 'cancel', body: endingSchema, example: { note: '改为就地治疗' }, more: text(
      '出车之前撤销，床位退还。已出车的，只有患者已不在任何场所、无从交接时可撤销；车辆即视为已回。',
      'Before the vehicle leaves; the bed is free again. Once it has left, only where the patient has no place any more, so that nobody can be handed over; the vehicle then counts as back.',
    ),
  }),
  unwilling: stepRoute('unwilling', {
    path: 'unwilling', body: endingSchema, example: { note: '家属不同意，已签字' }, more: text('出车之前，床位退还。', 'Before the vehicle leaves; the bed is free again.'),
  }),
  die: stepRoute('die', {
    path: 'die', body: endingSchema, example: { note: '途中抢救无效' }, more: text('住院以死亡结束，床位退还；住院已登记为死亡的，只结束指令。', 'The stay ends by death, and the bed is free again; where the stay has ended so already, only the order does.'),
  }),
  turnBack: stepRoute('turnBack', {
    path: 'turn-back', body: turnBackSchema, example: { reason: 'roadClosed', note: '高速封闭' },
    more: text(
      '车辆带患者返回转出方：去处的床位退还，患者仍在原床，转运申请不变；指令终止，车辆至洗消完毕仍视为在外。',
      'The vehicle brings the patient back to the sender: the bed that was kept for them is free again, they lie where they lay, and their transfer request stands. The order is over, and the vehicle is out until it is clean.',
    ),
  }),
  lift: stepRoute('lift', {
    path: 'lift-relief', body: stepSchema, example: { note: '供氧已恢复' }, more: text('所减床位重新可用；已解除的为 409 stepOutOfOrder，写明何人何时解除。', 'Its beds can be planned with again; one that was lifted is 409 stepOutOfOrder, which says by whom and when.'),
  }),
  confirm: stepRoute('confirm', {
    path: 'confirm', body: stepSchema, example: { note: '已补签' },
    more: text('方案外下达的指令，由另一有权批准者补书面，不得是下达或登记者；当时启用了后备分区的，由指挥长补；不改变状态。', 'The paper after an order outside any plan, by whoever may approve it and did not put it down, and by the commander where it opened a reserve block; its state stays.'),
  }),
} as const

const ADDRESSES: Readonly<Partial<Record<StepName, { readonly path: string }>>> = orderSteps

/** Every step that somebody makes: the end of its address, which states it leads between, and which sides may make it. */
export const STEP_TABLE: Text = joinTexts(keysOf(STEP_WORDS).flatMap((name): Text[] => {
  const [path, { leads, by }] = [ADDRESSES[name]?.path.split('/').at(-1), STEPS[name]]
  if (path === undefined) return []
  const ways = keysOf(STATES).flatMap((from): Text[] => {
    const to = leads[from]
    if (to === undefined) return []
    return [from === to ? STATES[from] : text(`${STATES[from].zh}→${STATES[to].zh}`, `${STATES[from].en} → ${STATES[to].en}`)]
  })
  const when = ways.length === 0 ? text('不改变状态', 'changes no state') : joinTexts(ways)
  const sides = keysOf(SIDES).filter((side) => Object.values(by).includes(side)).map((side) => SIDES[side])
  const who = sides.length === 0 ? text('有权批准者', 'who may approve it') : joinTexts(sides)
  return [text(`${path} ${STEP_WORDS[name].zh}（${when.zh}；${who.zh}）`, `${path} (${when.en}; ${who.en})`)]
}), text('，', ', '))
