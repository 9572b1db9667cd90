import { FIRST_ACCOUNT, FIRST_GRANTS } from '../access/accounts.js'
import { putAccount } from '../access/commands.js'
import type { SignIn } from '../access/signIn.js'
import { accountOf, hasPasswords } from '../access/store.js'
import type { Database } from '../db/database.js'
import type { Clock } from '../kernel/clock.js'
import { startAct } from './startAct.js'

/**
 * The word with which somebody becomes the first administrator; null once anybody can sign in. Each start before that
 * gives out another, and the one before is void. There is no account that everybody knows the password of.
 */
export const firstInvitation = (db: Database, clock: Clock, signIn: SignIn): Promise<string | null> =>
  db.inTransaction(async (tx) => {
    if (await hasPasswords(tx)) return null
    if (await accountOf(tx, FIRST_ACCOUNT) === null) {
      await putAccount(startAct(tx, clock), FIRST_ACCOUNT, {
        title: { zh: '系统管理员', en: 'administrator' }, grants: [...FIRST_GRANTS], disabled: false,
      })
    }
    return signIn.invite(tx, FIRST_ACCOUNT)
  })
