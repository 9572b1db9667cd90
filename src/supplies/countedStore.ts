import { sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import { rowsOf } from '../db/rows.js'
import { account, movement } from '../ledger/tables.js'
import type { Missed } from './measured.js'
import { stockLot } from './tables.js'

/** What stocktakes that stand have left unexplained, by place and item, where that is not nought. */
export const missedInCounts = (tx: Tx): Promise<Missed[]> => rowsOf<Missed>(tx, sql`
  with counted as (
    select l.item, substr(case m.to_account when 'unexplained' then m.from_account else m.to_account end, 4) as place,
      case m.to_account when 'unexplained' then m.quantity else -m.quantity end as units
    from ${account} as a join ${movement} as m on m.book = a.book and 'unexplained' in (m.from_account, m.to_account) join ${stockLot} as l on a.book = 'lot ' || l.id
    where a.name = 'unexplained'
  ) select place, item, sum(units)::float8 as units from counted group by place, item having sum(units) <> 0 order by place collate "C", item collate "C"`)
