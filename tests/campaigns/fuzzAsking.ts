import { machine } from '../../src/app/machine.js'
import { Document } from './fuzzDocument.js'
import { type Draft, Drafts, pathOf } from './fuzzDraft.js'
import { Found } from './fuzzFound.js'
import { jsonOf, wrongWith } from './fuzzJudge.js'
import { curlOf, type Heard, Sender } from './fuzzSend.js'
import type { FuzzWorld } from './fuzzWorld.js'
import { zipFor } from './fuzzZips.js'
import { Chance } from './racesChance.js'

export interface Breach {
  /** The how manieth request. */
  readonly request: number
  readonly told: readonly string[]
  readonly curl: string
  readonly wrong: readonly string[]
}

/** Beyond so many nobody reads on. */
const BREACHES_MAX = 20

/** Asks one service, judges every answer, and learns from it. */
export class Asking {
  readonly found = new Found()
  readonly breaches: Breach[] = []
  /** Statuses that each operation was seen to answer with. */
  readonly seen: ReadonlyMap<string, Set<number>>
  readonly drafts: Drafts
  sent = 0
  serverErrors = 0
  private readonly port: number
  private readonly sender: Sender

  constructor(readonly document: Document, readonly chance: Chance, private readonly world: FuzzWorld) {
    this.port = Number(new URL(world.served.address).port)
    this.sender = new Sender(this.port, machine.stopwatch)
    this.drafts = new Drafts(document, this.found, chance, () => zipFor(chance))
    this.seen = new Map(document.operations.map(({ id }) => [id, new Set()]))
  }

  /** Asks the service of a world, by a seed. */
  static async of(world: FuzzWorld, seed: number): Promise<Asking> {
    const document = new Document(await (await fetch(`${world.served.address}/openapi.json`)).json())
    const asking = new Asking(document, new Chance(seed), world)
    // The world began with one.
    asking.seen.get('importScenario')?.add(201)
    return asking
  }

  get isOver(): boolean {
    return this.breaches.length >= BREACHES_MAX
  }

  async send(draft: Draft): Promise<Heard> {
    this.sent += 1
    const heard = await this.sender.send(draft)
    const { document, world: { db } } = this
    if (heard.status >= 500 && db.cut === null) this.serverErrors += 1
    this.fail(draft, wrongWith(document, draft, heard, db.cut !== null))
    const operation = document.at(draft.method, pathOf(draft))
    if (operation === null || draft.method === 'HEAD') return heard
    this.seen.get(operation.id)?.add(heard.status)
    if (heard.status < 300 && (heard.headers['content-type'] ?? '').startsWith('application/json')) {
      this.found.learn(operation, pathOf({ ...draft, query: [] }), jsonOf(heard.text), heard.headers['etag'])
    }
    return heard
  }

  /** Reads what a draft would replace, so that it names the version that stands. */
  async withVersion(draft: Draft): Promise<Draft> {
    await this.send({ method: 'GET', segments: draft.segments, query: [], headers: {}, told: ['to know its version'] })
    const etag = this.found.etags.get(draft.segments.join('/'))
    if (etag !== undefined) draft.headers['if-match'] = etag
    return draft
  }

  /** Notes what is wrong with the answer to a request, if anything is. */
  fail(draft: Draft, wrong: readonly string[]): void {
    if (wrong.length > 0 && !this.isOver) this.breaches.push({ request: this.sent, told: draft.told, curl: curlOf(draft, this.port), wrong })
  }

  /** The same of the service as a whole. */
  failAll(what: string, wrong: readonly string[]): void {
    if (wrong.length > 0) this.breaches.push({ request: this.sent, told: [what], curl: '', wrong })
  }

  close(): void {
    this.sender.close()
  }
}
