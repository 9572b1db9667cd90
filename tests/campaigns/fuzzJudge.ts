import { isDeepStrictEqual } from 'node:util'
import { sql } from 'drizzle-orm'
import type { Database } from '../../src/db/database.js'
import { rowsOf } from '../../src/db/rows.js'
import { REFUSALS } from '../../src/kernel/refusal.js'
import { type Document, type Operation } from './fuzzDocument.js'
import { type Draft, pathOf } from './fuzzDraft.js'
import { faultsOf } from './fuzzSchema.js'
import type { Heard } from './fuzzSend.js'

const MILLISECONDS_MAX = 5000
/** Refused before the router knows which operation was meant. */
const BEFORE_ROUTING = [400, 404, 413, 421]

export interface Problem {
  readonly code: string
  readonly status: number
  readonly instance: string
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What is wrong with an answer, as sentences; `mayBeDown`: the database was cut on purpose. */
export function wrongWith(document: Document, draft: Draft, heard: Heard, mayBeDown = false): string[] {
  const { status, headers, text, milliseconds, silence } = heard
  if (silence !== null) return silence.startsWith('unsent') ? [] : [`there is no answer: ${silence}`]
  if (isNoHttp(draft) && status === 400 && text === '') return []
  const operation = document.at(draft.method, pathOf(draft))
  const wrong: string[] = []
  if (status >= 500 && !(mayBeDown && status === 503)) wrong.push(`the answer is ${status}: ${text.slice(0, 300)}`)
  if (milliseconds > MILLISECONDS_MAX) wrong.push(`the answer took ${Math.round(milliseconds)} ms`)
  const answer = operation?.answers.get(status)
  // The pages beside the API are not in its document.
  if (operation === null && !new URL(pathOf(draft), 'http://127.0.0.1').pathname.startsWith('/api/')) return wrong
  if (operation === null && !BEFORE_ROUTING.includes(status) && !(mayBeDown && status === 503)) wrong.push(`${status} where there is no operation`)
  if (operation !== null && answer === undefined) wrong.push(`${operation.id} does not document ${status}: ${text.slice(0, 300)}`)
  if ((headers['x-request-id'] ?? '') === '') wrong.push(`${status} without x-request-id`)
  if (draft.method === 'HEAD') return wrong
  const type = (headers['content-type'] ?? '').replace(/;.*/, '')
  if (status >= 400) wrong.push(...problemFaults(document, heard, type))
  else if (operation !== null && answer !== undefined) {
    const schema = answer.get(type)
    if (answer.size === 0) wrong.push(...(text === '' ? [] : [`${operation.id} says something with ${status}`]))
    else if (schema === undefined) wrong.push(`${operation.id} does not document ${type} with ${status}`)
    else if (type === 'application/json') {
      const faults = faultsOf(document, schema, jsonOf(text))
      wrong.push(...faults.map((fault) => `the answer of ${operation.id} is not as documented: ${fault}`))
    }
  }
  return wrong
}

/** A host or a target that HTTP itself does not allow: it never reaches the service. */
function isNoHttp({ headers: { host = '127.0.0.1' }, segments }: Draft): boolean {
  const isHost = URL.canParse(`http://${host}`) && new URL(`http://${host}`).host === host.toLowerCase()
  return !isHost || segments.join('/').includes('\\')
}

/** Codes of what is wrong with a request itself: each says where. */
const NAMES_PLACES = ['invalidInput', 'malformedBody', 'unsupportedMediaType']

function problemFaults(document: Document, { status, headers, text }: Heard, type: string): string[] {
  if (type !== 'application/problem+json') return [`${status} is ${type === '' ? 'nothing' : type}, no problem document: ${text.slice(0, 200)}`]
  const json = jsonOf(text)
  const faults = faultsOf(document, { $ref: '#/components/schemas/Problem' }, json).map((fault) => `the problem is not as documented: ${fault}`)
  if (faults.length > 0) return faults
  const { code, status: said, instance, errors } = json as Problem
  const known = Object.entries(REFUSALS).find(([name]) => name === code)?.[1][0]
  if (known !== status || said !== status) faults.push(`${code} is answered with ${status}, says ${said}`)
  if (instance !== `urn:sijizhong:request:${headers['x-request-id']}` && headers['idempotency-replayed'] !== 'true') {
    faults.push(`${code} is of another request: ${instance}, not ${headers['x-request-id']}`)
  }
  if (NAMES_PLACES.includes(code) && (errors ?? []).length === 0) faults.push(`${code} names no place: ${text.slice(0, 300)}`)
  return faults
}

/** What must not change by a refusal, in one word. Runs are computed meanwhile: only how many there are is looked at. */
export async function fingerprint(db: Database): Promise<string> {
  const [row] = await db.inSnapshot((tx) => rowsOf<{ word: string }>(tx, sql`
    select concat_ws(' ', (select count(*) || '/' || coalesce(max(seq), 0) from journal), (select count(*) from record_version),
      (select count(*) || '/' || coalesce(max(id), 0) from movement), (select count(*) || '/' || coalesce(sum(version), 0) from stay),
      (select count(*) from hold), (select coalesce(sum(abs(balance)) + sum(held), 0) from account), (select count(*) from plan_run),
      (select coalesce(sum(version), 0) from present_record)) as word`))
  return row?.word ?? ''
}

/** A request that took effect, or was refused for good, is answered with the same bytes when it is sent again. */
export function wrongAgain(operation: Operation | null, first: Heard, second: Heard): string[] {
  // An answer that holds a secret is kept for no key.
  if (operation?.isKeyed !== true || first.silence !== null || second.silence !== null) return []
  // What the door refuses is not kept; it is refused again, as another request.
  if (first.status === second.status && first.status >= 400) {
    const [a, b] = [jsonOf(first.text), jsonOf(second.text)] as [Partial<Problem> | undefined, Partial<Problem> | undefined]
    return a?.code === b?.code ? [] : [`again it is ${b?.code}, not ${a?.code}`]
  }
  if (first.status !== second.status) return [`again it is ${second.status}, not ${first.status}: ${second.text.slice(0, 200)}`]
  const isReplay = isDeepStrictEqual(first.bytes, second.bytes) && second.headers['idempotency-replayed'] === 'true'
  return isReplay ? [] : ['again it is answered with other bytes']
}
