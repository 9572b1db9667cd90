import type { Status } from '../cases/cases.js'
import { CASES, peopleAt } from '../cases/store.js'
import type { Tx } from '../db/database.js'
import { recordsAsTold, type Span, versionsDuring } from '../db/history.js'
import type { Past, RecordKind } from '../db/records.js'
import { issuedAt } from '../dispatch/issued.js'
import type { StepName } from '../dispatch/steps.js'
import { isLive } from '../dispatch/orders.js'
import { type IssuedPlan, ordersAt, plansApprovedDuring, stepsDuring } from '../dispatch/store.js'
import { COMING_AND_GOING, NAMED_BEDS } from '../facilities/bedBook.js'
import { type Compliance, complianceOf, spanUntil } from '../facilities/compliance.js'
import { firstCounts, PLACES, UNITS } from '../facilities/store.js'
import { instantOf } from '../kernel/time.js'
import { movedDuring } from '../ledger/store.js'
import type { Scenario } from '../planning/scenario.js'
import { snapshotOf } from '../planning/snapshot.js'
import type { IsolationEnding } from '../stays/isolation/contacts.js'
import { isolationsDuring, unitsOfContacts } from '../stays/isolation/store.js'
import type { Ending } from '../stays/stays.js'
import { countBegunIn, type During, staysDuring } from '../stays/store.js'
import { type Import, importsUntil, type Told, toldDuring } from './store.js'

/** Everything that a day's figures are counted from, and what they are held against, as far as it was known. */
export interface DayRead {
  readonly span: Span
  /** Places, beds, who lies where and which orders stand at the cut-off: the picture that a plan would be made from. */
  readonly picture: Pick<Scenario, 'units' | 'places' | 'pools' | 'cases' | 'orders'>
  readonly stays: readonly During<Ending>[]
  readonly isolations: readonly During<IsolationEnding>[]
  /** Diagnoses that somebody put down in the span, in the order of their times. */
  readonly changes: readonly Change[]
  readonly people: ReadonlyMap<string, Somebody>
  readonly unitsOfContacts: ReadonlyMap<string, string>
  readonly steps: readonly { readonly order: string; readonly patient: string; readonly step: StepName }[]
  /** Whose orders stood at the beginning, and at the cut-off. */
  readonly ordersBefore: readonly string[]
  readonly ordersNow: readonly string[]
  readonly plans: readonly Pick<IssuedPlan, 'id' | 'approvedAt' | 'approvedBy'>[]
  readonly compliance: readonly Compliance[]
  readonly imports: readonly Import[]
}

/** What a report is held against before it is frozen: the journal and the ledger tell of the same from elsewhere. */
export interface Witnesses {
  readonly told: readonly Told[]
  /** How many more named people each pool held at the cut-off, by the ledger. */
  readonly moved: ReadonlyMap<string, number>
  /** Of imports since the day began: how many cases each says to have brought, and how many stays there are of it. */
  readonly brought: readonly { readonly said: number; readonly stays: number }[]
}

export interface Somebody {
  readonly unit: string
  /** Their diagnosis at the beginning of the day, or the first that was told of them. */
  readonly atFirst: Status
}

export interface Change {
  readonly id: string
  readonly version: number
  readonly at: Date
  /** Null: they were put down. */
  readonly was: Status | null
  readonly is: Status
  readonly brought: boolean
}

/** Reads a day in one moment of the store; `span.knownAt` is not after it. */
export async function readDay(tx: Tx, span: Span): Promise<DayRead> {
  const { from, to, knownAt } = span
  const [then, before]: [Past, Past] = [{ asOf: to, knownAt }, { asOf: from, knownAt }]
  const asked = { asOf: instantOf(to), planDay: null, policy: {}, require: null }
  const [snapshot, stays, isolations, versions, steps, stood, stand, plans, counts, imports] = await Promise.all([
    snapshotOf(tx, { ...asked, material: 'none' }, knownAt, issuedAt), staysDuring(tx, span), isolationsDuring(tx, span), versionsDuring(tx, CASES, span),
    stepsDuring(tx, span), ordersAt(tx, before), ordersAt(tx, then), plansApprovedDuring(tx, span),
    firstCounts(tx, { ...spanUntil(instantOf(to)), knownAt }), importsUntil(tx, knownAt),
  ])
  // Every row went through its schema when it was written.
  const seen = snapshot as unknown as DayRead['picture']
  const patients = [...stays.map(({ person }) => person), ...versions.map(({ id }) => id), ...[...steps, ...stood, ...stand].map(({ patient }) => patient)]
  const ids = [...new Set(patients)]
  const [first, last, unitsOf] = await Promise.all([
    peopleAt(tx, ids, before), peopleAt(tx, ids, then), unitsOfContacts(tx, [...new Set(isolations.map(({ person }) => person))], then),
  ])
  const unitsNamed = [...last.values()].map(({ unit }) => unit).concat([...unitsOf.values()])
  const placesNamed = [...stays, ...isolations, ...Object.values(seen.pools)].map(({ place }) => place)
  const places = await withLate(tx, PLACES, { seen: seen.places, named: placesNamed, then })
  const units = await withLate(tx, UNITS, { seen: seen.units, named: unitsNamed, then })
  const picture = { ...seen, places, units }
  return {
    span, picture, stays, isolations, steps, plans, imports,
    changes: versions.map(({ id, version, effectiveAt, before: was, body, ...told }) =>
      ({ id, version, at: effectiveAt, was: was?.status ?? null, is: body.status, brought: isBrought(imports, { at: told.recordedAt, by: told.recordedBy }) })),
    people: new Map([...last].map(([id, { unit, status }]) => [id, { unit, atFirst: first.get(id)?.status ?? status }])),
    unitsOfContacts: unitsOf,
    ordersBefore: stood.filter(({ state }) => isLive(state)).map(({ patient }) => patient), ordersNow: stand.filter(({ state }) => isLive(state)).map(({ patient }) => patient),
    compliance: complianceOf(picture.pools, counts, instantOf(to)),
  }
}

/** What is there at a past moment, and what somebody or a pool was at or of then though it was put down only later: it is what it is. */
async function withLate<Body>(
  tx: Tx, kind: RecordKind<Body>, { seen, named, then }: { seen: Readonly<Record<string, Body>>; named: readonly string[]; then: Past },
): Promise<Record<string, Body>> {
  const late = await recordsAsTold(tx, kind, [...new Set(named)].filter((id) => !Object.hasOwn(seen, id)), then)
  return { ...seen, ...Object.fromEntries([...late].map(([id, { body }]) => [id, body])) }
}

/** Whether something was put down by an import, which brings in what has long been so. */
export const isBrought = (imports: readonly Import[], told: { readonly at: Date; readonly by: string }): boolean =>
  imports.some(({ at, by }) => at.getTime() === told.at.getTime() && by === told.by)

/** Read in the same moment of the store as the day itself. */
export async function witnessesOf(tx: Tx, { span, imports }: DayRead): Promise<Witnesses> {
  const brought: Witnesses['brought'][number][] = []
  for (const one of imports.filter(({ at }) => at > span.from)) brought.push({ said: one.cases, stays: await countBegunIn(tx, one) })
  return { told: await toldDuring(tx, span), moved: await movedDuring(tx, { account: NAMED_BEDS, reasons: COMING_AND_GOING }, span), brought }
}
