/** What the test has done to the city, as it remembers it: it shares no code with what is counted. */
interface Version {
  /** Of when it is, and when it was told, in milliseconds. */
  readonly of: number
  readonly told: number
  readonly status: string
  readonly severity: string
  readonly waitsSince: number | null
}
interface Lying {
  readonly place: string
  readonly from: number
  readonly told: number
  /** They came from another bed of the city. */
  readonly isMove: boolean
  end: { readonly at: number; readonly told: number; readonly how: string } | null
}
export interface Person {
  readonly unit: string
  readonly versions: Version[]
  readonly lying: Lying[]
}

export interface Remembered {
  readonly cases: Map<string, Person>
  readonly contacts: Map<string, Omit<Person, 'versions'>>
}

interface Span {
  readonly from: number
  readonly to: number
  readonly known: number
}

const GOING: Readonly<Record<string, string>> = { discharged: 'Discharged', died: 'Died', left: 'Left' }
const LEAVING: Readonly<Record<string, string>> = { released: 'isolatedReleased', positive: 'isolatedPositive', hospitalised: 'isolatedOtherwise', left: 'isolatedOtherwise', died: 'isolatedOtherwise' }
const CENTRALISED = 'h'

/** The figures of units and places that the memory comes to; what is not in it is nought. */
export function remembered({ cases, contacts }: Remembered, span: Span): { units: Record<string, Record<string, number>>; places: Record<string, Record<string, number>> } {
  const units: Record<string, Record<string, number>> = {}
  const places: Record<string, Record<string, number>> = {}
  const add = (table: typeof units, row: string, name: string) => {
    const figures = (table[row] ??= {})
    figures[name] = (figures[name] ?? 0) + 1
  }
  const isOfDay = (moment: number) => span.from < moment && moment <= span.to
  const knownOf = (lying: readonly Lying[]) => lying.filter(({ told }) => told <= span.known).map((one) => ({ ...one, end: one.end !== null && one.end.told <= span.known ? one.end : null }))
  for (const { unit, versions, lying } of cases.values()) {
    const told = versions.filter((version) => version.told <= span.known)
    const [first] = told
    if (first === undefined) continue
    const at = (moment: number) => told.filter((version) => version.of <= moment).at(-1) ?? first
    const own = knownOf(lying)
    const liesAt = (moment: number) => own.find(({ from, end }) => from <= moment && (end === null || end.at > moment))
    const capital = (word: string) => word[0]?.toUpperCase() + word.slice(1)
    if (liesAt(span.from) !== undefined) add(units, unit, `${at(span.from).status}Before`)
    const now = liesAt(span.to)
    if (now !== undefined) {
      const { status, severity, waitsSince } = at(span.to)
      add(units, unit, `${status}Now`)
      add(places, now.place, 'casesLying')
      if (status === 'confirmed') add(units, unit, `confirmed${capital(severity)}`)
      if (status === 'confirmed' && now.place === CENTRALISED) add(units, unit, 'confirmedCentralised')
      if (waitsSince !== null && waitsSince <= span.to) add(units, unit, 'requestsWaiting')
    }
    for (const { from, isMove, end } of own) {
      if (isOfDay(from) && !isMove) add(units, unit, `${at(from).status}Admitted`)
      if (end !== null && isOfDay(end.at) && end.how !== 'moved') add(units, unit, `${at(end.at).status}${GOING[end.how] ?? ''}`)
    }
    told.forEach((version, i) => {
      const before = told[i - 1]
      if (before === undefined || before.status === version.status || !isOfDay(version.of)) return
      if (!own.some(({ from, end }) => from < version.of && (end === null || version.of <= end.at))) return
      add(units, unit, `${before.status}Ceased`)
      add(units, unit, `${version.status}Became`)
    })
    const wasThere = told.some((version) => version.of <= span.from)
    if (told.some((version) => isOfDay(version.of)) && at(span.to).status === 'confirmed' && !(wasThere && at(span.from).status === 'confirmed')) add(units, unit, 'newlyConfirmed')
  }
  for (const { unit, lying } of contacts.values()) {
    const own = knownOf(lying)
    const isIn = (moment: number) => own.find(({ from, end }) => from <= moment && (end === null || end.at > moment))
    if (isIn(span.from) !== undefined) add(units, unit, 'isolatedBefore')
    const now = isIn(span.to)
    if (now !== undefined) {
      add(units, unit, 'isolatedNow')
      add(places, now.place, 'contactsLying')
    }
    for (const { from, isMove, end } of own) {
      if (isOfDay(from) && !isMove) add(units, unit, 'isolatedBegan')
      if (end !== null && isOfDay(end.at) && end.how !== 'moved') add(units, unit, LEAVING[end.how] ?? '')
    }
  }
  return { units, places }
}
