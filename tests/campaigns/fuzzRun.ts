import { CommitUnknown, DatabaseUnavailable } from '../../src/db/errors.js'
import { machine } from '../../src/app/machine.js'
import { Chance } from './racesChance.js'
import { Document, type Operation } from './fuzzDocument.js'
import { type Draft, Drafts, pathOf } from './fuzzDraft.js'
import { Found } from './fuzzFound.js'
import { fingerprint, jsonOf, wrongAgain, wrongWith } from './fuzzJudge.js'
import { MUTATIONS } from './fuzzMutations.js'
import { curlOf, type Heard, Sender } from './fuzzSend.js'
import { tour } from './fuzzTour.js'
import type { FuzzWorld } from './fuzzWorld.js'
import { zipFor } from './fuzzZips.js'

export interface Breach {
  readonly request: number
  readonly told: readonly string[]
  readonly curl: string
  readonly wrong: readonly string[]
}

export interface Outcome {
  readonly requests: number
  readonly servererrors: number
  readonly breaches: readonly Breach[]
  /** Statuses that each operation was seen to answer with. */
  readonly seen: ReadonlyMap<string, ReadonlySet<number>>
  readonly document: Document
}

const BREACHES_MAX = 20
const BACKGROUND = 8

/** So many requests, drawn by a seed, each answer judged. */
export async function fuzz({ db, whole, served }: FuzzWorld, { requests, seed }: { requests: number; seed: number }): Promise<Outcome> {
  const port = Number(new URL(served.address).port)
  const document = new Document(await (await fetch(`${served.address}/openapi.json`)).json())
  const chance = new Chance(seed)
  const found = new Found()
  const sender = new Sender(port, machine.stopwatch)
  const drafts = new Drafts(document, found, chance, () => zipFor(chance))
  const seen = new Map<string, Set<number>>(document.operations.map(({ id }) => [id, new Set()]))
  seen.get('importScenario')?.add(201)
  const breaches: Breach[] = []
  let sent = 0
  let servererrors = 0

  const judged = async (draft: Draft, more: readonly string[] = []): Promise<Heard> => {
    sent += 1
    const request = sent
    const heard = await sender.send(draft)
    const operation = document.at(draft.method, pathOf(draft))
    if (heard.status >= 500 && db.cut === null) servererrors += 1
    const wrong = [...more, ...wrongWith(document, draft, heard, db.cut !== null)]
    if (wrong.length > 0 && breaches.length < BREACHES_MAX) breaches.push({ request, told: draft.told, curl: curlOf(draft, port), wrong })
    if (operation !== null && draft.method !== 'HEAD') {
      seen.get(operation.id)?.add(heard.status)
      if (heard.status < 300 && (heard.headers['content-type'] ?? '').startsWith('application/json')) {
        found.learn(operation, pathOf({ ...draft, query: [] }), jsonOf(heard.text), heard.headers['etag'])
      }
    }
    return heard
  }
  const fail = (draft: Draft, wrong: readonly string[]) => {
    if (wrong.length > 0) breaches.push({ request: sent, told: draft.told, curl: curlOf(draft, port), wrong })
  }

  await acquaint(document.operations, drafts, judged)
  const means = { drafts, found, chance, send: async (draft: Draft) => (await judged(draft)).status }
  await tour(document.operations, seen, means)
  // Before the end comes a part with the database cut.
  const last = Math.max(sent, requests - 3 * document.operations.length)
  while (sent < last && breaches.length < BREACHES_MAX) {
    const operation = chance.one(document.operations)
    const draft = drafts.good(operation)
    if (operation.method === 'PUT' && operation.segments.length === 4 && chance.below(2) === 0) {
      await judged({ method: 'GET', segments: draft.segments, query: [], headers: {}, told: ['to know its version'] })
      const etag = found.etags.get(draft.segments.join('/'))
      if (etag !== undefined) draft.headers['if-match'] = etag
    }
    spoil(draft, operation, chance, found)
    const looks = chance.below(12) === 0
    const before = looks ? await fingerprint(whole) : ''
    const heard = await judged(draft)
    if (looks && heard.status >= 400) {
      const after = await fingerprint(whole)
      if (after !== before) fail(draft, [`${heard.status} changed the store: ${before} -> ${after}`])
    }
    if (chance.below(10) === 0) fail(draft, wrongAgain(document.at(draft.method, pathOf(draft)), heard, await judged({ ...draft, told: [...draft.told, 'again'] })))
  }
  // By now there is more to contradict.
  await tour(document.operations, seen, means)
  await whileCut(document.operations, { db, drafts, judged, fail })
  while (sent < requests && breaches.length < BREACHES_MAX) await judged(drafts.good(chance.one(document.operations)))
  sender.close()
  for (const bug of served.bugs) breaches.push({ request: sent, told: ['a bug of the service'], curl: '', wrong: [bug instanceof Error ? bug.stack ?? bug.message : String(bug)] })
  return { requests: sent, servererrors, breaches, seen, document }
}

/** Reads every list first, so that ids are known. */
async function acquaint(operations: readonly Operation[], drafts: Drafts, judged: (draft: Draft) => Promise<unknown>): Promise<void> {
  for (const operation of operations.filter(({ method, segments }) => method === 'GET' && segments.length === 3)) {
    await judged({ ...drafts.good(operation), query: operation.parameters.some(({ name }) => name === 'limit') ? [['limit', '300']] : [] })
  }
}

/** Two requests of five are spoilt once, one of five more than once. */
function spoil(draft: Draft, operation: Operation, chance: Chance, found: Found): void {
  const dice = chance.below(BACKGROUND)
  for (let times = dice < 2 ? 0 : dice < 6 ? 1 : 2 + chance.below(2); times > 0; times -= 1) {
    const fitting = MUTATIONS.filter(({ fits }) => fits(operation, draft))
    const mutation = chance.one(fitting)
    mutation.apply(draft, chance, found)
    draft.told.push(mutation.name)
  }
}

interface Cutting {
  readonly db: FuzzWorld['db']
  readonly drafts: Drafts
  readonly judged: (draft: Draft) => Promise<Heard>
  readonly fail: (draft: Draft, wrong: readonly string[]) => void
}

const CUTS = [
  { cut: new DatabaseUnavailable('cannotConnect'), code: 'databaseUnavailable' },
  { cut: new DatabaseUnavailable('diskFull'), code: 'storeFull' },
  { cut: new CommitUnknown(), code: 'commitUnknown' },
] as const

/** With the database away every operation says so, and when to try again; the same key works once it is back. */
async function whileCut(operations: readonly Operation[], { db, drafts, judged, fail }: Cutting): Promise<void> {
  for (const [index, operation] of operations.entries()) {
    const { cut, code } = CUTS[index % CUTS.length] ?? CUTS[0]
    const draft: Draft = { ...drafts.good(operation), query: [], told: [`the database is cut: ${cut.name}`] }
    db.cut = cut
    const heard = await judged(draft)
    db.cut = null
    const said = (jsonOf(heard.text) as { code?: string } | undefined)?.code
    const isRead = operation.method === 'GET' && cut instanceof CommitUnknown
    // A zip that is spoilt is read before the store is asked.
    if (heard.status !== 503 || said !== (isRead ? 'databaseUnavailable' : code)) fail(draft, [`${heard.status} ${said} while the database is away`])
    if (heard.status === 503 && heard.headers['retry-after'] === undefined) fail(draft, ['503 without Retry-After'])
    const after = await judged({ ...draft, told: ['the database is back'] })
    if (after.status >= 500) fail(draft, [`${after.status} when the database is back`])
  }
}
