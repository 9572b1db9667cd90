import { refuse, type Refused } from '../kernel/refusal.js'
import { isWithin, type Principal, reachOf, type Role, ROLES } from '../kernel/roles.js'
import { type Text, joinTexts, text } from '../kernel/text.js'
import { keysOf, type Vocabulary } from '../kernel/vocabulary.js'
import { type State, STATES } from './orders.js'
import { outOfOrder } from './outOfOrder.js'

export const STEP_WORDS = {
  issue: text('下达', 'issue'),
  accept: text('接受', 'accept'),
  consent: text('逾时未答，视为同意', 'consent by silence'),
  askRelief: text('请求调整', 'ask for relief'),
  uphold: text('同意调整', 'uphold the relief'),
  overrule: text('维持指令', 'overrule the relief'),
  dispatch: text('出车', 'dispatch'),
  worsen: text('记途中加重', 'note that they got worse on the way'),
  divert: text('改送', 'divert'),
  arrive: text('交接', 'hand over'),
  decontaminate: text('记洗消完毕', 'note that the vehicle is clean'),
  cancel: text('撤销', 'cancel'),
  unwilling: text('记患者或家属不愿', 'note that patient or family are unwilling'),
  die: text('记途中死亡', 'note a death on the way'),
  turnBack: text('折返', 'turn back'),
  expire: text('过期', 'expire'),
  confirm: text('书面确认', 'confirm on paper'),
  lift: text('解除调整', 'lift the relief'),
} as const satisfies Vocabulary<string>
export type StepName = keyof typeof STEP_WORDS

/** Whose side of a transfer a role has to stand on: where the patient lies, where they go, or over the whole city. */
export const SIDES = { sender: text('转出方', 'the sender'), receiver: text('接收方', 'the receiver'), city: text('全市', 'the city') } as const satisfies Vocabulary<string>
export type Side = keyof typeof SIDES

interface Step {
  /** From which state it leads to which; from any other it is out of order. */
  readonly leads: Readonly<Partial<Record<State, State>>>
  /** The same where its patient has no place any more, so that nothing else can end it. */
  readonly ofTheGone?: Readonly<Partial<Record<State, State>>>
  /** Taken once, though the state stays: the state as it is called from then on. */
  readonly once?: Readonly<Partial<Record<State, Text>>>
  /** Who may; nobody: the clock alone. */
  readonly by: Readonly<Partial<Record<Role, Side>>>
}

const DESK = { transferDesk: 'city', treatmentGroup: 'city', commander: 'city' } as const
const RECEIVER = { bedManager: 'receiver', siteManager: 'receiver' } as const
const SENDER = { bedManager: 'sender', siteManager: 'sender' } as const
const BY_PHONE = { transferDesk: 'city' } as const

/**
 * Which step leads from where to where, and who may make it. A receiver cannot turn a patient away: it can ask for
 * relief before the vehicle leaves. What is on the road can only arrive, be diverted, turn back, or end in death, unless
 * its patient has no place any more.
 */
export const STEPS: Readonly<Record<StepName, Step>> = {
  issue: { leads: {}, by: {} },
  accept: { leads: { issued: 'accepted' }, by: { ...RECEIVER, ...BY_PHONE } },
  consent: { leads: { issued: 'accepted' }, by: {} },
  askRelief: { leads: { issued: 'reliefAsked', accepted: 'reliefAsked' }, by: RECEIVER },
  uphold: { leads: { reliefAsked: 'relieved' }, by: DESK },
  overrule: { leads: { reliefAsked: 'accepted' }, by: DESK },
  dispatch: { leads: { accepted: 'dispatched' }, by: { ...SENDER, ...BY_PHONE } },
  worsen: { leads: { dispatched: 'dispatched' }, by: { ...SENDER, ...BY_PHONE } },
  // Another receiver is another order to answer, unless the vehicle is already on its way.
  divert: { leads: { issued: 'issued', accepted: 'issued', reliefAsked: 'issued', dispatched: 'dispatched' }, by: DESK },
  arrive: { leads: { dispatched: 'arrived' }, by: { ...RECEIVER, ...BY_PHONE } },
  // A death stays one when the vehicle is clean, and who was brought back is back.
  decontaminate: {
    leads: { arrived: 'closed', died: 'died', returned: 'returned' }, by: { ...RECEIVER, ...BY_PHONE },
    once: { died: text('途中死亡，车辆已洗消完毕', 'died on the way, and its vehicle clean,'), returned: text('已折返，车辆已洗消完毕', 'turned back, and its vehicle clean,') },
  },
  cancel: { leads: { issued: 'cancelled', accepted: 'cancelled', reliefAsked: 'cancelled' }, ofTheGone: { dispatched: 'cancelled' }, by: DESK },
  unwilling: { leads: { issued: 'unwilling', accepted: 'unwilling', reliefAsked: 'unwilling' }, by: { ...SENDER, ...BY_PHONE } },
  die: { leads: { dispatched: 'died' }, by: { ...RECEIVER, ...BY_PHONE } },
  turnBack: { leads: { dispatched: 'returned' }, by: { ...SENDER, ...BY_PHONE } },
  expire: { leads: { issued: 'expired', accepted: 'expired', reliefAsked: 'expired' }, by: {} },
  lift: { leads: { relieved: 'relieved' }, once: { relieved: text('已调整，调整已解除', 'relieved, and the relief lifted,') }, by: { ...RECEIVER, ...DESK } },
  // Changes no state; the table of authority says who.
  confirm: { leads: {}, by: {} },
}

/** What a step is judged on: the order's state, since when and by whom, and the two places. */
export interface Standing {
  readonly id: string
  readonly state: State
  readonly since: Date
  readonly by: string
  readonly fromPlace: string
  /** Null: it leads out of the system, and the desk answers by phone for whoever receives there. */
  readonly toPlace: string | null
  /** Its patient has no place any more; left out: nobody looked. */
  readonly isGone?: boolean
  /** The step that was taken last; left out: none that is taken once. */
  readonly last?: StepName | undefined
}

/** States in which what is taken once can have been. */
export const ONCE: readonly State[] = keysOf(STEP_WORDS).flatMap((name) => Object.keys(STEPS[name].once ?? {}) as State[])

/** Where a step leads from how an order stands; undefined: it is out of order. */
function leadsTo(name: StepName, { state, last, isGone }: Standing): State | undefined {
  const { leads, ofTheGone, once } = STEPS[name]
  if (last === name && once?.[state] !== undefined) return undefined
  return leads[state] ?? (isGone === true ? ofTheGone?.[state] : undefined)
}

const placeOn = (side: Side, { fromPlace, toPlace }: Standing): string | null =>
  side === 'city' ? null : side === 'sender' ? fromPlace : toPlace

/** Whether somebody may make a step of an order, whatever state it is in. */
export function mayStep(who: Principal, name: StepName, order: Standing): boolean {
  const { by } = STEPS[name]
  return keysOf(ROLES).some((role) => {
    const side = by[role]
    return side !== undefined && hasSide(side, order) && isWithin(reachOf(who, [role]), { place: placeOn(side, order) })
  })
}

/** Whoever has the city has either side of it, but nobody here stands where an order leads out of the system. */
const hasSide = (side: Side, { toPlace }: Standing): boolean => side !== 'receiver' || toPlace !== null

const KIND = text('指令', 'order')

/** The state after a step, or the refusal: forbidden, stepOutOfOrder. Who may not is told nothing of the state. */
export function stateAfter(who: Principal, name: StepName, order: Standing): State {
  if (!mayStep(who, name, order)) throw forbiddenStep(name, order)
  const after = leadsTo(name, order)
  if (after === undefined) {
    const { id, state, since, by, last } = order
    const called = last === undefined ? undefined : STEPS[last].once?.[state]
    throw outOfOrder({
      kind: KIND, id, state: called ?? STATES[state], since, by, step: STEP_WORDS[name],
      open: stepsOpen(who, order).map((step) => STEP_WORDS[step]), turns: leadingOn(order).map((step) => ({ step: STEP_WORDS[step], by: sidesOf(step, order) })),
    })
  }
  return after
}

function forbiddenStep(name: StepName, order: Standing): Refused {
  const { zh, en } = STEP_WORDS[name]
  if (rolesFor(name, order).length === 0) return refuse('forbidden', `指令 ${order.id} 转往系统外，无人可办此步（${zh}）`, `order ${order.id} leads out of the system, where nobody takes this step (${en})`)
  const sides = sidesOf(name, order)
  return refuse('forbidden', `此步（${zh}）由${sides.zh}办理`, `this step (${en}) is for ${sides.en}`)
}

const rolesFor = (name: StepName, order: Standing): Role[] => keysOf(ROLES).filter((role) => {
  const side = STEPS[name].by[role]
  return side !== undefined && hasSide(side, order)
})

/** Who takes a step of an order, by side and role. */
function sidesOf(name: StepName, order: Standing): Text {
  const { by } = STEPS[name]
  const may = rolesFor(name, order)
  return joinTexts(keysOf(SIDES).flatMap((side) => sideNamed(side, placeOn(side, order), may.filter((role) => by[role] === side))), text('或', ', or '))
}

function sideNamed(side: Side, place: string | null, roles: readonly Role[]): Text[] {
  if (roles.length === 0) return []
  const { zh, en } = joinTexts(roles.map((role) => ROLES[role]))
  return [text(`${SIDES[side].zh}${place === null ? '' : ` ${place} `}（${zh}）`, `${SIDES[side].en}${place === null ? '' : ` ${place}`} (${en})`)]
}

/** Steps by which somebody could lead the order on; nobody is offered what there is for the gone alone. */
const leadingOn = (order: Standing): StepName[] =>
  keysOf(STEP_WORDS).filter((name) => leadsTo(name, { ...order, isGone: false }) !== undefined && rolesFor(name, order).length > 0)

/** Steps that this person could make now. */
export const stepsOpen = (who: Principal, order: Standing): StepName[] => leadingOn(order).filter((name) => mayStep(who, name, order))
