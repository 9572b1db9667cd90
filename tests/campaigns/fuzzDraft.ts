import { randomBytes } from 'node:crypto'
import type { Chance } from './racesChance.js'
import { type Document, type Operation, propertiesOf } from './fuzzDocument.js'
import { bodyOfAllocation, idOfAllocation } from './fuzzAllocations.js'
import { fixedOfGoods, noteOfGoods } from './fuzzGoods.js'
import type { Found } from './fuzzFound.js'
import { Values } from './fuzzValues.js'

/** A request before it is sent; each change to it is told. */
export interface Draft {
  method: string
  /** Cut at the slashes, as they go out: percent-encoded. */
  segments: string[]
  /** Names and values as they go out. */
  query: [name: string, value: string][]
  headers: Record<string, string>
  /** The body as a value; undefined: none, or `bytes`. */
  json?: unknown
  bytes?: Buffer
  told: string[]
}

export const pathOf = ({ segments, query }: Draft): string =>
  segments.join('/') + (query.length === 0 ? '' : `?${query.map(([name, value]) => `${name}=${value}`).join('&')}`)

/** Rooms enough for everybody who is fuzzed into isolation. */
export const FUZZ_ROOM = { place: 'geli', pool: 'geli/room' }
/** The one account whose password the fuzzer knows. */
export const FUZZ_ACCOUNT = 'fuzz-desk'
export const FUZZ_PASSWORD = 'nine herons over the weir'

/** Whoever approves what `local` asked for. */
export const APPROVER = 'Post fuzz-group'
/** Whoever signs what was approved by phone, and did not put the call down. */
export const CONFIRMER = 'Post fuzz-chief'

/** Without digits: eleven of them by chance look like a telephone number, which no key may be. */
export const newKey = (): string => `fuzz-${randomBytes(9).toString('hex').replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '')}`

/** Requests as somebody would make them who read the document and the answers before. */
export class Drafts {
  private made = 0

  constructor(
    private readonly document: Document, private readonly found: Found, private readonly chance: Chance,
    private readonly zips: () => Buffer,
  ) {}

  /** One that ought to be given what it asks for. */
  good(operation: Operation): Draft {
    const draft: Draft = { method: operation.method, segments: [...operation.segments], query: [], headers: {}, told: [] }
    if (operation.method !== 'GET') draft.headers['idempotency-key'] = newKey()
    // Nobody approves what they asked for.
    if (['approvePlan', 'confirmPlan', 'takeOverShift', 'approveMaterial', 'refuseMaterial', 'approveAllocation'].includes(operation.id)) draft.headers['authorization'] = APPROVER
    if (operation.id.startsWith('confirmAllocation')) draft.headers['authorization'] = CONFIRMER
    const collection = operation.segments[2] ?? ''
    const isPut = operation.method === 'PUT' && operation.segments.length === 4
    const isNew = isPut && this.chance.below(2) === 0
    const id = isNew ? this.newId(collection) : this.idFor(operation, collection)
    draft.segments = draft.segments.map((segment) => (segment === '{id}' ? encodeURIComponent(id) : segment === '{table}' ? this.table() : segment))
    if (operation.body !== null) this.fill(draft, operation, { collection, id, isNew })
    if (isPut && !isNew) {
      const etag = this.found.etags.get(draft.segments.join('/'))
      if (etag !== undefined) draft.headers['if-match'] = etag
    }
    for (const { name, in: where, schema } of operation.parameters) {
      if (where !== 'query' || (name !== 'with' && this.chance.below(3) > 0)) continue
      const value = this.queryValue(operation, name, schema)
      if (value !== null) draft.query.push([name, encodeURIComponent(String(value))])
    }
    return draft
  }

  private table(): string {
    return this.chance.one(['moves.csv', 'moves.csv', 'trips.csv', 'none.csv'])
  }

  private queryValue(operation: Operation, name: string, schema: Parameters<Values['of']>[0]): unknown {
    const own = this.found.cursors.filter(({ operation: id }) => id === operation.id)
    if (name === 'with') return this.found.one('plan-runs/done', this.chance)
    if (name === 'cursor') return own.length === 0 ? null : this.chance.one(own).cursor
    return new Values(this.document, this.found, this.chance).of(schema, name)
  }

  /** Whose stay or run an operation can be done to. */
  private idFor({ id, segments }: Operation, collection: string): string {
    const allocated = idOfAllocation(id, this.found)
    if (allocated !== null) return allocated
    const last = segments.at(-1) ?? ''
    if (id === 'move' || id === 'endStay') return this.found.one('stays/open', this.chance)
    const newest = (collection: string) => this.found.of(collection).at(-1) ?? this.found.one('contacts', this.chance)
    if (id === 'checkIn' || id === 'withdrawNotice') return newest('contacts/announced')
    if (id === 'releaseCertificate') return this.found.one('contacts/released', this.chance)
    if (collection === 'contacts' && segments.length > 4 && this.chance.below(8) > 0) return newest('contacts/begun')
    if (['confirmPlan', 'withdrawPlan', 'getApproval'].includes(id)) return this.found.one('plan-runs/issued', this.chance)
    if (id === 'quarantineLot') return this.found.of('lots/fresh').at(-1) ?? 'nobody-there-7'
    if (id === 'reverseStockNote') return this.found.of('stock-notes/standing').at(-1) ?? this.found.one('stock-notes', this.chance)
    if (id === 'approvePlan') return this.found.one('plan-runs/done', this.chance)
    if (collection === 'material-requests' && segments.length > 4) return this.found.of('material-requests/open').at(-1) ?? this.found.one(collection, this.chance)
    if (id === 'cancelPlanRun') return this.found.of('plan-runs/queued').at(-1) ?? this.found.one('plan-runs', this.chance)
    const isOfPlan = collection === 'plan-runs' && (last.startsWith('plan') || ['snapshot', 'compare', '{table}'].includes(last))
    if (isOfPlan) return this.found.one('plan-runs/done', this.chance)
    return this.found.one(collection, this.chance)
  }

  private newId(collection: string): string {
    this.made += 1
    if (collection === 'cases' || collection === 'contacts') return `${this.found.one('reporting-units', this.chance)}-fuzz${this.made}`
    if (collection === 'intake') return `202${this.chance.below(6)}-0${1 + this.chance.below(9)}-${10 + this.chance.below(18)}`
    return `fuzz-${this.chance.below(1_000_000)}-${this.made}`
  }

  private fill(draft: Draft, operation: Operation, { collection, id, isNew }: { collection: string; id: string; isNew: boolean }): void {
    const { body } = operation
    if (body === null) return
    draft.headers['content-type'] = body.type
    if (body.type !== 'application/json') {
      draft.bytes = this.zips()
      return
    }
    const schema = this.document.resolved(body.schema)
    const drawn = new Values(this.document, this.found, this.chance).object(schema)
    // A row that is there, as far as it may be said, differs in one field or two from what is put down.
    const like = operation.segments.length === 4 ? this.found.body(collection, isNew ? this.found.one(collection, this.chance) : id) : null
    const names = Object.keys(propertiesOf(schema))
    const old = Object.fromEntries(Object.entries(like ?? {}).filter(([name]) => names.includes(name)))
    const changed = Object.entries(drawn).filter(() => like === null || this.chance.below(8) === 0)
    const isRow = operation.segments.length <= 4
    const note = noteOfGoods(operation.id, this.found) ?? bodyOfAllocation(operation.id)
    draft.json = note ?? { ...old, ...Object.fromEntries(changed), ...(isRow ? this.fixed(collection, id, isNew) : {}), ...this.proof(operation, id), ...this.asked(operation) }
    // Whoever changes a password is somebody who has one.
    if (operation.id === 'changePassword') draft.headers['authorization'] = `Post ${FUZZ_ACCOUNT}`
  }

  /** What a plan is asked with, so that it is made. */
  private asked({ id }: Operation): Record<string, unknown> {
    if (id === 'checkEdits') return { edits: [this.edit()] }
    if (id !== 'askForPlan') return {}
    const basedOn = this.chance.below(3) === 0 && this.found.of('plan-runs/done').length > 0 ? this.found.one('plan-runs/done', this.chance) : null
    return { policy: this.chance.one([{}, { safeFillPerMille: 800 }]), require: null, seconds: 5, edits: this.chance.below(3) === 0 ? [this.edit()] : [], basedOn, wayOut: basedOn !== null && this.chance.below(3) === 0 ? 'w1' : null }
  }

  /** A decision by hand that is sound as long as the person has no order and lies elsewhere. */
  private edit(): Record<string, unknown> {
    const patient = this.found.one('cases/lying', this.chance)
    const decided = this.chance.one([{ kind: 'stay' }, { kind: 'pin', place: 'phc' }, { kind: 'forbid', place: 'yongchuan' }])
    return { ...decided, patient, reason: '家属要求' }
  }

  /** Who signs in has a password, or a word that opens an account. */
  private proof({ id }: Operation, subject: string): Record<string, unknown> {
    if (id === 'signIn') return { account: FUZZ_ACCOUNT, password: FUZZ_PASSWORD }
    // Out of the system goes who is sent there by name; one of the two places is asked for.
    if (id === 'issueOrder' || id === 'divertOrder') return { pool: this.found.one('pools', this.chance), outside: undefined, travelMinutes: undefined }
    if (id === 'changePassword') return { old: FUZZ_PASSWORD, next: FUZZ_PASSWORD }
    // The one cut-off that has passed since the picture began.
    if (id === 'freezeDailyReport') return { day: '2020-01-29', cutOff: 'midnight' }
    if (id === 'giveHandover') return { place: null, toPost: 'fuzz-day-desk' }
    if (id === 'askForMaterial') return { item: this.found.one('items', this.chance), units: 7, packing: null, count: null, askedAt: undefined }
    if (id === 'approveMaterial') return { units: 5 }
    if (id === 'observeContact') return { day: '2020-01-30', half: 'morning', temperatureTenths: 366, symptoms: ['none'] }
    if (id === 'ruleOutSymptoms') return { day: '2020-01-30', half: 'morning', physician: 'cdc-doctor-2' }
    if (id === 'exposeAgain') return { lastExposure: '2020-01-11', kind: undefined, reason: undefined }
    if (id === 'checkIn' || id === 'moveRoom') return { ...FUZZ_ROOM, at: undefined }
    if (id === 'leaveRoom' || id === 'releaseFromIsolation' || id === 'quarantineLot') return { at: undefined }
    if (id === 'turnPositive') {
      this.made += 1
      return { case: `${subject.slice(0, subject.lastIndexOf('-'))}-turned${this.made}`, status: 'confirmed', severity: 'ordinary', at: undefined }
    }
    // A place reports each of its pools, and no other; what stands is nobody's mistake.
    if (id === 'reportPlace') {
      const there = this.found.of('pools').flatMap((pool) => { const body = this.found.body('pools', pool); return body?.['place'] === subject ? [[pool, body] as const] : [] })
      return { pools: Object.fromEntries(there.map(([pool, { staffed, occupied }]) => [pool, { staffed, occupied }])), asOf: undefined }
    }
    if (id === 'assessFitness') return { assessors: ['icu-2', 'resp-1'] }
    return id === 'acceptInvitation' ? { word: this.found.word ?? 'none', password: FUZZ_PASSWORD } : {}
  }

  /** What a new row cannot share with another, and times that have come. */
  private fixed(collection: string, id: string, isNew: boolean): Record<string, unknown> {
    if (collection === 'cases') return { unit: id.slice(0, id.lastIndexOf('-')), companion: null }
    if (collection === 'contacts') {
      return { unit: id.slice(0, id.lastIndexOf('-')), kind: 'closeContact', lastExposure: '2020-01-10', expectedOn: '2020-01-25', site: null, asOf: null }
    }
    if (collection === 'reporting-units' && isNew) return { gbt2260: null }
    if (collection === 'reserve-blocks' && isNew) return { sequence: 1 + this.chance.below(1000) }
    if (collection === 'api-keys') return { expiresAt: '2020-06-30T00:00:00+08:00', revoked: false }
    this.made += 1
    return fixedOfGoods(collection, { chance: this.chance, found: this.found, site: FUZZ_ROOM.place, nth: this.made, isNew, old: isNew ? null : this.found.body(collection, id) })
  }
}
