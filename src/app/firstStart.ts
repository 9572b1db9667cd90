import { FIRST_ACCOUNT, FIRST_GRANTS, isAdministrator } from '../access/accounts.js'
import { putAccount } from '../access/commands.js'
import type { SignIn } from '../access/signIn.js'
import { ACCOUNTS, lockAccounts, signingAdministrators } from '../access/store.js'
import { etagOf } from '../db/act.js'
import type { Database } from '../db/database.js'
import { currentRecord } from '../db/records.js'
import type { Clock } from '../kernel/clock.js'
import { startAct } from './startAct.js'

/**
 * The word with which somebody becomes the first administrator; null once one can sign in. Each start before that gives
 * out another, and the one before is void. There is no account that everybody knows the password of.
 */
export const firstInvitation = (db: Database, clock: Clock, signIn: SignIn): Promise<string | null> =>
  db.inTransaction(async (tx) => {
    await lockAccounts(tx)
    if ((await signingAdministrators(tx, false)).length > 0) return null
    const first = await currentRecord(tx, ACCOUNTS, FIRST_ACCOUNT)
    // Whoever starts the service holds the store: an account that was disabled or lost the role has it back, and no other role.
    if (first === null || !isAdministrator(first.body)) {
      const title = first?.body.title ?? { zh: '系统管理员', en: 'administrator' }
      await putAccount(startAct(tx, clock, first === null ? undefined : etagOf(first.version)), FIRST_ACCOUNT, {
        title, grants: [...FIRST_GRANTS], disabled: false,
      })
    }
    return signIn.invite(tx, FIRST_ACCOUNT)
  })
