import { z } from 'zod'
import type { Act } from '../db/act.js'
import { isSamePost, postSchema } from '../kernel/ids.js'
import { refuseAt, wrongAt } from '../kernel/refusal.js'
import { reachOf } from '../kernel/roles.js'
import { instantOf, instantSchema } from '../kernel/time.js'
import { whenOf } from '../kernel/when.js'
import { AUTHORITY, type Decision, DECISIONS, holdsAuthority } from './authority.js'
import { accountsOfPost } from './store.js'

/** Approval by phone: which post called, which answered, when; the paper follows. */
export const phoneSchema = z.strictObject({ calledPost: postSchema, answeredPost: postSchema, at: instantSchema }).meta({ id: 'ByPhone' })
export type Phone = z.infer<typeof phoneSchema>

const MINUTE = 60_000
/** What nobody has planned is put down within so long of the call. */
const PUT_DOWN_MINUTES = 24 * 60

/**
 * A decision by phone is somebody else's: not that of who called, and of who puts it down only where they could have
 * decided without a call. Refuses: invalidInput.
 */
export function checkOtherPost({ who, by }: Pick<Act, 'who' | 'by'>, { calledPost, answeredPost }: Phone, decision: Decision): void {
  const mayDecide = reachOf(who, AUTHORITY[decision]).isCity
  if (!isSamePost(answeredPost, calledPost) && (!isSamePost(answeredPost, by) || mayDecide)) return
  throw refuseAt('/phone/answeredPost', '须填接电话并批准的另一岗位；打电话者、登记者不能自己批准', 'name the other post, which answered and approved; who called, or puts it down, does not approve it themselves')
}

/**
 * The call was between two posts that may have it so, at a time when there was something to decide: `planned` is when the
 * plan was there; null: it is in no plan. Returns when the call was. Refuses: invalidInput, wrongTime.
 */
export async function checkCall(act: Act, phone: Phone, planned: Date | null, decision: Decision = 'transfers'): Promise<Date> {
  checkOtherPost(act, phone, decision)
  const { calledPost } = phone
  const called = await accountsOfPost(act.tx, calledPost)
  if (called.length > 0 && called.every(({ disabled }) => disabled)) {
    throw refuseAt('/phone/calledPost', `帐号 ${calledPost} 已停用；请填实际打电话的岗位`, `the account ${calledPost} is disabled; name the post that called`)
  }
  await checkAnswered(act, phone, decision)
  return checkTime(act, phone, planned)
}

/** A post need not be an account; one that is may decide only what its account may. Refuses: invalidInput. */
export async function checkAnswered({ tx }: Act, { answeredPost }: Phone, decision: Decision): Promise<void> {
  const accounts = await accountsOfPost(tx, answeredPost)
  if (accounts.length === 0 || accounts.some((account) => holdsAuthority(account, decision))) return
  const { zh, en } = DECISIONS[decision]
  throw refuseAt('/phone/answeredPost', `帐号 ${answeredPost} 已停用或无权批准${zh}；请填有权批准并接电话的岗位`, `the account ${answeredPost} is disabled or may not approve ${en}; name the post that may, and answered`)
}

/** Times of calls are written down to the minute. */
function checkTime({ at: now }: Act, { at: stated }: Phone, planned: Date | null): Date {
  const at = whenOf(stated, now)
  if (planned === null && at.getTime() < now.getTime() - PUT_DOWN_MINUTES * MINUTE) {
    throw wrongAt('wrongTime', '/phone/at', `电话须在登记前 24 小时之内；现在是 ${instantOf(now)}`, `the call is put down within 24 hours; it is ${instantOf(now)} now`)
  }
  if (planned !== null && at.getTime() < Math.floor(planned.getTime() / MINUTE) * MINUTE) {
    throw wrongAt('wrongTime', '/phone/at', `方案于 ${instantOf(planned)} 算出，不能在此之前批准`, `the plan was computed at ${instantOf(planned)}; nobody approved it before`)
  }
  return at
}
