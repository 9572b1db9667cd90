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
}

/** The refusal stepOutOfOrder of one order, whatever it moves: it names who brought it to where it is. */
export function outOfOrder({ kind, id, state, since, by, step, open }: OutOfOrder): Refused {
  const at = instantOf(since)
  const next = open.length === 0 ? text('现在没有可办的步骤', 'no step is possible now') : text(`现在可以：${joinTexts(open).zh}`, `possible now: ${joinTexts(open).en}`)
  return refuse('stepOutOfOrder',
    `${kind.zh} ${id} 自 ${at} 起为“${state.zh}”（${by}），不能${step.zh}；${next.zh}`,
    `${kind.en} ${id} is ${state.en} since ${at}, by ${by}, so one cannot ${step.en}; ${next.en}`)
}
