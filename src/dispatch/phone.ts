import { AUTHORITY, type Decision } from '../access/authority.js'
import type { Act } from '../db/act.js'
import { refuseAt } from '../kernel/refusal.js'
import { reachOf } from '../kernel/roles.js'
import type { Phone } from './orders.js'

/**
 * A decision by phone is somebody else's: not that of who called, and of who puts it down only where they could have
 * decided without a call. Refuses: invalidInput.
 */
export function checkCall({ who, by }: Pick<Act, 'who' | 'by'>, { calledPost, answeredPost }: Phone, decision: Decision = 'transfers'): void {
  const mayDecide = reachOf(who, AUTHORITY[decision]).isCity
  if (answeredPost !== calledPost && (answeredPost !== by || mayDecide)) return
  throw refuseAt('/phone/answeredPost', '须填接电话并批准的另一岗位；打电话者、登记者不能自己批准', 'name the other post, which answered and approved; who called, or puts it down, does not approve it themselves')
}
