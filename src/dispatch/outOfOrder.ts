import { refuse, type Refused } from '../kernel/refusal.js'
import { type Text, joinTexts, text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'

/** A step that does not lead on from where an order stands, and what would. */
interface OutOfOrder {
  /** What kind of order it is: “order”, “allocation order”. */
  readonly kind: Text
  readonly id: string
  /** The state it is in, since when and by whom. */
  readonly state: Text
  readonly since: Date
  readonly by: string
  /** What one cannot do: “ship it”. */
  readonly step: Text
  /** What this person could do now. */
  readonly open: readonly Text[]
  /** What others could, and who they are; none: it is over. */
  readonly turns: readonly Turn[]
}

/** A step that leads on, and whose it is. */
export interface Turn {
  readonly step: Text
  readonly by: Text
}

/** Whose turn it is, with what of each: steps of the same people stand together. */
function turnOf(turns: readonly Turn[]): Text {
  const steps = new Map<string, { by: Text; steps: Text[] }>()
  for (const { step, by } of turns) steps.set(by.en, { by, steps: [...steps.get(by.en)?.steps ?? [], step] })
  const all = joinTexts([...steps.values()].map(({ by, steps: own }) => text(`由${by.zh}办理（${joinTexts(own).zh}）`, `it is for ${by.en} to ${joinTexts(own, text('、', ' or ')).en}`)), text('，或', ', or '))
  return text(`您现在没有可办的步骤：${all.zh}`, `none of its steps is yours now: ${all.en}`)
}

/** The refusal stepOutOfOrder of one order, whatever it moves: it names who brought it to where it is. */
export function outOfOrder({ kind, id, state, since, by, step, open, turns }: OutOfOrder): Refused {
  const at = instantOf(since)
  const next = open.length === 0 ? turns.length === 0 ? text('已无可办的步骤', 'no step is left') : turnOf(turns) : text(`现在可以：${joinTexts(open).zh}`, `possible now: ${joinTexts(open).en}`)
  return refuse('stepOutOfOrder',
    `${kind.zh} ${id} 自 ${at} 起为“${state.zh}”（${by}），不能${step.zh}；${next.zh}`,
    `${kind.en} ${id} is ${state.en} since ${at}, by ${by}, so one cannot ${step.en}; ${next.en}`)
}
