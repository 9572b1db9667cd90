import { sql } from 'drizzle-orm'
import { type Text, text } from '../kernel/text.js'
import type { Act } from './act.js'
import type { Tx } from './database.js'
import { journal, storeMark } from './tables.js'

/** Whether the store is for a drill; null: nobody has started it yet. */
export async function markOf(tx: Tx): Promise<boolean | null> {
  const [found] = await tx.select().from(storeMark)
  return found?.isDrill ?? null
}

export const isDrillStore = async (tx: Tx): Promise<boolean> => await markOf(tx) ?? false

const REAL = text(
  '此库不是演练库：库的用途自第一次启动起不变。演练请另用一个空库（DATA_DIR 或 DATABASE_URL），以 DRILL=yes 启动',
  'this store is not for a drill, and what a store is for never changes from its first start: hold the drill in an empty one (DATA_DIR or DATABASE_URL), started with DRILL=yes')
const FOR_DRILLS = text(
  '此库是演练库：库的用途自第一次启动起不变，不能用 DRILL=no 启动',
  'this store is for a drill, and what a store is for never changes from its first start: it cannot be started with DRILL=no')

/** Why a store that is marked so is not what somebody says it is for; null: it is, or nobody says. */
export const markFault = (isDrill: boolean, asked: boolean | null): Text | null =>
  (asked === null || asked === isDrill ? null : isDrill ? FOR_DRILLS : REAL)

export type Marked = { readonly ok: true; readonly isDrill: boolean } | { readonly ok: false; readonly says: Text }

/**
 * At the first start decides what the store is for, which holds for ever; at later ones says what it is for, or why it
 * cannot be what is asked for now. A store in which something was written before it was marked is not for a drill.
 */
export async function markStore(act: Act, asked: boolean | null): Promise<Marked> {
  const found = await markOf(act.tx) ?? await markWhenAlone(act.tx)
  if (found !== null) {
    const says = markFault(found, asked)
    return says === null ? { ok: true, isDrill: found } : { ok: false, says }
  }
  const isDrill = asked ?? false
  const [written] = await act.tx.select({ seq: journal.seq }).from(journal).limit(1)
  if (isDrill && written !== undefined) return { ok: false, says: REAL }
  await act.tx.insert(storeMark).values({ isDrill, markedAt: act.at })
  await act.journal({ action: 'store.marked', kind: 'store', subject: isDrill ? 'drill' : 'real', details: { drill: isDrill } })
  return { ok: true, isDrill }
}

/** The mark once nobody else can make one any more: whoever starts at the same moment waits, and then reads ours. */
async function markWhenAlone(tx: Tx): Promise<boolean | null> {
  await tx.execute(sql`lock table ${storeMark} in exclusive mode`)
  return markOf(tx)
}
