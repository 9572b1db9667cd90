import { drillLine } from '../../kernel/drill.js'
import { escaped } from '../../kernel/paper.js'
import { type Text, text } from '../../kernel/text.js'
import { type Day, dayOf } from '../../kernel/time.js'
import { CONTACT_KINDS, isolationEditionOf } from './editions.js'
import { type Contact, datesOf, EXTENSION_REASONS, HALVES } from './contacts.js'
import type { IsolationStay } from './store.js'
import { isSameHalf, type Looked, saidOf, wasSeenBefore } from './symptoms.js'

const STYLE = `body{font:16px/1.7 serif;max-width:42em;margin:3em auto;padding:0 1em;color:#000;background:#fff}
h1{text-align:center;font-size:1.5em}h1 small{display:block;font-size:.6em;font-weight:normal}
table{width:100%;border-collapse:collapse;margin:1.5em 0}th,td{border:1px solid #000;padding:.4em .6em;text-align:left;font-weight:normal;vertical-align:top}
th{width:45%}small{color:#333}.blank{display:inline-block;min-width:12em;border-bottom:1px solid #000}`

/** Whoever was released: their stays, and what was seen of them, the oldest first. */
interface Released {
  readonly id: string
  readonly contact: Contact
  readonly stays: readonly Pick<IsolationStay, 'beganAt' | 'endedAt' | 'ending'>[]
  readonly seen: readonly Looked[]
  readonly siteName: Text
  readonly isDrill: boolean
}

/** From which day to which they were kept apart; another room is no new beginning. */
function daysKept(stays: Released['stays']): { from: Day; to: Day }[] {
  const spans: { from: Day; to: Day; goesOn: boolean }[] = []
  for (const { beganAt, endedAt, ending } of stays) {
    const last = spans.at(-1)
    const to = dayOf(endedAt ?? beganAt)
    if (last?.goesOn === true) Object.assign(last, { to, goesOn: ending === 'moved' })
    else spans.push({ from: dayOf(beganAt), to, goesOn: ending === 'moved' })
  }
  return spans
}

/** So many days by the edition, and what was added to them. */
function daysAsked({ kind, edition, extensions }: Contact, siteUntil: Day): Text {
  const days = isolationEditionOf(edition ?? '')?.spans[kind]?.siteDays ?? 0
  const more = extensions.map(({ days: longer, reason }) => text(`，延长 ${longer} 天（${EXTENSION_REASONS[reason].zh}）`, `, ${longer} more (${EXTENSION_REASONS[reason].en})`))
  return text(`末次暴露后 ${days} 天${more.map(({ zh }) => zh).join('')}，至 ${siteUntil}`, `${days} days after the last exposure${more.map(({ en }) => en).join('')}: until ${siteUntil}`)
}

/** The last look; that there was none in the last day, of who was released before that was asked for. */
function lastSeen(seen: readonly Looked[], stays: Released['stays']): Text {
  const [last, endedAt = null] = [seen.at(-1), stays.at(-1)?.endedAt]
  if (last === undefined || endedAt === null || !wasSeenBefore(seen, endedAt)) return text('解除前一日未观察', 'not observed in the last day')
  const { day, half } = last
  const said = saidOf(last)
  return text(`${day} ${HALVES[half].zh}：${said.zh}`, `${HALVES[half].en} of ${day}: ${said.en}`)
}

/** What was ruled out, by whom and why, the oldest first. */
const ruledOut = ({ symptomsAnswered = [] }: Contact, seen: readonly Looked[]): Text[] => seen.flatMap((look) => {
  const answer = symptomsAnswered.find((one) => one.how === 'ruledOut' && isSameHalf(one, look))
  if (answer === undefined) return []
  const [said, half, by] = [saidOf(look), HALVES[look.half], `${answer.physician ?? ''}: ${answer.reason ?? ''}`]
  return [text(`${look.day} ${half.zh}：${said.zh}（${by}）`, `${half.en} of ${look.day}: ${said.en} (${by})`)]
})

/** The paper of a release (解除隔离医学观察告知书), for the printer. Name and identity are blanks that are filled in by hand. */
export function certificateHtml(
  { id, contact, stays, seen, siteName, isDrill }: Released,
): string | null {
  const { certificate, kind, lastExposure, edition } = contact
  const dates = datesOf(contact)
  if (certificate === null || dates === null) return null
  const rules = isolationEditionOf(edition ?? '')?.title
  const row = (zh: string, en: string, value: string): string => `<tr><th>${zh}<br><small lang="en">${en}</small></th><td>${value}</td></tr>`
  const both = (words: Text | undefined): string => `${escaped(words?.zh ?? '')}<br><small lang="en">${escaped(words?.en ?? '')}</small>`
  const home = dates.homeUntil === dates.siteUntil ? '' : row('居家健康监测至', 'Health monitoring at home until', dates.homeUntil)
  const rulings = ruledOut(contact, seen)
  const cleared = rulings.length === 0 ? '' : `${row('发热、症状经医师排除', 'Fever and symptoms ruled out by a physician', rulings.map(both).join('<br>'))}\n`
  return `<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>${escaped(certificate.number)}</title><style>${STYLE}</style></head><body>
${drillLine(isDrill)}<h1>解除隔离医学观察告知书<small lang="en">Certificate of release from observation</small></h1>
<p>编号 / No. ${escaped(certificate.number)}</p>
<table>
${row('姓名', 'Name', '<span class="blank">&nbsp;</span>')}
${row('证件号码', 'Identity document', '<span class="blank">&nbsp;</span>')}
${row('登记编号', 'Number in the register', escaped(id))}
${row('人员类别', 'Kind', both(CONTACT_KINDS[kind]))}
${row('末次暴露日', 'Day of last exposure', lastExposure)}
${row('隔离地点', 'Isolated at', both(siteName))}
${row('依据', 'Under', both(rules))}
${row('规定隔离天数', 'Days in isolation by these rules', both(daysAsked(contact, dates.siteUntil)))}
${row('集中隔离起止', 'In isolation from and to', daysKept(stays).map(({ from, to }) => `${from} — ${to}`).join('<br>'))}
${row('解除日期', 'Released on', certificate.day)}
${row('末次观察', 'Last observation', both(lastSeen(seen, stays)))}
${cleared}${home}
</table>
<p>签发岗位 / Signed by post: ${escaped(certificate.signedBy)}</p>
<p>签名 / Signature: <span class="blank">&nbsp;</span></p>
</body></html>
`
}
