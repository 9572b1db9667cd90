import { recordOut } from './modelOut.js'
import type { Version } from './modelState.js'
import { dayLater, type Fields } from './modelWords.js'

/** Editions of the rules of isolation, from when on they hold, and days in a site and at home after the last exposure. */
const RULES: readonly { readonly edition: string; readonly from: string; readonly until: string; readonly days: Readonly<Record<string, readonly [number, number]>> }[] = [
  { edition: '2020-01', from: '2020-01-20', until: '2021-05-14', days: { closeContact: [14, 0], arrival: [14, 0] } },
  { edition: '2021-05', from: '2021-05-14', until: '2022-06-28', days: { closeContact: [14, 7], secondaryContact: [7, 0], arrival: [14, 7] } },
  { edition: '2022-06', from: '2022-06-28', until: '2022-11-11', days: { closeContact: [7, 3], secondaryContact: [0, 7], arrival: [7, 3] } },
  { edition: '2022-11', from: '2022-11-11', until: '2022-12-07', days: { closeContact: [5, 3], arrival: [5, 3] } },
]
export const EDITIONS = RULES.map(({ edition }) => edition)

/** Null: none is written down for that day. */
export const editionOn = (day: string): string | null => RULES.find(({ from, until }) => from <= day && day < until)?.edition ?? null
export const knowsKind = (edition: string, kind: unknown): boolean => Object.hasOwn(RULES.find((rule) => rule.edition === edition)?.days ?? {}, String(kind))

/** When somebody would be released from the site, and be free of everything; null: the edition does not keep such people. */
export function datesUnder(edition: string, { kind, lastExposure, extensions }: Fields): { siteUntil: string; homeUntil: string } | null {
  const days = RULES.find((rule) => rule.edition === edition)?.days[String(kind)]
  if (days === undefined) return null
  const more = (extensions as readonly { days: number }[]).reduce((sum, one) => sum + one.days, 0)
  const siteUntil = dayLater(String(lastExposure), days[0] + more)
  return { siteUntil, homeUntil: dayLater(siteUntil, days[1]) }
}

const datesOf = (body: Fields) => (body['edition'] === null ? null : datesUnder(String(body['edition']), body))
/** The day from which they may be released; null before isolation began. */
export const untilOf = (body: Fields): string | null => datesOf(body)?.siteUntil ?? null

export const contactOut = (version: Version): Fields => ({ ...recordOut(version), dates: datesOf(version.body) })
