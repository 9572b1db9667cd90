import { SEVERITIES, STATUSES } from '../cases/cases.js'
import { REPORTING_STATES } from '../facilities/compliance.js'
import { PLACE_KINDS } from '../facilities/places.js'
import { BLANK, escaped, formOfRows, formRow, inBoth, paper, partOf, tableOf } from '../kernel/paper.js'
import { isKnown } from '../kernel/quantity.js'
import { type Text, text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'
import { keysOf } from '../kernel/vocabulary.js'
import { ARITHMETIC, CITY } from './arithmetic.js'
import type { DayContent } from './content.js'
import type { Correction } from './corrections.js'
import { CUT_OFFS, numberIn } from './cutOff.js'
import {
  BED_FIGURES, CITY_FIGURES, type Figure, figureOf, type Figures, ISOLATION_EQUATION, ORDER_EQUATION, type PlaceFigure, TERMS, UNIT_FIGURES, type UnitFigure,
} from './figures.js'
import type { DailyReport } from './store.js'

const ALL = text('全市', 'The city')
const UNIT = text('报告单位', 'Reporting unit')
const minuteOf = (instant: string): string => escaped(instant.slice(0, 16).replace('T', ' '))

export interface ReportOnPaper {
  readonly report: DailyReport
  readonly content: DayContent
  readonly corrections: readonly Correction[]
  readonly isDrill: boolean
}

/** The daily report (日报) to be printed, with what has been told since beside it. */
export function reportPaper({ report, content, corrections, isDrill }: ReportOnPaper): string {
  const { number, year, frozenAt, signatory, contentHash } = report
  const head = formOfRows([
    formRow(text('编号', 'Number'), escaped(numberIn(year, number, isDrill))),
    formRow(text('日期、截止时点', 'Day, cut-off'), `${escaped(content.day)}<br>${inBoth(CUT_OFFS[content.cutOff])}`),
    formRow(text('数据截至', 'As known at'), minuteOf(content.knownAt)),
    formRow(text('签发岗位、时间', 'Signed by (post, time)'), `${escaped(signatory)} ${minuteOf(instantOf(frozenAt))}`),
    formRow(text('签字', 'Signature'), BLANK),
    formRow(text('说明', 'Note'), content.note === null ? BLANK : escaped(content.note)),
    formRow(text('内容哈希（SHA-256）', 'Hash of what is frozen (SHA-256)'), escaped(contentHash)),
  ])
  return paper(text('疫情日报', 'Daily report'), numberIn(year, number, isDrill), [
    head, ...peopleParts(content), contactPart(content), orderPart(content), placePart(content), notReportedPart(content), checkedPart(content), correctedPart(content, corrections),
  ].join('\n'), isDrill)
}

/** One row for the city and one for every unit that has any of these figures. */
function unitTable({ city, units }: DayContent, columns: readonly (readonly [UnitFigure, Text])[]): string {
  const cells = (figures: Figures<UnitFigure>) => columns.map(([name]) => shown(figures[name]))
  const some = Object.values(units).filter(({ figures }) => columns.some(([name]) => figures[name] !== 0))
  const silent = Object.keys(units).length - some.length
  const table = tableOf([UNIT, ...columns.map(([, title]) => title)], [
    [inBoth(ALL), ...cells(city)], ...some.map(({ name, figures }) => [inBoth(name), ...cells(figures)]),
  ])
  return silent === 0 ? table : `${table}\n<p>${inBoth(text(`其余 ${silent} 个报告单位各项为 0。`, `Every figure of the other ${silent} reporting units is 0.`))}</p>`
}
const titled = (names: readonly UnitFigure[]) => names.map((name) => [name, UNIT_FIGURES[name]] as const)

const shown = (figure: Figure): string => (isKnown(figure) ? String(figure) : inBoth(text('未知', 'unknown')))

const OF_CONFIRMED: readonly UnitFigure[] = ['newlyConfirmed', ...keysOf(SEVERITIES).map(figureOf), 'confirmedCentralised', 'requestsWaiting']

/** The equation of each diagnosis from left to right, and of the confirmed how ill they are and where they lie. */
const peopleParts = (content: DayContent): string[] => (['confirmed', 'suspected', 'asymptomatic'] as const).map((status) => {
  const columns = keysOf(TERMS).map((term) => [`${status}${term}`, TERMS[term]] as const)
  const table = unitTable(content, status === 'confirmed' ? [...columns, ...titled(OF_CONFIRMED)] : columns)
  return partOf(STATUSES[status], status === 'confirmed' ? `${table}${share(content)}` : table)
})

/** 集中患者: how many of the confirmed lie in a centralised treatment hospital. */
function share({ city }: DayContent): string {
  const [part, of] = [city.confirmedCentralised, city.confirmedNow]
  return `\n<p>${inBoth(text(`集中救治 ${part}/${of}`, `Concentrated ${part}/${of}`))}</p>`
}

const contactPart = (content: DayContent): string => {
  const { before, in: come, out, now } = ISOLATION_EQUATION
  return partOf(text('集中隔离人员', 'Contacts in isolation'), unitTable(content, titled([before, ...come, ...out, now])))
}

function orderPart(content: DayContent): string {
  const { before, in: come, out, now } = ORDER_EQUATION
  const plans = content.plans.map(({ id, approvedAt, approvedBy }) => `<li>${escaped(id)} ${minuteOf(approvedAt)} ${escaped(approvedBy)}</li>`)
  const approved = `\n<p>${inBoth(text(`批准方案 ${plans.length} 份`, `Plans approved: ${plans.length}`))}</p>${plans.length === 0 ? '' : `<ul>${plans.join('')}</ul>`}`
  return partOf(text('转运指令', 'Transfer orders'), unitTable(content, titled([before, ...come, 'ordersDispatched', ...out, now])) + approved)
}

/** What is known of a sum, and how many pools are not in it. */
function bedsShown(figures: Figures<PlaceFigure>, name: (typeof BED_FIGURES)[number]): string {
  const [known, unknown] = [figures[name], figures[`${name}Unknown`]]
  if (unknown === 0 || !isKnown(known)) return shown(known)
  return `${known} + ${inBoth(text(`${unknown} 组未知`, `${unknown} pools unknown`))}`
}

function placePart({ city, places }: DayContent): string {
  const rest = (figures: Figures<PlaceFigure>) => [...(['casesLying', 'contactsLying'] as const).map((name) => shown(figures[name])), ...BED_FIGURES.map((name) => bedsShown(figures, name))]
  const titles = [text('场所', 'Place'), text('类别', 'Kind'), UNIT, ...(['casesLying', 'contactsLying', ...BED_FIGURES] as const).map((name): Text => CITY_FIGURES[name]), text('报数', 'Reported')]
  return partOf(text('场所与床位', 'Places and beds'), tableOf(titles, [
    [inBoth(ALL), BLANK, BLANK, ...rest(city), BLANK],
    ...Object.values(places).map(({ name, kind, unit, figures, state }) =>
      [inBoth(name), inBoth(PLACE_KINDS[kind]), escaped(unit), ...rest(figures), state === null ? BLANK : inBoth(REPORTING_STATES[state])]),
  ]))
}

function notReportedPart({ places }: DayContent): string {
  const late = Object.values(places).filter(({ notReported }) => notReported.length > 0)
  const rows = late.map(({ name, notReported }) => [inBoth(name), notReported.map(escaped).join('<br>')])
  return partOf(text('截止时未报的场所', 'Places that had not reported by the cut-off'), rows.length === 0
    ? `<p>${inBoth(text('无', 'None'))}</p>` : tableOf([text('场所', 'Place'), text('未报的床位组，所示为旧数', 'Pools not reported; what they show is older')], rows))
}

const checkedPart = ({ arithmetic }: DayContent): string => partOf(text('核对', 'Arithmetic'),
  tableOf([text('规则', 'Rule'), text('核对处数', 'Lines checked')], arithmetic.map(({ rule, lines }) => [inBoth(ARITHMETIC[rule]), String(lines)])))

function correctedPart({ units, places }: DayContent, corrections: readonly Correction[]): string {
  const nameOf = ({ of, subject }: Correction): string => {
    const name = of === 'unit' ? units[subject]?.name : of === 'place' ? places[subject]?.name : undefined
    return name === undefined ? (subject === CITY ? inBoth(ALL) : escaped(subject)) : inBoth(name)
  }
  const words = (figure: string): string => {
    const name = keysOf(CITY_FIGURES).find((one) => one === figure)
    return name === undefined ? escaped(figure) : inBoth(CITY_FIGURES[name])
  }
  const value = (figure: Figure | null): string => (figure === null ? BLANK : shown(figure))
  const rows = corrections.map((row) => [nameOf(row), words(row.figure), value(row.frozen), value(row.now), row.difference === null ? BLANK : `${row.difference > 0 ? '+' : ''}${row.difference}`])
  return partOf(text('冻结以后的订正', 'Corrections since it was frozen'), rows.length === 0 ? `<p>${inBoth(text('无', 'None'))}</p>`
    : tableOf([text('所属', 'Of'), text('数字', 'Figure'), text('冻结时', 'Frozen'), text('现在', 'Now'), text('增减', 'Difference')], rows))
}
