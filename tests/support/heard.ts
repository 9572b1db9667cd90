import { heardBy as heardOf, located } from '../../src/app/changes.js'
import type { Change } from '../../src/db/changes.js'
import type { Database } from '../../src/db/database.js'
import type { Reach } from '../../src/kernel/roles.js'

/** What of some changes somebody hears of who reaches so far, as things lie now. */
export const heardBy = async (db: Database, reach: Reach, changes: readonly Change[]): Promise<Change[]> =>
  heardOf(reach, await db.inSnapshot((tx) => located(tx, changes))).map(({ lies: _, ...change }) => change)
