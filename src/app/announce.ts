import { z } from 'zod'
import type { Database } from '../db/database.js'
import { DatabaseUnavailable } from '../db/errors.js'
import { clashText } from '../interop/print/planText.js'
import { STAMP } from '../kernel/drill.js'
import { counted, joinTexts, type Text, text } from '../kernel/text.js'
import { instantOf, shortTime } from '../kernel/time.js'
import { planSchema } from '../planning/plan.js'
import { scenarioSchema } from '../planning/scenario.js'
import { isStoreEmpty } from '../planning/snapshot.js'
import { listRuns, planOf, type Run } from '../planning/store.js'

/** As much of a kept plan as is told: it may have been written by another version of the program. */
const toldSchema = z.looseObject({
  planDay: z.string(), asOf: z.string(), summary: z.object({ zh: z.string(), en: z.string() }),
  material: z.looseObject({ shipments: z.array(z.looseObject({ to: z.string() })), unmet: z.array(z.looseObject({ item: z.string() })) }).nullish(),
})

/** What the newest run came to, dated, since it may be a plan of last week; null when there is none. */
async function newestRun(db: Database): Promise<Text | 'underWay' | null> {
  return db.inSnapshot(async (tx) => {
    const [run] = await listRuns(tx, { state: undefined, after: null, limit: 1 })
    if (run === undefined) return null
    if (run.state === 'queued' || run.state === 'running') return 'underWay'
    const found = await planOf(tx, run.id)
    const told = found === null ? null : toldSchema.safeParse(JSON.parse(found.plan))
    return told?.success === true ? joinTexts([planText(run, told.data), ...clashOf(run, found)], LINES) : endedText(run)
  })
}

const planText = ({ id }: Run, { planDay, asOf, summary, material }: z.infer<typeof toldSchema>): Text => joinTexts([
  text(`${planDay} 的方案（数据截至 ${shortTime(asOf)}，计算 ${id}）：`, `The plan for ${planDay} (as of ${shortTime(asOf)}, run ${id}):`), summary,
  ...(material === null || material === undefined ? [] : [materialText(material)]),
], LINES)
const LINES = text('\n', '\n')

/** Of a plan that cannot be done what the summary promises: the clash and the ways out. */
function clashOf({ exit }: Run, found: { plan: string; snapshot: string } | null): Text[] {
  if (exit !== 3 || found === null) return []
  const [plan, scenario] = [planSchema.safeParse(JSON.parse(found.plan)), scenarioSchema.safeParse({ edits: {}, ...JSON.parse(found.snapshot) as object })]
  return plan.success && scenario.success ? [clashText({ plan: plan.data, scenario: scenario.data })] : []
}

function materialText({ shipments, unmet }: NonNullable<z.infer<typeof toldSchema>['material']>): Text {
  const [places, short] = [new Set(shipments.map(({ to }) => to)).size, new Set(unmet.map(({ item }) => item)).size]
  return text(`物资：${shipments.length} 单出库，送 ${places} 处；${short === 0 ? '无一短缺' : `${short} 个品种短缺`}。`,
    `Material: ${counted(shipments.length, 'shipments')} to ${counted(places, 'places')}; ${short === 0 ? 'nothing is short' : `${counted(short, 'items')} short`}.`)
}

function endedText({ id, state, reasons }: Run): Text {
  const why = joinTexts(reasons ?? [], text('；', '; '))
  if (state === 'failed') return text(`计算 ${id} 失败：${why.zh}`, `The run ${id} failed: ${why.en}`)
  return text(`最近一次计算 ${id} 没有可显示的方案`, `The last run, ${id}, has no plan to show`)
}

const LOOK_MILLISECONDS = 100
const LOOK_AGAIN_MILLISECONDS = 2000

interface Announcing {
  /** Whether this service computes plans by itself; else nobody waits here for one. */
  readonly isPlanning: boolean
  readonly say: (said: Text) => void
  readonly closing: AbortSignal
  readonly onTrouble: (why: unknown) => void
}

/** Says what the day's plan comes to, once it is there. It is a courtesy: whatever goes wrong with it ends nothing. */
export async function announce(db: Database, { isPlanning, say, closing, onTrouble }: Announcing): Promise<void> {
  while (!closing.aborted) {
    try {
      const newest = await newestRun(db)
      if (newest !== null && newest !== 'underWay') say(newest)
      if (newest !== 'underWay' || !isPlanning) return
      await pause(LOOK_MILLISECONDS, closing)
    } catch (error) {
      if (closing.aborted) return
      onTrouble(error)
      if (!(error instanceof DatabaseUnavailable)) return
      await pause(LOOK_AGAIN_MILLISECONDS, closing)
    }
  }
}

function pause(milliseconds: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      closing.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    closing.addEventListener('abort', done)
  })
}

/** What whoever started the service has to know of its store before they use it. */
export async function aboutStore(db: Database, how: { isDrill: boolean; isDemonstration: boolean; isPlanning: boolean; now: Date }): Promise<Text[]> {
  const said: Text[] = how.isDrill ? [text(
    `${STAMP}：此库只供演练，自第一次启动起不变；其中的任何指令都不是真的`,
    `${STAMP}: this store is for a drill, from its first start and for ever; no order of it is in earnest`)] : []
  if (how.isDemonstration) said.push(text(`本库时钟 ${instantOf(how.now)}`, `This store’s clock is at ${instantOf(how.now)}`))
  if (await db.inSnapshot(isStoreEmpty)) {
    said.push(text(
      '库是空的：用 POST /api/scenario 导入情景（zip），整库用 npm run -s import -- <文件> 导入另一个没有启动过的库',
      'The store is empty: bring a scenario (zip) by POST /api/scenario, a whole store comes by npm run -s import -- <file> into another one that was never started'))
  }
  if (!how.isPlanning) {
    said.push(text(
      '本服务不计算方案：请另启 npm run worker，或设 PLAN_HERE=yes',
      'This service computes no plans: start npm run worker beside it, or set PLAN_HERE=yes'))
  }
  return said
}
