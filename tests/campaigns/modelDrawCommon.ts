import type { Draw } from './modelChance.js'
import { idsOf, type State } from './modelState.js'
import { type Command, type Fields, HOUR, type Kind, MINUTE, type Op, read, written } from './modelWords.js'

/**
 * A command, and by whom: what a sequence begins with is done by somebody who may, without more; what follows from what
 * was done by somebody who may; the rest by anybody.
 */
export interface Drawn { readonly command: Command; readonly by: 'first' | 'whoMay' | 'anybody' }

/** What somebody may ask for next, drawn from what there is. */
export type DrawCommand = (draw: Draw, state: State) => Command

export const asks = (op: Op, id: string | null, body: Fields | null = null): Command => ({ op, id, body })

/** A moment as somebody may write it. */
export const said = (draw: Draw, moment: number): string => (draw.chance(25) ? new Date(moment).toISOString() : written(moment))

/** The present, or a moment near something that happened, or rarely one that has not come. */
export function moment(draw: Draw, state: State, near: readonly unknown[], now = 40): string | undefined {
  const dice = draw.below(100)
  if (dice < now) return undefined
  if (dice < now + 6) return said(draw, state.now + 1 + draw.below(2 * HOUR))
  const known = near.filter((one) => one !== null && one !== undefined).map((one) => (typeof one === 'number' ? one : read(one)))
  if (dice < now + 20 || known.length === 0) return said(draw, state.now - draw.below(6 * HOUR))
  return said(draw, draw.of(known) + draw.of([0, 0, 0, -1, 1, -MINUTE, MINUTE, HOUR, -HOUR]))
}

export const at = (when: string | undefined): Fields => (when === undefined ? {} : { at: when })

/** One of these, mostly; rarely one that there is not. */
export const idOf = (draw: Draw, ids: readonly string[]): string => (ids.length === 0 || draw.chance(3) ? 'nowhere' : draw.of(ids))
export const there = (state: State, kind: Kind): string[] => idsOf(state, kind)
/** One for which something is so, where there is one. */
export const rather = <T>(draw: Draw, all: readonly T[], percent: number, is: (one: T) => boolean): T | undefined => {
  const fitting = all.filter(is)
  return all.length === 0 ? undefined : fitting.length > 0 && draw.chance(percent) ? draw.of(fitting) : draw.of(all)
}
