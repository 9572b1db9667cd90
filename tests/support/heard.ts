import { heardBy as heardOf, located } from '../../src/app/changes.js'
import type { Change } from '../../src/db/changes.js'
import type { Database } from '../../src/db/database.js'
import { type Reach, type Role, ROLES } from '../../src/kernel/roles.js'
import { keysOf } from '../../src/kernel/vocabulary.js'

/** What of some changes somebody hears of who reaches so far, with all roles or some, as things lie now. */
export const heardBy = async (db: Database, reach: Reach, changes: readonly Change[], roles: readonly Role[] = keysOf(ROLES)): Promise<Change[]> =>
  heardOf({ id: 'listener', grants: roles.map((role) => ({ role, ...reach })) }, await db.inSnapshot((tx) => located(tx, changes)))
    .map(({ lies: _, ...change }) => change)
