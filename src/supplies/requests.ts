import { text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'

/** What has become of what a place asks for. */
export const REQUEST_STATES = {
  open: text('待批', 'open'),
  approved: text('已批', 'approved'),
  refused: text('未批', 'refused'),
  withdrawn: text('已撤回', 'withdrawn'),
} as const satisfies Vocabulary<string>
export type RequestState = keyof typeof REQUEST_STATES
