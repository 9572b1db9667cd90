import { SEVERITIES, STATUSES } from '../cases/cases.js'
import { byCodeUnits } from '../kernel/canonical.js'
import { isKnown, sum } from '../kernel/quantity.js'
import { type Text, text } from '../kernel/text.js'
import { keysOf, type Vocabulary } from '../kernel/vocabulary.js'
import { isOpenAt } from './comings.js'
import type { DayFigures } from './content.js'
import { byUnit } from './counting.js'
import {
  CITY_FIGURES, type Equation, equationOf, type Figure, figureOf, type Figures, ISOLATION_EQUATION, ORDER_EQUATION, PLACE_FIGURES, type PlaceFigure,
  UNIT_FIGURES, type UnitFigure,
} from './figures.js'
import { type DayRead, isBrought, type Witnesses } from './reading.js'
import { replayedIsolation, replayedPeople } from './replay.js'

/** What has to add up before a report is frozen. */
export const ARITHMETIC = {
  balance: text('期末 = 期初 + 来 − 去', 'the end is the beginning and who came, less who went'),
  journal: text('与日志逐行重放所得相符', 'the same as the journal tells, line by line'),
  severities: text('各病情之和等于确诊在院', 'severities sum to the confirmed in care'),
  units: text('各报告单位之和等于全市', 'reporting units sum to the city'),
  places: text('各场所之和等于全市，列名者各有所属单位', 'places sum to the city, and whoever lies there is of a unit'),
  ledger: text('床位账列名人数的增减等于来去之差', 'the ledger of beds has as many more named as came and did not go'),
  beds: text('在用床位不少于列名人数', 'no fewer beds are occupied than people are named'),
  brought: text('载入人数与载入时所记相符', 'as many were brought in as the import says'),
} as const satisfies Vocabulary<string>
export type Rule = keyof typeof ARITHMETIC

/** One sum that was done: what it ought to be, and what it is. */
export interface Line {
  readonly rule: Rule
  /** Where: a unit, a place, a pool, or the city. */
  readonly subject: string
  /** Of what. */
  readonly what: Text
  readonly expected: number
  readonly found: number
  /** Beds in use may be more than those who are named. */
  readonly atLeast?: boolean
}

export interface Checked {
  readonly rule: Rule
  readonly lines: number
}

export const CITY = 'city'

const holds = ({ expected, found, atLeast = false }: Line): boolean => (atLeast ? found >= expected : found === expected)

/** Lines that do not add up. */
export const wrongIn = (lines: readonly Line[]): Line[] => lines.filter((line) => !holds(line))

export const checkedIn = (lines: readonly Line[]): Checked[] =>
  keysOf(ARITHMETIC).map((rule) => ({ rule, lines: lines.filter((line) => line.rule === rule).length }))

/** A line as somebody reads it who has to find the mistake. */
export const lineText = ({ subject, what, expected, found, atLeast = false }: Line): Text => text(
  `${subject}：${what.zh}${atLeast ? '应不少于' : '应为'} ${expected}，现为 ${found}`,
  `${subject}: ${what.en} should be ${atLeast ? 'at least ' : ''}${expected}, and ${found} is there`)

/** Every line of a day's arithmetic, held against the journal and the ledger. */
export const linesOf = (read: DayRead, figures: DayFigures, witnesses: Witnesses): Line[] => [
  ...Object.entries(figures.units).flatMap(([unit, own]) => [...balances(unit, own.figures), severities(unit, own.figures)]),
  ...journalLines(read, figures, witnesses), ...sums(figures), ...ledgerLines(read, witnesses), ...bedLines(read), ...broughtLines(witnesses),
]

const EQUATIONS: readonly Equation<UnitFigure>[] = [...keysOf(STATUSES).map(equationOf), ISOLATION_EQUATION, ORDER_EQUATION]

const balances = (subject: string, figures: Figures<UnitFigure>): Line[] => EQUATIONS.map((equation) => ({
  rule: 'balance', subject, what: UNIT_FIGURES[equation.now], expected: balanceOf(equation, figures), found: Number(figures[equation.now]),
}))

/** What an equation says there is at the end. */
export const balanceOf = <F extends UnitFigure>(equation: Equation<F>, figures: Figures<F>): number => {
  const all = (names: readonly F[]) => sum(names.map((name) => Number(figures[name])))
  return Number(figures[equation.before]) + all(equation.in) - all(equation.out)
}

const severities = (subject: string, figures: Figures<UnitFigure>): Line => ({
  rule: 'severities', subject, what: UNIT_FIGURES.confirmedNow,
  expected: sum(keysOf(SEVERITIES).map((severity) => Number(figures[figureOf(severity)]))), found: Number(figures.confirmedNow),
})

const PEOPLE_TERMS = keysOf(STATUSES).flatMap((status): UnitFigure[] => {
  const { in: come, out, now } = equationOf(status)
  return [...come, ...out, now]
})
const ISOLATION_TERMS: readonly UnitFigure[] = [...ISOLATION_EQUATION.in, ...ISOLATION_EQUATION.out]

/** Who came, went and is there by the journal, beside the stays that the figures are counted from. */
function journalLines(read: DayRead, { units }: DayFigures, { told }: Witnesses): Line[] {
  const marks = [...replayedPeople(read, told), ...replayedIsolation(read, told)]
  const byJournal = byUnit(Object.keys(units), marks)
  return Object.entries(units).flatMap(([subject, { figures }]) => [...PEOPLE_TERMS, 'newlyConfirmed' as const, ...ISOLATION_TERMS].map((name): Line => ({
    rule: 'journal', subject, what: UNIT_FIGURES[name], expected: Number(byJournal[subject]?.[name] ?? 0), found: Number(figures[name]),
  })))
}

/** What is known of a sum: a place of which nothing is known adds nothing, and is counted beside. */
const known = (figure: Figure): number => (isKnown(figure) ? figure : 0)

function sums({ city, units, places }: DayFigures): Line[] {
  const all = <F extends string>(rows: readonly { readonly figures: Figures<F> }[], name: F) => sum(rows.map(({ figures }) => known(figures[name])))
  const [unitRows, placeRows] = [Object.values(units), Object.values(places)]
  const inCare = sum(keysOf(STATUSES).map((status) => all(unitRows, equationOf(status).now)))
  return [
    ...keysOf(UNIT_FIGURES).map((name): Line => ({ rule: 'units', subject: CITY, what: CITY_FIGURES[name], expected: all(unitRows, name), found: known(city[name]) })),
    ...keysOf(PLACE_FIGURES).map((name: PlaceFigure): Line =>
      ({ rule: 'places', subject: CITY, what: CITY_FIGURES[name], expected: all(placeRows, name), found: known(city[name]) })),
    { rule: 'places', subject: CITY, what: CITY_FIGURES.casesLying, expected: inCare, found: known(city.casesLying) },
    { rule: 'places', subject: CITY, what: CITY_FIGURES.contactsLying, expected: all(unitRows, 'isolatedNow'), found: known(city.contactsLying) },
  ]
}

/** The ledger moves one bed for everybody who comes or goes by name, cases and contacts alike; whom an import brought it counted as a whole. */
function ledgerLines({ span, stays, isolations, imports }: DayRead, { moved }: Witnesses): Line[] {
  const more = new Map<string, number>()
  const add = (pool: string | null, by: number) => {
    if (pool !== null) more.set(pool, (more.get(pool) ?? 0) + by)
  }
  const isOurs = (at: Date | null) => at !== null && at > span.from && at <= span.to
  for (const stay of [...stays, ...isolations]) {
    const brought = isBrought(imports, { at: stay.beganRecordedAt, by: stay.beganRecordedBy })
    if (isOurs(stay.beganAt) && !brought) add(stay.pool, 1)
    if (isOurs(stay.endedAt)) add(stay.pool, -1)
  }
  return [...new Set([...more.keys(), ...moved.keys()])].sort(byCodeUnits).map((subject): Line =>
    ({ rule: 'ledger', subject, what: text('列名人数的增减', 'the change of named people'), expected: more.get(subject) ?? 0, found: moved.get(subject) ?? 0 }))
}

/** A place that was counted has a bed in use for everybody who lies there by name. */
function bedLines({ span, picture, isolations }: DayRead): Line[] {
  const named = new Map<string, number>()
  const there = [...Object.values(picture.cases), ...isolations.filter((stay) => isOpenAt(stay, span.to))]
  for (const { pool } of there) if (pool !== null) named.set(pool, (named.get(pool) ?? 0) + 1)
  return Object.entries(picture.pools).flatMap(([subject, { occupied }]): Line[] => (isKnown(occupied)
    ? [{ rule: 'beds', subject, what: text('在用床位', 'occupied beds'), expected: named.get(subject) ?? 0, found: occupied, atLeast: true }] : []))
}

/** Whom an import brought: the journal has one line for all of them. */
const broughtLines = ({ brought }: Witnesses): Line[] => brought.map(({ said, stays }) =>
  ({ rule: 'brought', subject: CITY, what: text('载入的病例', 'cases brought in'), expected: said, found: stays }))
