import type { Identify } from '../../src/access/identify.js'
import type { Database } from '../../src/db/database.js'
import { heldGrants } from '../../src/facilities/store.js'
import { scenarioZip } from '../../src/interop/scenarioOut.js'
import { invariant } from '../../src/kernel/invariant.js'
import { type Role, SYSTEM } from '../../src/kernel/roles.js'
import { instantOf } from '../../src/kernel/time.js'
import { ask, type Said, type Served, serving, StandingClock } from '../support/serving.js'
import { lawful, story } from './given.js'
import { Document } from './fuzzDocument.js'
import { goodsOfMatrix, storeOf } from './matrixGoods.js'

export type Target = 'own' | 'other' | 'absent'
/** The hospital that somebody looks after, and one that somebody else does. */
export const PLACES = { own: 'phc', other: 'sanxia', absent: 'sanxia' } as const

type Ids = Readonly<Record<Target, string>>

/** The real record, and of each kind of thing one at the own hospital, one elsewhere, and one that is not there. */
export interface MatrixWorld {
  readonly served: Served
  readonly document: Document
  readonly ids: Readonly<Record<string, Ids>>
  /** Bodies by operation, as the documentation gives them. */
  readonly examples: ReadonlyMap<string, unknown>
}

/** `As <role> city` or `As <role> place`: one role, held for the city or for the own hospital with its store. */
const roleIn = (db: Database): Identify => async ({ authorization = '' }) => {
  if (authorization === 'As everybody') return { ...SYSTEM, id: 'everybody' }
  const [, role, scope] = /^As (\w+) (city|place)$/.exec(authorization) ?? []
  if (role === undefined) return null
  const own = [PLACES.own, storeOf(PLACES.own)].map((id) => ({ role: role as Role, scope: { kind: 'place' as const, id } }))
  const grants = scope === 'city' ? [{ role: role as Role, scope: { kind: 'city' as const } }] : own
  return { id: `one-${role}`, grants: await db.inSnapshot((tx) => heldGrants(tx, grants)) }
}

/** `isDrill`: the store is marked for a drill, and the service knows it. */
export async function matrixWorld(db: Database, { isDrill = false } = {}): Promise<MatrixWorld> {
  const order = { state: 'issued' as const, vehicle: null, departs: null, returns: null, source: 'tests' }
  const scenario = lawful({
    ...story('chongqing-2020-01-29'),
    orders: { 'to-own': { patient: '万州区-0016', pool: 'phc/ordinary', ...order }, 'to-other': { patient: '武隆区-0001', pool: 'qianjiang/ordinary', ...order } },
  })
  const clock = new StandingClock(new Date('2020-01-30T09:00:00+08:00'))
  const served = await serving(db, { clock, identify: roleIn(db), isDrill })
  const asked = async (method: string, path: string, body?: unknown): Promise<Said> => {
    const said = await ask(served.address, path, { method, headers: { authorization: 'As everybody' }, ...(body === undefined ? {} : { body }) })
    invariant(said.status < 300, `${method} ${path}: ${said.status} ${said.text}`)
    return said
  }
  const zip = { type: 'application/zip', content: scenarioZip(scenario) }
  const imported = await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip, headers: { authorization: 'As everybody' } })
  invariant(imported.status === 201, imported.text)
  await asked('PUT', '/api/travel/%E5%BF%A0%E5%8E%BF%E2%86%92phc', { from: '忠县', to: 'phc', minutes: 187, source: 'tests' })
  const title = { zh: '测试', en: 'tests' }
  await asked('PUT', '/api/accounts/desk', { title, grants: [] })
  await asked('PUT', '/api/api-keys/his', { title, grants: [{ role: 'viewer', scope: { kind: 'city' } }], expiresAt: instantOf(new Date(clock.now().getTime() + 86_400_000)) })
  const { id: run } = (await asked('POST', '/api/plan-runs', {})).json as { id: string }
  // One that is over, so that who watches it is not kept.
  await asked('POST', `/api/plan-runs/${run}/cancel`)
  const { items } = (await asked('GET', '/api/stays?open=true&limit=500')).json as { items: { id: string; case: string; place: string }[] }
  const at = (place: string) => {
    const found = items.find((stay) => stay.place === place && scenario.places[place]?.unit !== scenario.cases[stay.case]?.unit)
    invariant(found !== undefined, `somebody of another unit lies at ${place}`)
    return found
  }
  const [own, other] = [at(PLACES.own), at(PLACES.other)]
  const otherUnit = scenario.cases[other.case]?.unit ?? ''
  invariant(otherUnit !== scenario.places[PLACES.own]?.unit, 'the other case is of another unit than the own hospital')
  const contactAt = async (place: string, unit: string): Promise<string> => {
    const id = `${unit}-M0001`
    const source = 'tests'
    await asked('PUT', `/api/pools/${place}%2Froom`, { place, block: null, careLevel: 'observation', attributes: [], protected: 0, oxygenBeds: 'notTracked', source })
    await asked('PUT', `/api/pools/${place}%2Froom/report`, { physical: 9, staffed: 7, occupied: 1, held: 0 })
    const path = `/api/contacts/${encodeURIComponent(id)}`
    await asked('PUT', path, { unit, kind: 'closeContact', lastExposure: '2020-01-10', expectedOn: '2020-01-24', site: place, source })
    await asked('POST', `${path}/check-in`, { place, pool: `${place}/room`, at: '2020-01-23T09:00:00+08:00' })
    // Released, so that there is a certificate to be seen.
    await asked('POST', `${path}/observations`, { day: '2020-01-30', half: 'morning', symptoms: ['none'] })
    await asked('POST', `${path}/release`, { signedBy: 'cdc-1' })
    return id
  }
  const contacts: Ids = {
    own: await contactAt(PLACES.own, scenario.places[PLACES.own]?.unit ?? ''), other: await contactAt(PLACES.other, otherUnit), absent: `${otherUnit}-M9999`,
  }
  const { id: report } = (await asked('POST', '/api/daily-reports', { day: '2020-01-29', cutOff: 'midnight' })).json as { id: string }
  const shiftOf = async (place: string) => ((await asked('POST', '/api/handovers', { place, toPost: 'next-desk' })).json as { id: string }).id
  const shifts: Ids = { own: await shiftOf(PLACES.own), other: await shiftOf(PLACES.other), absent: '00000000-0000-7000-8000-000000000000' }
  const goods = await goodsOfMatrix(asked, { own: PLACES.own, other: PLACES.other, unitOf: (place) => scenario.places[place]?.unit ?? '' })
  const first = (rows: object): string => Object.keys(rows)[0] ?? ''
  const everywhere = (id: string): Ids => ({ own: id, other: id, absent: 'nobody-there' })
  const response = (await ask(served.address, '/openapi.json')).json
  const { paths } = response as { paths: Record<string, Record<string, { operationId: string; requestBody?: { content: Record<string, { example?: unknown }> } }>> }
  const examples = new Map(Object.values(paths).flatMap((item) => Object.values(item).map(({ operationId, requestBody }) =>
    [operationId, requestBody?.content['application/json']?.example] as const)))
  return {
    served, document: new Document(response), examples,
    ids: {
      ...goods,
      'transfer-orders': { own: 'to-own', other: 'to-other', absent: 'to-nowhere' },
      pools: { own: 'phc/severe', other: 'sanxia/severe', absent: 'sanxia/nothing' },
      cases: { own: own.case, other: other.case, absent: `${otherUnit}-9999` },
      contacts, handovers: shifts, 'daily-reports': everywhere(report),
      stays: { own: own.id, other: other.id, absent: '00000000-0000-7000-8000-000000000000' },
      'reporting-units': everywhere(otherUnit), places: everywhere(PLACES.other), 'reserve-blocks': everywhere(first(scenario.blocks)),
      'expert-teams': everywhere(first(scenario.teams)), vehicles: everywhere(first(scenario.vehicles)), travel: everywhere('忠县→phc'),
      intake: everywhere(first(scenario.intake)), 'plan-runs': everywhere(run), accounts: everywhere('desk'), 'api-keys': everywhere('his'),
    },
  }
}
