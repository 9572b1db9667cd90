import type { Reach } from './modelRoles.js'
import { type Draftable, present, type Version } from './modelState.js'
import { type Answered, type Fields, type Given, type Kind, type Reached, read } from './modelWords.js'

/** A refusal on its way out; whatever was done before it is undone. `about`: what it lists. */
export class No extends Error {
  constructor(readonly code: string, readonly about: readonly string[] | null = null) {
    super(code)
  }
}

/** One command that is being carried out. */
export interface Act {
  readonly state: Draftable
  readonly by: string
  /** Where whoever asks may do this. */
  readonly reach: Reach
  readonly ifMatch: string | null
  readonly given: Given
  readonly reached: Reached
}

export const done = (body: Fields, status = 200): Answered => ({ status, code: null, body, about: null })

export function needs(is: boolean, code: string, about: readonly string[] | null = null): void {
  if (!is) throw new No(code, about)
}

const JOURNAL_NAMES: Readonly<Partial<Record<Kind, string>>> = { 'reporting-units': 'units', 'reserve-blocks': 'blocks', 'expert-teams': 'teams' }
export const journalName = (kind: Kind): string => JOURNAL_NAMES[kind] ?? kind

export function note({ state, by }: Pick<Act, 'state' | 'by'>, action: string, kind: string, subject: string): void {
  state.journal.push({ action, kind, subject, actor: by, at: state.now })
}

/** The next version of a record. Its time does not go back behind that of the one before. */
export function keep({ state, by, reached }: Pick<Act, 'state' | 'by' | 'reached'>, kind: Kind, row: { id: string; body: Fields; at: number; more?: number }): Version {
  const { id, body, at, more = 0 } = row
  const versions = state.records[kind].get(id) ?? []
  const last = versions.at(-1)
  if (last !== undefined && at < last.effectiveAt) reached('effective time does not go back')
  const version = {
    id, version: versions.length + 1, body, effectiveAt: Math.max(at, last?.effectiveAt ?? at), recordedAt: state.now, recordedBy: by,
    ...(more === 0 ? {} : { named: { at, more } }),
  }
  state.records[kind].set(id, [...versions, version])
  return version
}

/** The record, or the refusal that there is none. */
export function found(act: Act, kind: Kind, id: string | null): Version {
  const record = present(act.state, kind, id ?? '')
  if (record === undefined) throw new No('notFound')
  return record
}

/** The version that the asker saw has to be the one that stands; null: nothing stands. */
export function match({ ifMatch }: Act, version: number | null): void {
  if (version === null) needs(ifMatch === null, 'changedMeanwhile')
  else if (ifMatch === null) throw new No('versionMissing')
  else needs(ifMatch.split(', ').includes(`"${version}"`), 'changedMeanwhile')
}
/** The same where the asker may leave it out. */
export function matchIfGiven(act: Act, version: number): void {
  if (act.ifMatch !== null) match(act, version)
}

/** When it happened: what is said, never the future, or else now. */
export function when({ state }: Pick<Act, 'state'>, said: unknown): number {
  const at = said === undefined || said === null ? state.now : read(said)
  needs(at <= state.now, 'wrongTime')
  return at
}
