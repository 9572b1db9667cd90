import { z } from 'zod'
import { text } from '../kernel/text.js'
import { daySchema, instantOrNullSchema } from '../kernel/time.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { EDITS_MAX, editAskSchema } from './edits.js'
import { textSchema } from './planWords.js'
import { demandSchema } from './scenario.js'

export const RUN_STATES = {
  queued: text('等候计算', 'queued'),
  running: text('计算中', 'running'),
  done: text('已有方案', 'done'),
  failed: text('失败', 'failed'),
  cancelled: text('已取消', 'cancelled'),
} as const satisfies Vocabulary<string>
export type RunState = keyof typeof RUN_STATES

/** What a planner asks for. The lot is not theirs to choose: it is fixed for the day. */
export const runRequestSchema = z.strictObject({
  /** What was known when; the present when left out. */
  asOf: instantOrNullSchema.default(null),
  /** The day it is carried out; the day of `asOf` in Asia/Shanghai when left out. */
  planDay: daySchema.nullable().default(null),
  /** Laid over the standing assumptions and the edition in force. */
  policy: z.record(z.string().max(80), z.unknown()).default({}),
  /** Needs that must hold; the standing ones when left out. */
  require: z.array(demandSchema).max(4).nullable().default(null),
  engine: z.enum(['highs', 'javascript-lp-solver']).default('highs'),
  /** Whole seconds for solving and explaining. */
  seconds: z.int().min(1).max(600).default(60),
  secondOpinion: z.boolean().default(true),
  /** What is decided by hand, all of it: the edits of a draft that this one is based on are not taken over unsaid. */
  edits: z.array(editAskSchema).max(EDITS_MAX).default([]),
  /** The run whose draft was edited, or whose way out is tried. */
  basedOn: z.string().min(1).max(200).nullable().default(null),
  /** A way out of that run: it is planned from the snapshot of that run as it would be then, so that nothing else is asked for anew. */
  wayOut: z.string().min(1).max(20).nullable().default(null),
})
/** A way out that a plan was made with and that nobody has reported as carried out: such a plan is not approved. */
export const restsOnSchema = z.object({ run: z.string(), wayOut: z.string(), text: textSchema })
export type RestsOn = z.infer<typeof restsOnSchema>
const keptSchema = runRequestSchema.extend({ restsOn: z.array(restsOnSchema).default([]) })

export type RunRequest = z.infer<typeof runRequestSchema>

/** A request as it is kept: one from before drafts could be edited says nothing of it. */
export type KeptRequest = z.input<typeof keptSchema>
export function requestIn(kept: KeptRequest): RunRequest {
  const { restsOn: _restsOn, ...request } = keptSchema.parse(kept)
  return request
}

/** The ways out that a run rests on, those of the runs that it is based on first. */
export const restsOnIn = (kept: KeptRequest): RestsOn[] => keptSchema.parse(kept).restsOn
