import { SEVERITIES } from '../cases/cases.js'
import { ALLOCATION_STATES } from '../dispatch/material/allocations.js'
import { RELIEF_REASONS, STATES } from '../dispatch/orders.js'
import { PURPOSES } from '../dispatch/promises.js'
import { FALLEN } from '../dispatch/waiting.js'
import type { Names } from '../facilities/naming.js'
import { BLANK, escaped, formOfRows, formRow, inBoth, paper, partOf, tableOf } from '../kernel/paper.js'
import { type Text, text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'
import { HALVES } from '../stays/isolation/contacts.js'
import { saidOf } from '../stays/isolation/symptoms.js'
import { URGENCIES } from '../supplies/receivers.js'
import { REQUEST_STATES } from '../supplies/requests.js'
import { DRAFT_WAITS, type Shift, shiftOf, WITHOUT_PAPER } from './handover.js'
import { OVERDUE } from './rings.js'
import type { Handover } from './store.js'

const minuteOf = (instant: string | null): string => (instant === null ? BLANK : escaped(instant.slice(0, 16).replace('T', ' ')))
const wordsOf = (words: string | null): string => (words === null ? BLANK : escaped(words))
const NONE = `<p>${inBoth(text('无', 'None'))}</p>`
const POOL = text('床位组', 'Pool')
const ORDER = text('指令', 'Order')
const SINCE = text('自', 'Since')
const STATE = text('状态', 'State')
const RINGS = text('逾期', 'Rings')
const ITEM = text('品目', 'Item')
const PLACE = text('场所', 'Place')
const CASE = text('病例', 'Case')
const SEVERITY = text('病情', 'Severity')
const LIES = text('所在', 'Where they lie')
const BEDS = text('床位（张）', 'Beds')

/** The shift handover record (交接班记录) to be printed, with blanks for two signatures. */
export function handoverPaper(handover: Handover, names: Names, isDrill: boolean): string {
  const { id, givenAt, givenBy, takenAt, takenBy, contentHash } = handover
  const shift = shiftOf(handover)
  const head = formOfRows([
    formRow(text('编号', 'Number'), escaped(id)),
    formRow(text('班次所属', 'Whose shift'), shift.place === null ? inBoth(text('全市', 'The city')) : placeNamed(names, shift.place)),
    formRow(text('交班岗位、时间', 'Given by (post, time)'), `${escaped(givenBy)} ${minuteOf(instantOf(givenAt))}`),
    formRow(text('交给', 'Given to'), escaped(shift.toPost)),
    formRow(text('接班岗位、时间', 'Taken over by (post, time)'), takenAt === null ? BLANK : `${wordsOf(takenBy)} ${minuteOf(instantOf(takenAt))}`),
    formRow(text('交班签字', 'Signature of whoever gives'), BLANK),
    formRow(text('接班签字', 'Signature of whoever takes over'), BLANK),
    formRow(text('说明', 'Note'), wordsOf(shift.note)),
    formRow(text('内容哈希（SHA-256）', 'Hash of what is frozen (SHA-256)'), escaped(contentHash)),
  ])
  return paper(text('交接班记录', 'Shift handover record'), id, [head, ...partsOf(shift, names)].join('\n'), isDrill)
}

const listed = (title: Text, titles: readonly Text[], rows: readonly (readonly string[])[]): string => partOf(title, rows.length === 0 ? NONE : tableOf(titles, rows))

/** By name, with the id below where there is one: what is frozen are ids. */
const named = (name: Text | undefined, id: string): string => (name === undefined ? escaped(id) : `${inBoth(name)}<br><small>${escaped(id)}</small>`)
const placeNamed = (names: Names, id: string): string => named(names.places.get(id), id)
const poolNamed = (names: Names, id: string): string => named(names.pools.get(id), id)

/** What the paper of a shift names. */
export function namedIn(shift: Shift): { places: string[]; pools: string[] } {
  const { orders, fallenOut, waiting, symptoms, promises, reliefs, allocations, requests, calls, stale } = shift
  const places = [
    shift.place, ...orders.flatMap(({ fromPlace, toPlace }) => [fromPlace, toPlace]), ...(fallenOut ?? []).map(({ place }) => place), ...[...(waiting ?? []), ...(symptoms ?? [])].map(({ place }) => place),
    ...(allocations ?? []).flatMap(({ from, to }) => [from, to]), ...(requests ?? []).map(({ place }) => place), ...(calls ?? []).map(({ place }) => place),
  ]
  const pools = [...orders, ...(fallenOut ?? []), ...(waiting ?? []), ...promises, ...reliefs, ...(calls ?? []), ...(stale ?? [])].map(({ pool }) => pool)
  const there = (ids: readonly (string | null)[]) => [...new Set(ids.filter((id) => id !== null))]
  return { places: there(places), pools: there(pools) }
}

const ringing = (rings: Shift['orders'][number]['rings']): string =>
  (rings.length === 0 ? BLANK : rings.map(({ kind, since }) => `${inBoth(OVERDUE[kind])} ${minuteOf(since)}`).join('<br>'))

/** What whoever handed over this shift could not yet be told of. */
const unwritten = (what: Text): string => `<p>${inBoth(what)}</p>`
const NOT_YET = unwritten(text('此班交接时尚未记。', 'They were not yet part of a shift when this was written.'))

const lying = (names: Names, { place, pool }: { readonly place: string | null; readonly pool: string | null }): string =>
  (pool !== null ? poolNamed(names, pool) : place === null ? BLANK : placeNamed(names, place))

function fallenPart({ fallenOut }: Shift, names: Names): string {
  const title = text('仍在等候而无有效指令的患者', 'Patients who wait and have no order any more')
  if (fallenOut === null) return partOf(title, NOT_YET)
  return listed(title, [CASE, SEVERITY, LIES, text('缘由', 'What left them so'), text('指令、方案', 'Order, plan'), text('由谁', 'By whom'), SINCE, text('说明', 'Note')],
    fallenOut.map(({ patient, severity, kind, order, plan, by, since, note, ...where }) => [
      escaped(patient), inBoth(SEVERITIES[severity]), lying(names, where), inBoth(FALLEN[kind]), wordsOf(order ?? plan), escaped(by), minuteOf(since), wordsOf(note),
    ]))
}

function waitingPart({ waiting }: Shift, names: Names): string {
  const title = text('其他等候转运而无指令的患者', 'Other patients who wait and have no order')
  if (waiting === null) return partOf(title, NOT_YET)
  return listed(title, [CASE, SEVERITY, LIES, SINCE], waiting.map(({ patient, severity, since, ...where }) => [escaped(patient), inBoth(SEVERITIES[severity]), lying(names, where), minuteOf(since)]))
}

function symptomsPart({ symptoms }: Shift, names: Names): string {
  const title = text('隔离人员的发热、症状，尚未处置', 'Fever and symptoms in isolation that nobody has answered')
  if (symptoms === null) return partOf(title, NOT_YET)
  return listed(title, [text('隔离人员', 'In isolation'), PLACE, text('何时所见', 'Seen when'), text('所见', 'What was seen'), SINCE],
    symptoms.flatMap(({ contact, place, since, seen }) => seen.map((look) => [
      escaped(contact), placeNamed(names, place), `${escaped(look.day)} ${inBoth(HALVES[look.half])}`, inBoth(saidOf(look)), minuteOf(since),
    ])))
}

const partsOf = (shift: Shift, names: Names): string[] => [
  listed(text('例外事项', 'Exceptions'), [text('关于', 'About'), text('事项', 'What')], shift.exceptions.map(({ about, text: what }) => [wordsOf(about), escaped(what)])),
  listed(text('未了的指令', 'Open orders'), [ORDER, STATE, CASE, SEVERITY, text('转出—接收', 'From—to'), text('车辆', 'Vehicle'), text('计划出发、到达', 'Planned departure, arrival'), text('过期时限', 'Expires'), RINGS],
    shift.orders.map(({ order, state, patient, severity, fromPlace, pool, outside, vehicle, departs, arrives, deadline, rings }) => [
      escaped(order), inBoth(STATES[state]), escaped(patient), severity === null ? BLANK : inBoth(SEVERITIES[severity]),
      `${placeNamed(names, fromPlace)}<br>— ${pool === null ? escaped(outside ?? '') : poolNamed(names, pool)}`, wordsOf(vehicle),
      `${minuteOf(departs)} — ${minuteOf(arrives)}`, minuteOf(deadline),
      ringing(rings),
    ])),
  fallenPart(shift, names),
  waitingPart(shift, names),
  symptomsPart(shift, names),
  listed(text('预占床位', 'Promised beds'), [POOL, text('用途', 'For'), ORDER, BEDS, text('时限', 'Until')],
    shift.promises.map(({ pool, purpose, order, beds, deadline }) => [poolNamed(names, pool), inBoth(PURPOSES[purpose]), wordsOf(order), String(beds), minuteOf(deadline)])),
  listed(text('未解除的调整', 'Reliefs not lifted'), [ORDER, POOL, BEDS, text('缘由', 'Why'), SINCE, text('决定岗位', 'Upheld by')],
    shift.reliefs.map(({ order, pool, beds, reason, since, upheldBy }) => [escaped(order), poolNamed(names, pool), String(beds), inBoth(RELIEF_REASONS[reason]), minuteOf(since), escaped(upheldBy)])),
  listed(text('有效方案', 'Plan in force'), [text('计算', 'Run'), text('批准时间', 'Approved at'), text('批准岗位', 'Approved by')],
    shift.plan === null ? [] : [[escaped(shift.plan.run), minuteOf(shift.plan.approvedAt), escaped(shift.plan.approvedBy)]]),
  listed(text('待批的草案', 'Drafts that wait for approval'), [text('计算', 'Run'), text('执行日', 'Day'), text('待批何事', 'What waits'), text('提出', 'Asked')],
    shift.drafts.map(({ run, planDay, waits, requestedAt, requestedBy }) => [escaped(run), escaped(planDay), waits === null ? BLANK : inBoth(DRAFT_WAITS[waits]), `${escaped(requestedBy)} ${minuteOf(requestedAt)}`])),
  listed(text('未补书面', 'Decided, the paper to follow'), [text('何事', 'What'), text('编号', 'Number'), text('去电、接听', 'Called, answered'), text('时间', 'Time')],
    shift.withoutPaper.map(({ kind, id, calledPost, answeredPost, at }) => [inBoth(WITHOUT_PAPER[kind]), escaped(id), calledPost === null || answeredPost === null ? inBoth(text('非电话', 'no call')) : `${escaped(calledPost)} — ${escaped(answeredPost)}`, minuteOf(at)])),
  ...materialParts(shift, names),
  ...figureParts(shift, names),
]

function materialParts({ allocations, requests }: Shift, names: Names): string[] {
  const none = unwritten(text('此班交接时尚未记物资。', 'Material was not yet part of a shift when this was written.'))
  const [going, wanted] = [text('在办的调拨单', 'Allocation orders under way'), text('待批、已批未下达的申领', 'Requests open, or approved and not ordered')]
  return [
    allocations === null ? partOf(going, none) : listed(going, [text('调拨单', 'Order'), STATE, text('发出—接收', 'From—to'), text('发运、到达', 'Leaves, arrives'), ITEM, RINGS],
      allocations.map(({ order, state, from, to, leavesOn, arrivesOn, items, rings }) => [
        escaped(order), inBoth(ALLOCATION_STATES[state]), `${from === null ? BLANK : placeNamed(names, from)}<br>— ${placeNamed(names, to)}`, `${escaped(leavesOn)} — ${escaped(arrivesOn)}`,
        items.map(({ item, units }) => `${escaped(item)} ${units}`).join('<br>'), ringing(rings),
      ])),
    requests === null ? partOf(wanted, none) : listed(wanted, [text('申领', 'Request'), STATE, PLACE, ITEM, text('紧急程度', 'Urgency'), text('申请、核定', 'Asked, approved'), SINCE, RINGS],
      requests.map(({ request, state, place, item, urgency, asked, approved, since, rings }) => [
        escaped(request), inBoth(REQUEST_STATES[state]), placeNamed(names, place), escaped(item), inBoth(URGENCIES[urgency]), `${asked}${approved === null ? '' : ` — ${approved}`}`, minuteOf(since), ringing(rings),
      ])),
  ]
}

function figureParts({ calls, stale }: Shift, names: Names): string[] {
  const unsayable = `<p>${inBoth(text('现有数据排不出方案，无从判断。', 'Nothing can be planned from what is there, so nobody can say.'))}</p>`
  const [call, old] = [text('先打的电话', 'Whom to call first'), text('过旧的数字', 'Figures that are too old')]
  return [
    calls === null ? partOf(call, unsayable) : listed(call, [POOL, text('可收的等候者', 'Could take of those who wait'), text('说明', 'Why')], calls.map((one) => [one.pool === null ? placeNamed(names, one.place) : poolNamed(names, one.pool), String(one.waiting), inBoth(one.text)])),
    stale === null ? partOf(old, unsayable) : listed(old, [POOL, text('说明', 'Why')], stale.map((one) => [poolNamed(names, one.pool), inBoth(one.text)])),
  ]
}
