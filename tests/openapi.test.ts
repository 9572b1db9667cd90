import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { actOf } from '../src/db/act.js'
import type { Database } from '../src/db/database.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { lotRecordSchema } from '../src/supplies/stock.js'
import { newLot } from '../src/supplies/store.js'
import { story } from './campaigns/given.js'
import { freshDatabase } from './support/databases.js'
import { ask, type Served, serving, StandingClock } from './support/serving.js'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly description?: string
  readonly required?: boolean
  readonly example?: string
  readonly schema: Readonly<Record<string, unknown>>
}
interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  readonly security: readonly Readonly<Record<string, unknown>>[]
  readonly parameters: readonly (Parameter | { readonly $ref: string })[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>>; readonly example?: unknown }>> }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Readonly<Record<string, unknown>> }>>
}
interface Document {
  readonly info: { readonly description: string; readonly title: string }
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties?: Readonly<Record<string, { readonly description?: string; readonly $ref?: string }>> }>>
    readonly parameters: Readonly<Record<string, Parameter>>
  }
}

/** As after a start with the real record: its own moment, and some seconds. */
const clock = new StandingClock(new Date('2020-01-30T00:00:05+08:00'))
let served: Served
let database: Database
let end: () => Promise<void>
let document: Document
let operations: readonly (readonly [method: string, path: string, operation: Operation])[]
beforeAll(async () => {
  const fresh = await freshDatabase('embedded')
  end = fresh.end
  database = fresh.database
  served = await serving(database, { clock, isPlanning: true })
  document = (await ask(served.address, '/openapi.json')).json as Document
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => [method, path, operation] as const))
})
afterAll(async () => {
  await served.close()
  await end()
})

const HAN = /\p{Script=Han}/u
/** Chinese in the first half, English without Chinese in the second. */
function isInBoth(words: string | undefined, between: string): boolean {
  const [zh = '', en = '', ...more] = (words ?? '').split(between)
  return more.length === 0 && HAN.test(zh) && /[a-z]/i.test(en) && !HAN.test(en.replace(/“[^”]*”/g, ''))
}
const isRef = (parameter: Operation['parameters'][number]): parameter is { readonly $ref: string } => '$ref' in parameter
const ownParameters = ({ parameters }: Operation): Parameter[] => parameters.flatMap((one) => (isRef(one) ? [] : [one]))

/** Answers that hold a secret are kept for no key. */
const UNKEPT = ['signIn', 'acceptInvitation', 'signInToDemonstration', 'signOut', 'changePassword', 'invite', 'renewApiKey']

describe('the document', () => {
  test('says what every operation does in both languages, under a name of its own', () => {
    const names = operations.map(([, , { operationId }]) => operationId)
    expect(names.length).toBeGreaterThan(50)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
    const untold = operations.filter(([, , { summary, description }]) => !isInBoth(summary, ' · ') || !isInBoth(description, '\n'))
    expect(untold.map(([, , { operationId }]) => operationId)).toEqual([])
  })

  test('says what every parameter, field and answer means in both languages', () => {
    const parameters = operations.flatMap(([, , operation]) => ownParameters(operation).map((one) => [`${operation.operationId} ${one.name}`, one.description] as const))
    const answers = operations.flatMap(([, , { operationId, responses }]) => Object.entries(responses).map(([status, one]) => [`${operationId} ${status}`, one.description] as const))
    const fields = Object.entries(document.components.schemas).filter(([name]) => name !== 'Scenario').flatMap(([name, { properties = {} }]) =>
      Object.entries(properties).flatMap(([field, one]) => (one.$ref === undefined ? [[`${name}.${field}`, one.description] as const] : [])))
    const common = Object.entries(document.components.parameters).map(([name, one]) => [name, one.description] as const)
    const tags = document.tags.map(({ name, description }) => [name, description] as const)
    expect([...parameters, ...answers, ...fields, ...common, ...tags].filter(([, said]) => !isInBoth(said, '\n')).map(([name]) => name)).toEqual([])
  })

  test('says of a lot whether its id or the number on its packing is meant, and counts no people where things are counted', () => {
    const said = (schema: string, field: string) => document.components.schemas[schema]?.properties?.[field]?.description ?? ''
    expect(said('StockReceiptLine', 'lot')).toMatch(/^包装上的批号.*\nThe number on the packing/)
    for (const schema of ['StockOutLine', 'AllocationAskLine']) expect(said(schema, 'lot')).toMatch(/按批次编号，不是批号.*\n.*by its id/)
    for (const schema of ['StockReceiptLine', 'StockOutLine', 'AllocationAskLine', 'MaterialAsked']) expect([schema, said(schema, 'count')]).not.toEqual([schema, expect.stringContaining('人数')])
  })

  test('has the tags of its operations', () => {
    const used = new Set(operations.flatMap(([, , { tags }]) => tags))
    expect([...used].sort()).toEqual(document.tags.map(({ name }) => name).sort())
  })

  test('says for every operation how it can fail, and who asks', () => {
    for (const [, , { operationId, responses, parameters }] of operations) {
      const problems = Object.values(responses).filter(({ content }) => content?.['application/problem+json'] !== undefined)
      expect([operationId, problems.length > 1]).toEqual([operationId, true])
      expect(parameters.filter(isRef).map(({ $ref }) => $ref.split('/').at(-1))).toEqual(Object.keys(document.components.parameters))
    }
    expect(Object.values(document.components.parameters).map(({ name }) => name)).toEqual(['Accept-Language', 'X-Request-Id'])
  })

  test('asks for a key wherever data change, but where the answer holds a secret', () => {
    const changesNothing = ['checkEdits']
    for (const [method, , operation] of operations) {
      const key = ownParameters(operation).find(({ name }) => name === 'idempotency-key')
      const isKept = method !== 'get' && !UNKEPT.includes(operation.operationId) && !changesNothing.includes(operation.operationId)
      expect([operation.operationId, key?.required]).toEqual([operation.operationId, isKept ? true : undefined])
    }
  })

  test('says who may call what', () => {
    const open = operations.filter(([, , { security }]) => security.some((one) => Object.keys(one).length === 0)).map(([, , { operationId }]) => operationId)
    expect(open.sort()).toEqual(['acceptInvitation', 'signIn', 'signInToDemonstration'])
    const silent = operations.filter(([, , { description }]) => !/可调用[\s\S]*\n[\s\S]*(?:may call it|May be called by)/.test(description))
    expect(silent.map(([, , { operationId }]) => operationId)).toEqual([])
  })

  test('refers to nothing that is not there', () => {
    const named = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)]
    expect(named.length).toBeGreaterThan(100)
    const { components } = document as unknown as { components: Record<string, Record<string, unknown>> }
    expect(named.filter(([, kind = '', name = '']) => components[kind]?.[name] === undefined)).toEqual([])
  })

  test('tells how it is used', () => {
    for (const word of ['Idempotency-Key', 'If-Match', 'cursor', 'asOf', 'knownAt', 'Last-Event-ID', 'Authorization', 'Origin']) {
      expect(document.info.description).toContain(word)
    }
  })
})

/** A schema of the document, with all that it refers to. */
const alone = (schema: object) => z.fromJSONSchema(
  JSON.parse(JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/')) as Parameters<typeof z.fromJSONSchema>[0])

/** A site with rooms, and contacts as the examples find them. */
async function withIsolation(): Promise<void> {
  const said = async (method: string, path: string, body: unknown) => {
    const { status, text } = await ask(served.address, path, { method, body })
    expect([path, status < 300 ? '' : text]).toEqual([path, ''])
  }
  const source = 'test'
  await said('PUT', '/api/places/geli-1', {
    name: { zh: '隔离点一', en: 'Isolation site 1' }, kind: 'isolationSite', unit: '武隆区', underCommand: true, longitude: null, latitude: null,
    arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source,
  })
  for (const [pool, attributes] of [['room', []], ['single', ['singleRoom']]] as const) {
    const definition = { place: 'geli-1', block: null, careLevel: 'room', attributes, protected: 0, oxygenBeds: 'notTracked', source }
    await said('PUT', `/api/pools/geli-1%2F${pool}`, definition)
    await said('PUT', `/api/pools/geli-1%2F${pool}/report`, { physical: 17, staffed: 13, occupied: 1, held: 0, asOf: '2020-01-29T20:00:00+08:00' })
  }
  const notice = { unit: '武隆区', kind: 'closeContact', lastExposure: '2020-01-10', expectedOn: '2020-01-24', site: 'geli-1', source }
  for (const number of ['M0043', 'M0044', 'M0045', 'M0046']) await said('PUT', `/api/contacts/${encodeURIComponent(`武隆区-${number}`)}`, notice)
  const room = { place: 'geli-1', pool: 'geli-1/room', at: '2020-01-23T21:00:00+08:00' }
  for (const number of ['M0043', 'M0044', 'M0046']) await said('POST', `/api/contacts/${encodeURIComponent(`武隆区-${number}`)}/check-in`, room)
  for (const [number, symptom] of [['M0044', 'none'], ['M0046', 'fever']] as const) {
    await said('POST', `/api/contacts/${encodeURIComponent(`武隆区-${number}`)}/observations`, { day: '2020-01-30', half: 'morning', symptoms: [symptom] })
  }
}

/** A warehouse, an item that stands in, and the lot that is stocked: it came in before the receipt of the example, and under an id that a person can read. */
async function withMaterial(database: Database): Promise<void> {
  for (const [path, change] of [['places/warehouse', { kind: 'warehouse', longitude: 106.5, latitude: 29.6 }], ['items/n95', {}], ['items/respirator', {}]] as const) {
    const example = exampleOf(path.startsWith('places') ? 'putPlace' : 'putItem') as object
    const { status, text } = await ask(served.address, `/api/${path}`, { method: 'PUT', body: { ...example, ...change } })
    expect([path, status < 300 ? '' : text]).toEqual([path, ''])
  }
  const body = lotRecordSchema.parse(exampleOf('putLot'))
  await database.inTransaction(async (tx) => {
    const act = actOf({ tx, at: clock.now(), newId: clock.newId }, 'tests')
    await newLot(act, { id: 'L-20200118', body, effectiveAt: act.at })
    await act.journal({ action: 'put', kind: 'lots', subject: 'L-20200118', details: { version: 1, before: null, after: body } })
  })
}

/** Material in the order in which it comes to be: what it is, where it is, what moves it. */
const MATERIAL = ['putItem', 'putPacking', 'putItemCode', 'putSubstitute', 'putKitPart', 'putNorm', 'putMaterialReceiver', 'putStockSource', 'putStaffOnShift', 'putMeasuredUse',
  'putExpectedSupply', 'putPieceOfEquipment', 'receiveStock', 'putLot', 'takeOutStock', 'reverseStockNote', 'countStock']

/** What has to have happened to an order before the example of a step is taken. */
const BEFORE_STEPS: Readonly<Record<string, readonly string[]>> = {
  issueOrder: [], acceptOrder: [], askReliefOrder: [], upholdOrder: ['askRelief'], overruleOrder: ['askRelief'], liftOrder: ['askRelief', 'uphold'],
  cancelOrder: [], unwillingOrder: [], dispatchOrder: ['accept'], worsenOrder: ['accept', 'dispatch'], divertOrder: ['accept', 'dispatch'], dieOrder: ['accept', 'dispatch'], turnBackOrder: ['accept', 'dispatch'],
  arriveOrder: ['accept', 'dispatch'], decontaminateOrder: ['accept', 'dispatch', 'arrive'], confirmOrder: [],
}
/** The same of an allocation order, each of a new one. */
const BEFORE_ALLOCATION: Readonly<Record<string, readonly string[]>> = {
  shipAllocationOrder: [], receiveAllocationOrder: ['ship'], loseAllocationOrder: ['ship'], cancelAllocationOrder: [], confirmAllocationOrder: [],
}
const post = (path: string, body: unknown, as = 'night-desk') =>
  ask(served.address, path, { method: 'POST', body, headers: { authorization: `Post ${as}` } })
const exampleOf = (id: string): unknown =>
  operations.find(([, , { operationId }]) => operationId === id)?.[2].requestBody?.content['application/json']?.example

/** An order of the plan that nothing has happened to yet, taken as far as the step needs. */
async function orderReadyFor(operationId: string): Promise<string> {
  if (operationId === 'issueOrder') return ''
  const { items } = (await ask(served.address, '/api/transfer-orders?state=issued&sort=-id')).json as { items: { id: string; phone: object | null; pool: string; severity: string }[] }
  const found = items.find(({ phone, pool, severity }) => (operationId === 'confirmOrder' ? phone !== null : phone === null && severity === 'ordinary' && pool !== 'yongchuan/ordinary'))
  for (const step of BEFORE_STEPS[operationId] ?? []) {
    const said = await post(`/api/transfer-orders/${found?.id}/${step === 'askRelief' ? 'ask-relief' : step}`, exampleOf(`${step}Order`))
    expect([step, said.status, said.status === 200 ? '' : said.text]).toEqual([step, 200, ''])
  }
  return found?.id ?? ''
}

async function allocationReadyFor(operationId: string): Promise<string> {
  const phone = { calledPost: 'ward-1', answeredPost: 'supplies-duty', at: '2020-01-30T00:00:00+08:00' }
  const { id } = (await post('/api/allocation-orders', { ...exampleOf('issueAllocation') as object, ...(operationId === 'confirmAllocationOrder' ? { phone } : {}) })).json as { id: string }
  for (const step of BEFORE_ALLOCATION[operationId] ?? []) expect((await post(`/api/allocation-orders/${id}/${step}`, exampleOf(`${step}AllocationOrder`))).status).toBe(200)
  return id
}

/** Steps of a request for material, each of a new one. */
const OF_REQUESTS = ['recommendMaterial', 'approveMaterial', 'refuseMaterial']
async function requestReady(): Promise<string> {
  const { items } = (await ask(served.address, '/api/material-requests?state=open')).json as { items: { id: string }[] }
  for (const { id } of items) expect((await post(`/api/material-requests/${id}/withdraw`, undefined)).status).toBe(200)
  return ((await post('/api/material-requests', exampleOf('askForMaterial'))).json as { id: string }).id
}

/** A plan that somebody else asked for, computed; approved as well where it is to be withdrawn. */
async function draftReady(operationId: string): Promise<string> {
  const { id } = (await post('/api/plan-runs', { secondOpinion: false }, 'planner')).json as { id: string }
  for (let state = ''; state !== 'done'; state = ((await ask(served.address, `/api/plan-runs/${id}`)).json as { state: string }).state) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  if (operationId === 'withdrawPlan') expect((await post(`/api/plan-runs/${id}/approve`, {})).status).toBe(200)
  return id
}

describe('examples', () => {
  const bodies = () => operations.flatMap(([method, path, operation]) => {
    const body = operation.requestBody?.content['application/json']
    return body === undefined ? [] : [{ method, path, operation, body }]
  })

  test('are there for every body of JSON, and are what its schema says', () => {
    const read = bodies().map(({ operation: { operationId }, body }) => [operationId, alone(body.schema).safeParse(body.example).error?.issues ?? []])
    expect(read.length).toBeGreaterThan(10)
    expect(read).toEqual(read.map(([operationId]) => [operationId, []]))
    expect(bodies().filter(({ body }) => alone(body.schema).safeParse({ name: 7, case: null, seconds: '' }).success)).toEqual([])
  })

  test('are taken by the service with the real record in it', async () => {
    const zip = { type: 'application/zip', content: scenarioZip(story('chongqing-2020-01-29')) }
    expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip })).status).toBe(201)
    await withIsolation()
    await withMaterial(database)
    const order = ['putReportingUnit', 'putPlace', 'putCase', 'requestTransfer', 'withdrawRequest', 'assessFitness', 'signTravelException', 'reassessCase', 'putPoolOfBeds', 'reportBeds', 'reportPlace', 'admit', 'move', 'endStay',
      'putContact', 'checkIn', 'moveRoom', 'observeContact', 'extendIsolation', 'exposeAgain', 'turnPositive', 'checkEdits', 'askForPlan', 'issueOrder', 'approvePlan', ...Object.keys(BEFORE_STEPS).slice(1), 'withdrawPlan', ...MATERIAL, 'approveAllocation', 'withdrawAllocation', 'issueAllocation', ...Object.keys(BEFORE_ALLOCATION), 'askForMaterial', ...OF_REQUESTS]
    const turn = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length)
    // Whoever signs in needs a password of their own.
    const inTurn = bodies().filter(({ operation }) => !UNKEPT.includes(operation.operationId)).sort((a, b) => turn(a.operation.operationId) - turn(b.operation.operationId))
    let [stay, note, allocated] = ['', '', '']
    for (const { method, path, operation, body } of inTurn) {
      const { operationId } = operation
      const id = ownParameters(operation).find(({ name }) => name === 'id')
      const made = operationId in BEFORE_STEPS ? await orderReadyFor(operationId) : ['approvePlan', 'withdrawPlan', 'checkEdits', 'approveAllocation'].includes(operationId) ? await draftReady(operationId) : operationId in BEFORE_ALLOCATION ? await allocationReadyFor(operationId) : OF_REQUESTS.includes(operationId) ? await requestReady() : operationId === 'reverseStockNote' ? note : operationId === 'withdrawAllocation' ? allocated : stay
      const example = String(id?.schema['example'] ?? id?.example ?? made)
      const address = path.replace('{id}', encodeURIComponent(example))
      const etag = method === 'put' ? (await ask(served.address, address.replace(/\/report$/, ''))).headers.get('etag') : null
      const said = await ask(served.address, address, { method: method.toUpperCase(), body: body.example, headers: { authorization: `Post ${operationId}`, ...(etag === null ? {} : { 'if-match': etag }) } })
      expect([operationId, said.status < 300 ? '' : said.text]).toEqual([operationId, ''])
      if (['admit', 'move'].includes(operationId)) stay = (said.json as { id: string }).id
      if (operationId === 'approveAllocation') allocated = made
      if (operationId === 'takeOutStock') note = (said.json as { id: string }).id
    }
    expect(stay).not.toBe('')
    expect((await ask(served.address, '/api/integrity')).json).toEqual({ findings: [] })
    expect(served.bugs).toEqual([])
  })
})
