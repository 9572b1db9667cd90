/** The words of the model: what is asked, what is kept, and how it goes out. None of it is the service's own. */
export type Fields = Readonly<Record<string, unknown>>

export type Kind = 'reporting-units' | 'places' | 'pools' | 'cases' | 'intake'

export type Command =
  | { readonly op: 'put'; readonly kind: Kind; readonly id: string; readonly body: Fields }
  | { readonly op: 'report' | 'move' | 'end'; readonly id: string; readonly body: Fields }
  | { readonly op: 'admit' | 'ask'; readonly body: Fields }
  | { readonly op: 'cancel'; readonly id: string }
  | { readonly op: 'import' }

/** A command as it is sent. `isCrooked`: its body does not fit the schema. */
export interface Sent {
  readonly command: Command
  readonly post: string
  readonly key: string | null
  readonly ifMatch: string | null
  readonly isCrooked: boolean
}

/** `again` is where the bytes of the first answer are kept, for a key that was used before. */
export interface Predicted {
  readonly status: number
  readonly code: string | null
  readonly body: Fields | null
  readonly kept: Kept | null
  readonly again: boolean
}
export interface Kept {
  readonly same: string
  readonly answer: Pick<Predicted, 'status' | 'code' | 'body'>
  bytes: string
}

export interface Version {
  readonly id: string
  readonly version: number
  readonly body: Fields
  readonly effectiveAt: number
  readonly recordedAt: number
  readonly recordedBy: string
  /** When somebody named came (1) or left (-1), where that made the version. */
  readonly named?: { readonly at: number; readonly more: number }
}
export interface Stay {
  readonly id: string
  readonly person: string
  readonly place: string
  readonly pool: string | null
  readonly began: number
  readonly beganRecorded: number
  readonly beganBy: string
  readonly end: { readonly at: number; readonly how: string; readonly recorded: number; readonly by: string } | null
}
export interface Run {
  readonly id: string
  readonly request: Fields
  readonly by: string
  readonly at: number
  readonly cancelled: number | null
}
/** What the model knows. */
export interface State {
  readonly now: number
  readonly records: Readonly<Record<Kind, ReadonlyMap<string, readonly Version[]>>>
  readonly stays: ReadonlyMap<string, Stay>
  readonly runs: ReadonlyMap<string, Run>
}

export interface Deed { readonly action: string; readonly kind: string; readonly subject: string; readonly actor: string; readonly at: number }

const HOURS_EAST = 8
/** A moment as people in China write it; milliseconds only where there are some. */
export const written = (moment: number): string =>
  `${new Date(moment + HOURS_EAST * 3_600_000).toISOString().replace('.000Z', 'Z').slice(0, -1)}+08:00`
export const read = (said: unknown): number => Date.parse(String(said))
const writtenOrNull = (moment: number | undefined) => (moment === undefined ? null : written(moment))

export const isCount = (figure: unknown): figure is number => typeof figure === 'number'
const RUN_DEFAULTS = { asOf: null, planDay: null, policy: {}, require: null, engine: 'highs', seconds: 60, secondOpinion: true }

export const stayOut = ({ id, person, place, pool, began, beganRecorded, beganBy, end }: Stay): Fields => ({
  id, version: end === null ? 1 : 2, case: person, place, pool,
  beganAt: written(began), beganRecordedAt: written(beganRecorded), beganRecordedBy: beganBy,
  endedAt: writtenOrNull(end?.at), ending: end?.how ?? null, endedRecordedAt: writtenOrNull(end?.recorded), endedRecordedBy: end?.by ?? null,
})
export const recordOut = ({ id, version, body, effectiveAt, recordedAt, recordedBy }: Version): Fields => ({
  id, version, effectiveAt: written(effectiveAt), recordedAt: written(recordedAt), recordedBy, ...body,
})
export const runOut = ({ id, request, by, at, cancelled }: Run): Fields => ({
  id, version: cancelled === null ? 1 : 2, state: cancelled === null ? 'queued' : 'cancelled', request: { ...RUN_DEFAULTS, ...request },
  requestedAt: written(at), requestedBy: by, startedAt: null, finishedAt: cancelled === null ? null : written(cancelled),
  progress: { done: 0, of: 0, title: null }, exit: null, snapshotHash: null, planHash: null, milliseconds: null, reasons: null,
})
