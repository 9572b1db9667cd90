import { API_KEYS } from '../access/store.js'
import type { Act } from '../db/act.js'
import { isDrillStore } from '../db/storeMark.js'
import type { Tx } from '../db/database.js'
import type { Span } from '../db/history.js'
import { currentRecord } from '../db/records.js'
import { canonicalJson, sha256 } from '../kernel/canonical.js'
import { DETAILS_MAX, refuse, Refused } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'
import { checkedIn, type Line, lineText, linesOf, wrongIn } from './arithmetic.js'
import { type DayContent, type DayFigures, figuresOf } from './content.js'
import { type Correction, correctionsOf } from './corrections.js'
import { type Asked, CUT_OFFS, idOf, numberIn, type ReportAsk, spanOf } from './cutOff.js'
import { readDay, witnessesOf } from './reading.js'
import { type DailyReport, insertReport, lastReportNumber, lockReports, reportById } from './store.js'

/** A day counted and held against its witnesses, in one moment of the store. */
export interface Draft {
  readonly span: Span
  readonly figures: DayFigures
  readonly lines: readonly Line[]
}

/** Counts a day up to its cut-off, as far as it is known. */
export async function draftOf(tx: Tx, asked: Asked, knownAt: Date): Promise<Draft> {
  const span = { ...spanOf(asked), knownAt }
  const read = await readDay(tx, span)
  const figures = figuresOf(read)
  return { span, figures, lines: linesOf(read, figures, await witnessesOf(tx, read)) }
}

/** Whether a report could be frozen now: its cut-off has passed, and nobody has frozen it. */
export const canBeFrozen = async (tx: Tx, asked: Asked, now: Date): Promise<boolean> =>
  spanOf(asked).to <= now && await reportById(tx, idOf(asked)) === null

/**
 * Freezes the daily report of a cut-off. The draft was counted in a moment of its own, just before; null: there was
 * nothing to count yet. Refuses: forbidden, alreadyExists, wrongTime, doesNotAddUp.
 */
export async function freeze(act: Act, ask: ReportAsk, draft: Draft | null): Promise<DailyReport> {
  await checkSignatory(act)
  await lockReports(act)
  const id = idOf(ask)
  const before = await reportById(act.tx, id)
  if (before !== null) {
    const [by, at, number] = [before.signatory, instantOf(before.frozenAt), numberIn(before.year, before.number, await isDrillStore(act.tx))]
    throw refuse('alreadyExists', `${id} 的日报已由 ${by} 于 ${at} 冻结，编号 ${number}`, `the report of ${id} was frozen by ${by} at ${at}, as number ${number}`)
  }
  const { from, to } = spanOf(ask)
  if (draft === null) {
    throw refuse('wrongTime', `${ask.day} ${CUT_OFFS[ask.cutOff].zh}的日报到 ${instantOf(to)} 才能冻结；现在是 ${instantOf(act.at)}`,
      `the report of ${ask.day}, ${CUT_OFFS[ask.cutOff].en}, can be frozen from ${instantOf(to)} on; it is ${instantOf(act.at)} now`)
  }
  const { figures, lines, span: { knownAt } } = draft
  if (Object.keys(figures.units).length === 0) {
    throw refuse('wrongTime', `库中没有 ${instantOf(to)} 的数据，无从报告`, `the store has nothing of ${instantOf(to)} that could be reported`)
  }
  checkArithmetic(lines)
  const year = ask.day.slice(0, 4)
  const number = await lastReportNumber(act.tx, year) + 1
  const frozen: DayContent = {
    ...figures, day: ask.day, cutOff: ask.cutOff, from: instantOf(from), to: instantOf(to), knownAt: instantOf(knownAt), note: ask.note ?? null, arithmetic: checkedIn(lines),
  }
  const content = canonicalJson(frozen)
  const contentHash = sha256(content)
  const report = await insertReport(act.tx, { id, number, frozenAt: act.at, signatory: act.by, content, contentHash })
  await act.journal({ action: 'report.frozen', kind: 'daily-reports', subject: id, details: { number: numberIn(year, number, await isDrillStore(act.tx)), hash: contentHash } })
  return report
}

/** A report is answered for by a post, which another system is not. */
async function checkSignatory(act: Act): Promise<void> {
  if (await currentRecord(act.tx, API_KEYS, act.by) === null) return
  throw refuse('forbidden', `日报由岗位签发；${act.by} 是别的系统的密钥`, `a daily report is signed by a post; ${act.by} is the key of another system`)
}

function checkArithmetic(lines: readonly Line[]): void {
  const wrong = wrongIn(lines)
  if (wrong.length === 0) return
  throw new Refused({
    code: 'doesNotAddUp',
    text: text(`有 ${wrong.length} 处对不上，未冻结；请按所列查明`, `nothing was frozen: lines that do not add up: ${wrong.length}; look into what is listed`),
    details: wrong.slice(0, DETAILS_MAX).map((line) => ({ pointer: `${line.rule}/${line.subject}`, want: lineText(line) })),
  })
}

/** What was frozen, as it was written. */
export const contentOf = ({ content }: Pick<DailyReport, 'content'>): DayContent => JSON.parse(content) as DayContent

/** Every figure of a report that is otherwise by what is known now. */
export async function correctionsNow(tx: Tx, content: DayContent, now: Date): Promise<Correction[]> {
  return correctionsOf(content, figuresOf(await readDay(tx, { ...spanOf(content), knownAt: now })))
}
