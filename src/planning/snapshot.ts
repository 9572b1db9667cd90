import type { Case } from '../cases/cases.js'
import { CASES, INTAKE, peopleAt } from '../cases/store.js'
import { type Act, lockPicture } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { allRecords, hasRecords, insertRecords, newestEffect, type Past, recordAt, type RecordKind } from '../db/records.js'
import { peopleIn } from '../facilities/bedBook.js'
import { BLOCKS, keepPool, PLACES, POOLS, TEAMS, TRAVEL, UNITS, VEHICLES } from '../facilities/store.js'
import { isDrillStore } from '../db/storeMark.js'
import { sha256 } from '../kernel/canonical.js'
import { isStamped, stamped } from '../kernel/drill.js'
import { mergePatch } from '../kernel/mergePatch.js'
import { isKnown, UNKNOWN } from '../kernel/quantity.js'
import { type Detail, DETAILS_MAX, refuse, Refused } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { type Day, dayOf, instantAt, instantOf, momentOf } from '../kernel/time.js'
import { whenOf } from '../kernel/when.js'
import { contactsByPool } from '../stays/isolation/store.js'
import { openStock } from '../supplies/opening.js'
import { MATERIAL_KINDS, type MaterialAsk, materialAt, type MaterialKnown, materialTables } from '../supplies/picture.js'
import { beginStays, bedsOfCases, casesInCare } from '../stays/store.js'
import { namedByPool } from '../stays/stays.js'
import type { PromisedStock } from '../supplies/stock.js'
import { isOfPlanDay } from './faults/settings.js'
import type { RunRequest } from './runs.js'
import { editIndex, editRows } from './edits.js'
import { NAME_LETTERS_MAX, type Order, type Scenario, type Settings, STORY_LETTERS_MAX } from './scenario.js'
import { contradictionsIn, type Fault, validateScenario } from './scenarioFaults.js'
import { CITY, SETTINGS } from './store.js'
import { type Out, withHeld, withOut } from './underWay.js'

interface Request extends Pick<RunRequest, 'asOf' | 'planDay' | 'policy' | 'require'> {
  /** What is decided by hand; nothing where it is only looked at what is so. */
  readonly edits?: Scenario['edits']
  /** All of it, unless it is only judged whether records fit together. */
  readonly material?: MaterialAsk
}

/** What has been issued, as planning sees it: it knows that there are orders, and not how they are carried out. */
export interface Issued {
  readonly orders: Scenario['orders']
  readonly lastPlan: Scenario['lastPlan']
  /** Beds by pool that nobody may be given for now, beside those that the place itself holds. */
  readonly held: Readonly<Record<string, number>>
  /** Vehicles that are out now. */
  readonly out: Readonly<Record<string, Out>>
  /** Lines of material that is issued or on the road, to whatever place they go. */
  readonly consignments: Scenario['consignments']
  /** The same lines as supplies to come, for whichever of the places give out. */
  readonly comings: Scenario['supplies']
  /** What of lots is promised where it lies. */
  readonly promisedStock: readonly PromisedStock[]
}
/** Asked for the present (null) or a past moment, in the transaction of the snapshot. */
export type IssuedAt = (tx: Tx, past: Past | null, now: Date) => Promise<Issued>

/** What a plan assumes where nobody has put anything down. */
const DEFAULTS: Omit<Settings, 'lotSeed'> = { name: 'city', story: '', fleet: 'listed', policy: {}, require: [] }

/**
 * The picture of one moment as a scenario, to be validated: what was so at `asOf` as far as it is known now. Everything
 * is read in the transaction handed in, so that no two figures are of different moments.
 */
export async function snapshotOf(tx: Tx, request: Request, now: Date, issuedAt: IssuedAt): Promise<Record<string, unknown>> {
  // The present is read as it stands; how long the history has grown must not slow down who puts down a case.
  const past: Past | null = request.asOf === null ? null : { asOf: momentOf(request.asOf), knownAt: now }
  const of = <Body>(kind: RecordKind<Body>) => allRecords(tx, kind, past)
  // Asked all at once: whoever judges the picture keeps others waiting, and a server answers one by one what it has been asked.
  const [isDrill, stored, units, places, pools, blocks, teams, cases, vehicles, travel, intake, material] = await Promise.all([
    isDrillStore(tx), recordAt(tx, SETTINGS, CITY, past), of(UNITS), of(PLACES), of(POOLS), of(BLOCKS), of(TEAMS),
    casesAt(tx, past), of(VEHICLES), of(TRAVEL), of(INTAKE), materialAt(tx, past, now, request.material ?? 'all'),
  ])
  const settings = stored?.body
  const inCare = (id: string) => Object.hasOwn(cases, id)
  const issued = await issuedAt(tx, past, now)
  // An order for somebody who is no longer in care, or lies there already, asks for nothing; its bed is promised all the same.
  const asks = ({ patient, pool }: Order) => inCare(patient) && (pool === null || cases[patient]?.pool !== pool)
  const idle = Object.values(issued.orders).filter((order) => !asks(order))
  const held = { ...issued.held }
  for (const { pool } of idle) if (pool !== null) held[pool] = (held[pool] ?? 0) + 1
  const contacts = await contactsByPool(tx, past)
  // Last, since whoever judges reads committed rows one kind after the other: beds reported meanwhile are not of the future.
  const asOf = request.asOf ?? instantOf(await presentAt(tx, now))
  const planDay = request.planDay ?? dayOf(momentOf(asOf))
  const { name, story, ...assumed } = { ...DEFAULTS, ...settings }
  return {
    // Without a seed of its own the day is the seed: the same for everybody who plans that day.
    lotSeed: planDay, ...assumed,
    name: stamped(name, isDrill).slice(0, NAME_LETTERS_MAX),
    story: stamped(story, isDrill).slice(0, STORY_LETTERS_MAX),
    asOf,
    planDay,
    policy: mergePatch(settings?.policy ?? {}, request.policy),
    require: request.require ?? settings?.require ?? [],
    units,
    places,
    pools: withHeld(withEveryone(pools, { cases, contacts }), held),
    blocks,
    teams,
    cases,
    vehicles: withOut(vehicles, issued.out, planDay),
    travel,
    orders: onlyWhere(issued.orders, (_, order) => asks(order)),
    lastPlan: onlyWhere(issued.lastPlan, (patient) => inCare(patient)),
    intake: onlyWhere(intake, (day) => momentOf(instantAt(day, 0)) < momentOf(asOf)),
    edits: request.edits ?? {},
    ...(material === null ? {} : materialOf(material, issued, { today: dayOf(momentOf(asOf)), planDay })),
  }
}

/**
 * What is on the road to places that receive counts there; what is on the road to a store is expected there like any other
 * supply, and is stock once it has come. What goes elsewhere is nobody's to plan with. That time has passed makes no
 * contradiction: what is late comes on the day of the plan at the earliest, and what expired before anybody wrote it off is
 * locked away.
 */
function materialOf(material: MaterialKnown, { consignments, comings, promisedStock }: Issued, { today, planDay }: { today: Day; planDay: Day }) {
  const { lots, supplies, ...tables } = materialTables(material, promisedStock)
  const toStores = onlyWhere(comings, (_, { place }) => Object.hasOwn(tables.sources, place) && !Object.hasOwn(tables.receivers, place))
  const isOver = ({ expiresOn }: { readonly expiresOn: Day | null }) => expiresOn !== null && expiresOn < today
  const notBefore = (day: Day) => (day < planDay ? planDay : day)
  return {
    ...tables,
    lots: mapped(lots, (lot) => (isOver(lot) && !lot.quarantined ? { ...lot, quarantined: true, assumed: [...lot.assumed, 'quarantined'] } : lot)),
    supplies: mapped(onlyWhere(beside(supplies, toStores), (_, row) => !isOver(row)), (row) => ({ ...row, day: notBefore(row.day) })),
    consignments: mapped(onlyWhere(consignments, (_, row) => Object.hasOwn(tables.receivers, row.to) && !isOver(row)), (row) => ({ ...row, arrivesOn: notBefore(row.arrivesOn) })),
  }
}

/** Rows with others beside them, each of which is named by its hash where somebody has put down a row of its name. */
function beside<Row>(rows: Readonly<Record<string, Row>>, others: Readonly<Record<string, Row>>): Record<string, Row> {
  const all = { ...rows }
  for (const [id, row] of Object.entries(others)) {
    let name = id
    while (Object.hasOwn(all, name)) name = sha256(name)
    all[name] = row
  }
  return all
}

/** Now, unless somebody whose clock is ahead of ours has put down something of a moment that has not come here. */
async function presentAt(tx: Tx, now: Date): Promise<Date> {
  const newest = await newestEffect(tx, KINDS)
  return newest !== null && newest > now ? newest : now
}

const mapped = <Row>(rows: Readonly<Record<string, Row>>, change: (row: Row) => Row): Record<string, Row> =>
  Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, change(row)]))

const onlyWhere = <Row>(rows: Readonly<Record<string, Row>>, keep: (id: string, row: Row) => boolean) =>
  Object.fromEntries(Object.entries(rows).filter(([id, row]) => keep(id, row)))

/** Everyone who has a place, with it. A carer who is no longer in care accompanies nobody. */
async function casesAt(tx: Tx, past: Past | null): Promise<Scenario['cases']> {
  const cases = past === null ? await casesInCare(tx) : await casesInCareAt(tx, past)
  return Object.fromEntries([...cases].map(([id, one]) =>
    [id, { ...one, companion: one.companion !== null && cases.has(one.companion) ? one.companion : null }]))
}

async function casesInCareAt(tx: Tx, past: Past): Promise<ReadonlyMap<string, Case>> {
  const beds = await bedsOfCases(tx, past)
  const people = await peopleAt(tx, [...beds.keys()], past)
  return new Map([...people].flatMap(([id, person]) => {
    const bed = beds.get(id)
    return bed === undefined ? [] : [[id, { ...person, ...bed }]]
  }))
}

/**
 * Pools with everyone in them, contacts too: a census that missed a named person does not make room for another. Where a
 * place has fewer beds than it is to keep or to staff, it keeps and staffs those.
 */
function withEveryone(pools: Scenario['pools'], { cases, contacts }: { cases: Scenario['cases']; contacts: ReadonlyMap<string, number> }): Scenario['pools'] {
  const named = namedByPool(cases)
  return Object.fromEntries(Object.entries(pools).map(([id, pool]) => {
    const most = isKnown(pool.physical) ? pool.physical : Number.POSITIVE_INFINITY
    return [id, {
      ...pool, protected: Math.min(pool.protected, most), staffed: isKnown(pool.staffed) ? Math.min(pool.staffed, most) : pool.staffed,
      occupied: peopleIn({ figures: pool, named: (named.get(id) ?? 0) + (contacts.get(id) ?? 0) }) ?? UNKNOWN,
    }]
  }))
}

/** A fault by its place in the scenario. */
export const detailOf = ({ table, id, field, want }: Fault): Detail =>
  ({ pointer: [table, id, field].filter((part) => part !== null).join('/'), want })

/** A picture as the scenario that it is; refused where it is none, each place of it named. `anyDay`: it is asked for nothing that needs an edition in force. */
export function soundPicture(picture: Record<string, unknown>, { anyDay = false } = {}): Scenario {
  const read = validateScenario(picture, { anyDay })
  if (read.ok) return read.scenario
  // A day on which nothing can be planned is no contradiction of what stands in the store.
  const ofTheDay = read.faults.every(isOfPlanDay) ? read.faults[0]?.want : undefined
  throw new Refused({
    code: 'scenarioRefused', text: ofTheDay ?? text('现有数据自相矛盾，无法核对；请按所列补正', 'what stands in the store contradicts itself, so nothing can be checked; mend what is listed'),
    details: read.faults.slice(0, DETAILS_MAX).map(detailOf),
  })
}

/** What contradicts itself in the picture of the present; empty when its rows fit together. */
export async function pictureFaults(tx: Tx, now: Date, issuedAt: IssuedAt): Promise<{ key: string; detail: () => Detail }[]> {
  const picture = await snapshotOf(tx, { asOf: null, planDay: null, policy: {}, require: null, material: 'records' }, now, issuedAt)
  // Every row went through its schema when it was written; it does not again whenever another is put down.
  return contradictionsIn(picture as unknown as Scenario).map(({ key, fault }) => ({ key, detail: () => detailOf(fault()) }))
}

/** What is wrong with decisions by hand in the picture that they are about, by their place in the request; the rest of it may be as it is. */
export async function editFaults(tx: Tx, request: RunRequest, now: Date, issuedAt: IssuedAt): Promise<Detail[]> {
  if (request.edits.length === 0) return []
  // Who decided is not asked here.
  const picture = await snapshotOf(tx, { ...request, edits: editRows(request.edits, 'asker'), material: 'none' }, now, issuedAt)
  return contradictionsIn(picture as unknown as Scenario).filter(({ table }) => table === 'edits').map(({ fault }) => {
    const { id, field, want } = fault()
    return { pointer: ['/edits', editIndex(id ?? ''), ...(field === null ? [] : [field])].join('/'), want }
  })
}

/** Everything that a scenario is made of. */
const KINDS = [UNITS, PLACES, POOLS, BLOCKS, TEAMS, VEHICLES, TRAVEL, CASES, INTAKE, SETTINGS, ...MATERIAL_KINDS] as const

/** Whether nothing has been put down yet. */
export const isStoreEmpty = async (tx: Tx): Promise<boolean> => !await hasRecords(tx, KINDS)

/**
 * Fills an empty store with the picture of a scenario; its orders are for dispatch to bring in. Refused when anything
 * stands in it: an import starts a store, it never overwrites. Refused too when it tells of what has not come yet.
 */
export async function importScenario(act: Act, scenario: Scenario, issuedAt: IssuedAt): Promise<void> {
  await lockPicture(act)
  if (!await isStoreEmpty(act.tx)) throw notEmpty()
  if (Object.keys(scenario.edits).length > 0) throw notOfTheStore()
  if (isStamped(scenario.name) && !await isDrillStore(act.tx)) throw new Refused({ code: 'scenarioRefused', text: FROM_A_DRILL })
  whenOf(scenario.asOf, act.at)
  await putEverything(act, scenario)
  const faults = await pictureFaults(act.tx, act.at, issuedAt)
  if (faults.length === 0) return
  throw new Refused({
    code: 'scenarioRefused', text: text('未导入任何内容；请按所列改正', 'nothing was imported; mend what is listed'),
    details: faults.slice(0, DETAILS_MAX).map(({ detail }) => detail()),
  })
}

/** What a drill made up is not to become the picture of a city. */
export const FROM_A_DRILL = text(
  '此情景出自演练，不能进入非演练库；演练请用一个空库，以 DRILL=yes 启动', 'this scenario comes from a drill and goes into no other store: use an empty one that is started with DRILL=yes')

const notEmpty = (): Refused =>
  refuse('storeNotEmpty', '导入只用于空库；已有数据请用各项报告更新', 'an import fills an empty store; where there is data, report what has changed')

/** A decision by hand is of the plan that somebody asks for, and is answered for by whoever asks. */
const notOfTheStore = (): Refused => new Refused({
  code: 'scenarioRefused', text: text('人工决定不导入；请在求方案时提出', 'hand decisions are not imported; ask for the plan with them'),
  details: [{ pointer: 'edits.csv', want: text('请去掉此表，求方案时以 edits 提出', 'leave this table out, and give edits when asking for a plan') }],
})

async function putEverything(act: Act, scenario: Scenario): Promise<void> {
  const effective = (asOf: string | null) => momentOf(asOf ?? scenario.asOf)
  const insert = <Body extends { asOf: string | null }>(kind: RecordKind<Body>, rows: Readonly<Record<string, Body>>) =>
    insertRecords(act.tx, kind, Object.entries(rows).map(([id, body]) => ({ id, body, effectiveAt: effective(body.asOf) })), act)
  const { name, story, lotSeed, fleet, policy, require } = scenario
  const settings: Settings = { name, story, lotSeed, fleet, policy, require }
  await insertRecords(act.tx, SETTINGS, [{ id: CITY, body: settings, effectiveAt: momentOf(scenario.asOf) }], act)
  await insert(UNITS, scenario.units)
  await insert(PLACES, scenario.places)
  await insert(BLOCKS, scenario.blocks)
  const named = namedByPool(scenario.cases)
  for (const [id, pool] of Object.entries(scenario.pools)) {
    await keepPool(act, { id, before: null, after: pool, named: named.get(id) ?? 0, reason: 'count', effectiveAt: effective(pool.asOf) })
  }
  await insert(TEAMS, scenario.teams)
  await insert(VEHICLES, scenario.vehicles)
  await insert(TRAVEL, scenario.travel)
  await insert(INTAKE, scenario.intake)
  const cases = Object.entries(scenario.cases)
  await insert(CASES, Object.fromEntries(cases.map(([id, { place: _place, pool: _pool, ...person }]) => [id, person])))
  await beginStays(act.tx, cases.map(([caseId, { place, pool, asOf }]) => {
    const { occupied = UNKNOWN, asOf: countedAt = null } = pool === null ? {} : scenario.pools[pool] ?? {}
    // A count has everyone in it who is named there: they had come by then.
    const latest = isKnown(occupied) && effective(countedAt) < effective(asOf) ? countedAt : asOf
    return { id: act.newId(), caseId, place, pool, beganAt: effective(latest) }
  }), act)
  await openStock(act, scenario, effective)
  const rows = { places: Object.keys(scenario.places).length, pools: Object.keys(scenario.pools).length, cases: cases.length }
  await act.journal({ action: 'scenario.imported', kind: 'scenario', subject: name, details: { asOf: scenario.asOf, ...rows } })
}
