import { drillLine } from '../../kernel/drill.js'
import { escaped } from '../../kernel/paper.js'
import { CONTACT_KINDS, ISOLATION_EDITIONS } from './editions.js'
import { type Contact, datesOf } from './contacts.js'

const STYLE = `body{font:16px/1.7 serif;max-width:42em;margin:3em auto;padding:0 1em;color:#000;background:#fff}
h1{text-align:center;font-size:1.5em}h1 small{display:block;font-size:.6em;font-weight:normal}
table{width:100%;border-collapse:collapse;margin:1.5em 0}th,td{border:1px solid #000;padding:.4em .6em;text-align:left;font-weight:normal;vertical-align:top}
th{width:45%}small{color:#333}.blank{display:inline-block;min-width:12em;border-bottom:1px solid #000}`

/** The paper of a release (解除隔离医学观察告知书), for the printer. Name and identity are blanks that are filled in by hand. */
export function certificateHtml(
  { id, contact, siteName, isDrill }: { id: string; contact: Contact; siteName: { zh: string; en: string }; isDrill: boolean },
): string | null {
  const { certificate, kind, lastExposure, edition } = contact
  const dates = datesOf(contact)
  if (certificate === null || dates === null) return null
  const rules = ISOLATION_EDITIONS.find((one) => one.edition === edition)?.title
  const row = (zh: string, en: string, value: string): string => `<tr><th>${zh}<br><small lang="en">${en}</small></th><td>${value}</td></tr>`
  const both = (words: { zh: string; en: string } | undefined): string => `${escaped(words?.zh ?? '')}<br><small lang="en">${escaped(words?.en ?? '')}</small>`
  const home = dates.homeUntil === dates.siteUntil ? '' : row('居家健康监测至', 'Health monitoring at home until', dates.homeUntil)
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
${row('解除日期', 'Released on', certificate.day)}
${home}
</table>
<p>签发岗位 / Signed by post: ${escaped(certificate.signedBy)}</p>
<p>签名 / Signature: <span class="blank">&nbsp;</span></p>
</body></html>
`
}
