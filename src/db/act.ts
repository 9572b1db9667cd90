import { sql } from 'drizzle-orm'
import type { Clock, Recording } from '../kernel/clock.js'
import { refuse, refuseAt, type Refused } from '../kernel/refusal.js'
import { shown } from '../kernel/shown.js'
import { EVERYWHERE, isWithin, type Principal, type Reach, SYSTEM } from '../kernel/roles.js'
import { type Text, text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'
import type { Tx } from './database.js'
import { type Deed, writeJournal } from './journal.js'

/** One effect on its way into the store: its transaction, and who does it when. */
export interface Act extends Recording {
  readonly tx: Tx
  /**
   * Who waited for a lock began before whoever held it: what is written is never recorded before what it builds on.
   * Raises `at` to the present, and to this moment where another machine's clock is ahead. Only before the first write.
   */
  readonly notBefore: (recordedAt: Date) => void
  /** Whoever does it, with what they may; `by` is their id. */
  readonly who: Principal
  /** Where they may do this. */
  readonly reach: Reach
  readonly newId: () => string
  /** The `If-Match` of whoever asks: the version that they saw. */
  readonly ifMatch: string | undefined
  readonly journal: (...deeds: readonly Deed[]) => Promise<void>
}

/** An act that begins now. */
export function beginAct(
  { tx, who, reach, ifMatch }: Pick<Act, 'tx' | 'who' | 'reach' | 'ifMatch'>, { now, newId }: Clock, request: string,
): Act {
  let at = now()
  return {
    tx, who, reach, ifMatch, by: who.id, newId,
    get at() {
      return at
    },
    notBefore: (recordedAt) => {
      for (const moment of [now(), recordedAt]) if (moment > at) at = moment
    },
    journal: (...deeds) => writeJournal(tx, deeds, { at, by: who.id, request }),
  }
}

/**
 * The same act where it goes on with something else than what the asker named: their `If-Match` was of that. Its time is
 * the act's own, which rises with what is locked.
 */
export const goingOn = (act: Act, reach: Reach = act.reach): Act => ({
  ...act, reach, ifMatch: undefined,
  get at() {
    return act.at
  },
})

/** What the service does by itself at a moment, by the clock. `by` names the part that does it. */
export const actOf = ({ tx, at, newId }: Pick<Act, 'tx' | 'at' | 'newId'>, by: string): Act =>
  beginAct({ tx, who: { ...SYSTEM, id: by }, reach: EVERYWHERE, ifMatch: undefined }, { now: () => at, newId }, by)

/** The version that stands, and of a record who put it down. */
interface Stands {
  readonly version: number
  readonly recordedBy?: string
  readonly recordedAt?: Date
}

/**
 * Refuses unless the version that the asker saw is the one that stands; null: nothing stands. `If-Match` is needed to
 * replace something.
 */
export function matchVersion({ ifMatch }: Pick<Act, 'ifMatch'>, stands: Stands | null): void {
  if (stands === null) {
    if (ifMatch === undefined) return
    throw refuse('changedMeanwhile', '没有这一项，无从改写；新登记不带 If-Match', 'there is no such thing to change; to put down something new leave If-Match out')
  }
  if (ifMatch === undefined) {
    throw refuse('versionMissing', '改动已有的一项要带 If-Match，即读到它时的 ETag', 'to change what exists send If-Match with the ETag that was read')
  }
  const tags = ifMatch.split(',').map((tag) => tag.trim())
  if (tags.some((tag) => ['*', etagOf(stands.version)].includes(tag))) return
  // Whoever left the quotation marks out would be told that somebody changed what nobody changed.
  const bare = tags.find((tag) => !/^(?:W\/)?"[^"]*"$/.test(tag))
  if (bare !== undefined) throw notQuoted(bare)
  throw changedMeanwhile(stands)
}

/** The same where the asker may leave it out. */
export function matchVersionIfGiven(act: Pick<Act, 'ifMatch'>, stands: Stands): void {
  if (act.ifMatch !== undefined) matchVersion(act, stands)
}

function notQuoted(tag: string): Refused {
  const right = etagOf(/^"?(\d{1,9})"?$/.exec(tag)?.[1] ?? 3)
  return refuseAt('header:/if-match',
    `If-Match 与读到的 ETag 一样，连同引号：${right}，不是 ${shown(tag)}`, `If-Match is the ETag as it was read, with its quotation marks: ${right}, not ${shown(tag)}`)
}

/** Says who changed it, where that is known: whoever came second has somebody to call. */
function changedMeanwhile({ version, recordedBy, recordedAt }: Stands): Refused {
  const [zh, en] = recordedBy === undefined || recordedAt === undefined ? ['', '']
    : [`，由 ${recordedBy} 于 ${instantOf(recordedAt)} 登记`, `, put down by ${recordedBy} at ${instantOf(recordedAt)}`]
  return refuse('changedMeanwhile', `现在是第 ${version} 版${zh}；请重新读取，再决定`, `version ${version} stands now${en}; read it again and decide anew`)
}

export const etagOf = (version: number | string): string => `"${version}"`

const DESK = text('调度台', 'the transfer desk')

/** Refuses what is to be done at a place, or for a unit, out of the asker's reach; `city` is who does such things for all of them. */
export function mustReach({ reach }: Pick<Act, 'reach'>, of: { unit?: string; place?: string }, city: Text = DESK): void {
  if (isWithin(reach, of)) return
  const where = of.place ?? of.unit ?? ''
  throw refuse('forbidden', `${where} 不在您的权限范围内；请由该处或${city.zh}办理`, `${where} is outside of what you look after; let them, or ${city.en}, do it`)
}

/** Any number: whoever asks for it asks for the picture of the city, and nothing else asks for one. */
const PICTURE = 442_020

/**
 * Nobody else who judges the picture of the city goes on before this act's transaction ends: two who each look whether
 * their own row fits would otherwise both find that it does.
 */
export async function lockPicture({ tx, notBefore, at }: Pick<Act, 'tx' | 'notBefore' | 'at'>): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${PICTURE}::bigint)`)
  notBefore(at)
}

/** What an act writes from here on can be taken back by `takeBack`, the rest of the transaction stays. */
export const markBefore = ({ tx }: Pick<Act, 'tx'>) => tx.execute(sql`savepoint before_it`)
export const takeBack = ({ tx }: Pick<Act, 'tx'>) => tx.execute(sql`rollback to savepoint before_it`)
