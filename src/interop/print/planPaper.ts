import { SEVERITIES } from '../../cases/cases.js'
import type { IssuedAllocation } from '../../dispatch/material/store.js'
import type { Lately } from '../../dispatch/latelyStore.js'
import { STATES } from '../../dispatch/orders.js'
import { PLAN_STATES } from '../../dispatch/plans.js'
import type { NotInPlan } from '../../dispatch/notInPlan.js'
import type { IssuedPlan } from '../../dispatch/store.js'
import { STAMP } from '../../kernel/drill.js'
import { BLANK, escaped, formOfRows, formRow, inBoth, paper, partOf } from '../../kernel/paper.js'
import { visible } from '../../kernel/safeText.js'
import { counted, joinTexts, type Language, type Text, text } from '../../kernel/text.js'
import { instantOf, momentOf } from '../../kernel/time.js'
import type { Drafted } from '../../planning/compare.js'
import { type KeptRequest, restsOnIn } from '../../planning/runs.js'
import { htmlOf } from './planHtml.js'
import { planLines, planText } from './planText.js'
import type { Fate } from './planView.js'
import { WORDS } from './words.js'

/** A plan of the store, and what has become of it so far. */
export interface OnPaper extends Drafted {
  readonly run: { readonly id: string; readonly exit: number | null; readonly planHash: string | null; readonly request: KeptRequest }
  /** Null: a draft still. */
  readonly transfers: IssuedPlan | null
  readonly material: IssuedAllocation | null
  /** What came to nothing for those whom the plan moves, shortly before it was signed. */
  readonly lately: readonly Lately[]
  readonly isDrill: boolean
  /** The orders that its lines have become, by patient. */
  readonly orders: ReadonlyMap<string, string>
  /** Who waits at the moment of printing and is nowhere in it; null: it is over. */
  readonly forgotten: NotInPlan | null
}

const fateOf = ({ transfers, material, orders }: OnPaper): Fate => ({
  struck: new Map((transfers?.struck ?? []).map(({ patient, reason }) => [patient, reason])), orders,
  opened: transfers === null ? null : new Set(transfers.opened),
  struckShipments: new Map((material?.struck ?? []).map(({ shipment, reason }) => [shipment, reason])),
})

const minuteOf = (moment: Date | string): string => (typeof moment === 'string' ? moment : instantOf(moment)).slice(0, 16).replace('T', ' ')

/** Who signed what and when: what both approvals of a plan have in common. */
interface Signed {
  readonly by: string
  readonly at: Date
  readonly isByPhone: boolean
  readonly confirmed: { readonly by: string; readonly at: Date } | null
  readonly ended: { readonly how: Text; readonly by: string | null; readonly at: Date } | null
}

const confirmedIn = ({ confirmedAt, confirmedBy }: Pick<IssuedPlan, 'confirmedAt' | 'confirmedBy'>): Signed['confirmed'] =>
  confirmedAt === null || confirmedBy === null ? null : { by: confirmedBy, at: confirmedAt }

function signedTransfers(plan: IssuedPlan): Signed {
  const { approvedBy, approvedAt, phone, state, endedAt, endedBy } = plan
  return {
    by: phone?.answeredPost ?? approvedBy, at: approvedAt, isByPhone: phone !== null, confirmed: confirmedIn(plan),
    ended: endedAt === null || state === 'approved' ? null : { how: PLAN_STATES[state], by: endedBy, at: endedAt },
  }
}

function signedMaterial(allocation: IssuedAllocation): Signed {
  const { approvedBy, approvedAt, phone, withdrawnAt, withdrawnBy } = allocation
  return {
    by: phone?.answeredPost ?? approvedBy, at: approvedAt, isByPhone: phone !== null, confirmed: confirmedIn(allocation),
    ended: withdrawnAt === null ? null : { how: PLAN_STATES.withdrawn, by: withdrawnBy, at: withdrawnAt },
  }
}

const DRAFT = text('草案，未经批准', 'draft, not approved')
const TRIAL = text('草案，据尚未落实的出路试排，不能批准', 'draft, tried with ways out that are not so yet; cannot be approved')
const IMPOSSIBLE = text('草案，未经批准；做不到，不能批准', 'draft, not approved; it cannot be done, and cannot be approved')

function stateOf(signed: Signed | null, { run }: OnPaper): Text {
  if (signed === null) return run.exit === 3 ? IMPOSSIBLE : restsOnIn(run.request).length > 0 ? TRIAL : DRAFT
  const { by, at, isByPhone, confirmed, ended } = signed
  const how = isByPhone ? text('电话批准', 'approved by phone') : text('已批准', 'approved')
  const paperToFollow = isByPhone && confirmed === null ? text('，待书面确认', ', the paper to follow') : text('', '')
  const signature = confirmed === null ? paperToFollow
    : text(`；${confirmed.by} ${minuteOf(confirmed.at)} 补签`, `; confirmed by ${confirmed.by} at ${minuteOf(confirmed.at)}`)
  const end = ended === null ? text('', '')
    : text(`；${ended.how.zh}（${ended.by ?? ''} ${minuteOf(ended.at)}）`, `; ${ended.how.en}${ended.by === null ? '' : ` by ${ended.by}`} at ${minuteOf(ended.at)}`)
  return text(`${how.zh}（${by} ${minuteOf(at)}）${signature.zh}${end.zh}`, `${how.en} by ${by} at ${minuteOf(at)}${signature.en}${end.en}`)
}

/** What of the plan is not carried out, because whoever approved it struck it. */
const struckIn = ({ transfers, material }: OnPaper): string[] => [
  ...(transfers?.struck ?? []).map(({ patient, reason }) => `${patient}: ${reason}`),
  ...(material?.struck ?? []).map(({ shipment, reason }) => `${shipment}: ${reason}`),
]

function forgottenText({ count, first }: NotInPlan): Text {
  const named = first.map(({ patient, severity }) => text(`${patient}（${SEVERITIES[severity].zh}）`, `${patient} (${SEVERITIES[severity].en})`))
  const more = count > first.length ? text(' 等', ' and more') : text('', '')
  const { zh, en } = joinTexts(named)
  return text(`${count} 人：${zh}${more.zh}`, `${counted(count, 'people')}: ${en}${more.en}`)
}

const same = (words: string): Text => text(words, words)

/** What plan this is and what has become of it, said above the plan: the one source of the page and of the text. */
function headOf(of: OnPaper): [title: Text, value: Text][] {
  const { plan, run, transfers, material } = of
  const struck = struckIn(of)
  return [
    [text('方案计算', 'Plan run'), same(run.id)],
    [text('状态（转运）', 'State (transfers)'), stateOf(transfers === null ? null : signedTransfers(transfers), of)],
    ...(plan.material === null ? [] : [[text('状态（物资）', 'State (material)'), stateOf(material === null ? null : signedMaterial(material), of)] as [Text, Text]]),
    ...restsOnIn(run.request).map(({ wayOut, text: way, run: of }): [Text, Text] =>
      [text('须先落实并上报', 'To be carried out and reported first'), text(`${way.zh}（计算 ${of} 的出路 ${wayOut}）`, `${way.en} (way out ${wayOut} of run ${of})`)]),
    ...(struck.length === 0 ? [] : [[text('批准时划去', 'Struck at the approval'), text(struck.join('；'), struck.join('; '))] as [Text, Text]]),
    ...(of.forgotten === null || of.forgotten.count === 0 ? [] : [[text('等候而不在方案中', 'Waiting, and not in the plan'), forgottenText(of.forgotten)] as [Text, Text]]),
    [text('方案日', 'Day of the plan'), same(plan.planDay)],
    [text('数据截至', 'As known at'), same(minuteOf(plan.asOf))],
    [text('快照哈希（SHA-256）', 'Hash of the snapshot (SHA-256)'), same(plan.snapshotHash)],
    [text('方案哈希（SHA-256）', 'Hash of the plan (SHA-256)'), same(run.planHash ?? '')],
  ]
}

const LATELY_HOURS = 24
const LATELY = text(
  `方案中自数据截至前 ${LATELY_HOURS} 小时起指令已了结或曾被划去者`, `People of the plan whose order ended or whose line was struck, from ${LATELY_HOURS} hours before its figures on`)

/** From when on it is said what came to nothing for people of a plan: nobody is ordered anew the same night without a word of it. */
export const latelyFrom = ({ asOf }: { readonly asOf: string }): Date => new Date(momentOf(asOf).getTime() - LATELY_HOURS * 3600_000)

/** One sentence each. */
const latelyIn = ({ lately }: OnPaper): Text[] => lately.map(({ patient, order, plan, at, by, note }) => {
  const what = order === null ? text(`批准方案 ${plan} 时划去`, `struck when plan ${plan} was approved`)
    : text(`指令 ${order.id} ${STATES[order.state].zh}`, `order ${order.id}: ${STATES[order.state].en}`)
  const [zh, en] = note === null ? ['', ''] : [`：${note}`, `: ${note}`]
  return text(`${patient}：${what.zh}（${by} ${minuteOf(at)}）${zh}`, `${patient}: ${what.en}, by ${by} at ${minuteOf(at)}${en}`)
})

/** The printed plan of the command below what plan it is; it points to what the interface has, and marks what an approval struck. */
export function paperText(of: OnPaper, language: Language): string {
  const rows = headOf(of).map(([title, value]) => `${title[language]}${WORDS.colon[language]}${visible(value[language])}\n`)
  const lately = latelyIn(of).map((said) => `  ${visible(said[language])}\n`)
  const below = lately.length === 0 ? '' : `${LATELY[language]}${WORDS.colon[language].trimEnd()}\n${lately.join('')}`
  return `${of.isDrill ? `${STAMP}\n` : ''}${rows.join('')}${below}\n${planText(of.plan, of.scenario, language, { medium: 'http', fate: fateOf(of) })}`
}

/** The plan as a page to be printed and signed: its head in both languages, the rest in the reader's. */
export function planPaper(of: OnPaper, language: Language): string {
  const { plan, scenario, run, transfers, isDrill } = of
  const rows = headOf(of).map(([title, value]) => formRow(title, value.zh === value.en ? escaped(value.zh) : inBoth(value)))
  const lately = latelyIn(of).map((said) => `<li>${inBoth(said)}</li>`)
  const below = lately.length === 0 ? '' : `${partOf(LATELY, `<ul>\n${lately.join('\n')}\n</ul>`)}\n`
  const signature = formOfRows([formRow(text('签字（岗位、时间）', 'Signed (post, time)'), BLANK)])
  const notice = transfers === null ? `<h1>${inBoth(stateOf(null, of))}</h1>\n` : ''
  const body = htmlOf(planLines({ plan, scenario, language, showsApply: false, medium: 'paper', fate: fateOf(of) }))
  return paper(WORDS.perPlan, run.id, `${notice}${formOfRows(rows)}\n${below}${signature}\n<div lang="${language === 'zh' ? 'zh-CN' : 'en'}">\n${body}\n</div>`, isDrill, STYLE)
}

const STYLE = '@page{size:A4;margin:12mm}body{font:9pt/1.4 sans-serif}table{border-collapse:collapse;width:100%;margin:0 0 8px}'
  + 'th,td{border:1px solid #999;padding:1px 5px;text-align:left;vertical-align:top;font-size:9pt}th{font-weight:600}.n{text-align:right;white-space:nowrap}'
  + 'p{margin:2px 0}ul{margin:2px 0 6px}h2{font-size:12pt;margin:14px 0 4px;break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}'
