import { shown } from '../../kernel/shown.js'
import { type Text, text } from '../../kernel/text.js'
import type { Day, Instant } from '../../kernel/time.js'
import type { Vocabulary } from '../../kernel/vocabulary.js'
import type { Scenario, TableName } from '../scenario.js'

/** One mistake in a scenario: where, what stands there ('' for nothing), and what would be right. */
export interface Fault {
  table: TableName | 'policy' | 'scenario'
  id: string | null
  field: string | null
  got: string
  want: Text
}

export interface Where {
  readonly table: Fault['table']
  readonly id?: string | null
  readonly field?: string | null
  readonly got?: unknown
}

/** `want` is a function where it costs a search, so that only sentences that are shown are made. */
export type Report = (where: Where, want: Text | (() => Text)) => void

/** What the cross checks look at: the rows that are sound by themselves. */
export interface Sound extends Pick<Scenario, TableName> {
  readonly asOf: Instant | null
  readonly planDay: Day | null
  readonly policy: Readonly<Record<string, unknown>> | null
  /** Whether a row of that id stands in the table, sound or not; true as well where the table cannot be read. */
  readonly has: (table: TableName, id: string) => boolean
  readonly ids: (table: TableName) => readonly string[]
}

export type Check = (sound: Sound, report: Report) => void

export const TABLE_TITLES = {
  units: text('报告单位', 'reporting units'),
  places: text('场所', 'places'),
  pools: text('床位', 'beds'),
  blocks: text('后备医院分区', 'reserve blocks'),
  teams: text('专家组', 'expert teams'),
  cases: text('病例', 'cases'),
  vehicles: text('救护车', 'ambulances'),
  travel: text('路程', 'travel'),
  orders: text('转运指令', 'transfer orders'),
  lastPlan: text('上一份方案', 'last plan'),
  intake: text('新增病例', 'intake'),
  edits: text('人工决定', 'hand decisions'),
  items: text('物资品种', 'items'),
  packings: text('包装', 'packings'),
  substitutes: text('替代品', 'substitutes'),
  kitParts: text('套件', 'kits'),
  norms: text('消耗定额', 'consumption norms'),
  receivers: text('受领场所', 'receivers of material'),
  staff: text('在岗人员', 'people on shift'),
  uses: text('实际消耗', 'measured use'),
  sources: text('物资来源', 'sources of material'),
  lots: text('库存批次', 'lots in stock'),
  supplies: text('到货', 'supplies to come'),
  consignments: text('在途物资', 'consignments that stand'),
  requests: text('物资申请', 'requests for material'),
} as const satisfies Vocabulary<TableName>

/** Tables without which there is nothing to plan. */
export const NEVER_EMPTY: readonly TableName[] = ['places', 'units']

export const FAULTS_SHOWN = 200

/** Collects faults; beyond the first 200 it only counts. */
export class FaultList {
  private readonly faults: Fault[] = []
  private hidden = 0

  readonly report: Report = (where, want) => {
    if (this.faults.length >= FAULTS_SHOWN) {
      this.hidden += 1
      return
    }
    const { table, id = null, field = null, got } = where
    this.faults.push({ table, id, field, got: shown(got), want: typeof want === 'function' ? want() : want })
  }

  /** The faults, and where there are more a last line that says how many. */
  all(): Fault[] {
    if (this.hidden === 0) return this.faults
    const more = text(`另有 ${this.hidden} 处错误未列出`, `${this.hidden} more mistakes are not listed`)
    return [...this.faults, { table: 'scenario', id: null, field: null, got: String(this.hidden), want: more }]
  }
}

/** The row behind an id; unlike plain indexing it finds nothing under "constructor". */
export const rowOf = <T>(rows: Readonly<Record<string, T>>, id: string): T | undefined =>
  Object.hasOwn(rows, id) ? rows[id] : undefined

/** Words of a vocabulary as people may write them: `severe 重型, …`. */
export function wordsOf(vocabulary: Vocabulary<string>, keys: readonly string[]): Text {
  const words = keys.map((key) => (vocabulary[key] === undefined ? key : `${key} ${vocabulary[key].zh}`))
  return text(words.join('、'), words.join(', '))
}
