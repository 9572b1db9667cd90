import { byCodeUnits } from '../../kernel/canonical.js'
import type { Day } from '../../kernel/time.js'
import type { Norm } from '../../supplies/norms.js'

/** What a norm is asked for: a patient of a severity, somebody of a role in a zone, or a trip. */
export interface NormAsk {
  readonly item: string
  readonly per: Norm['per']
  readonly severity?: Norm['severity']
  readonly zone?: Norm['zone']
  readonly role?: Norm['role']
}

/** Consumption norms in force on one day (消耗定额): of those that fit, the most specific alone. */
export class Norms {
  private readonly byItem = new Map<string, readonly Norm[]>()

  constructor(norms: Readonly<Record<string, Norm>>, day: Day) {
    const inForce = Object.entries(norms)
      .filter(([, { effectiveFrom, effectiveUntil }]) => effectiveFrom <= day && (effectiveUntil === null || day < effectiveUntil))
      .sort(([a, x], [b, y]) => specificity(y) - specificity(x) || byCodeUnits(a, b))
    for (const [, norm] of inForce) {
      const key = `${norm.per} ${norm.item}`
      this.byItem.set(key, [...(this.byItem.get(key) ?? []), norm])
    }
  }

  /** Null: nothing is used up. */
  normFor(ask: NormAsk): Norm | null {
    return this.byItem.get(`${ask.per} ${ask.item}`)?.find((norm) =>
      fits(norm.severity, ask.severity) && fits(norm.zone, ask.zone) && fits(norm.role, ask.role)) ?? null
  }
}

/** Days of a plan, in their order, on which the same norms are in force. */
export interface NormSpan {
  readonly norms: Norms
  readonly on: readonly boolean[]
}

/** The norms of each day: one that begins or ends within the plan counts from its day, or until its day. */
export function normsByDay(norms: Readonly<Record<string, Norm>>, days: readonly Day[]): NormSpan[] {
  const [first = ''] = days
  const turns = new Set(Object.values(norms).flatMap(({ effectiveFrom, effectiveUntil }) => [effectiveFrom, effectiveUntil ?? first]))
  const begins = days.flatMap((day, index) => (index === 0 || turns.has(day) ? [index] : []))
  return begins.map((begin, turn) => {
    const end = begins[turn + 1] ?? days.length
    return { norms: new Norms(norms, days[begin] ?? first), on: days.map((_, index) => index >= begin && index < end) }
  })
}

const fits = <W>(word: W | null, asked: W | null | undefined): boolean => word === null || word === asked

/** Zone and role before role before zone before neither; a severity before none. */
const specificity = ({ severity, zone, role }: Norm): number =>
  (role === null ? 0 : 4) + (zone === null ? 0 : 2) + (severity === null ? 0 : 1)
