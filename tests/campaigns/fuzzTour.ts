import type { Asking } from './fuzzAsking.js'
import type { Operation } from './fuzzDocument.js'
import { type Draft, FUZZ_ROOM, newKey } from './fuzzDraft.js'
import { overOfAllocation } from './fuzzAllocations.js'
import { GOODS_CONTRADICTED, GOODS_ONCE } from './fuzzGoods.js'

const TRIES = 24
/** Done to somebody who is in a room: one who has just come, since others may have left. */
const OF_WHO_IS_THERE = ['moveRoom', 'leaveRoom', 'extendIsolation', 'exposeAgain', 'releaseFromIsolation', 'turnPositive', 'observeContact', 'ruleOutSymptoms']
const MEGABYTES_TOO_MANY: Readonly<Record<string, number>> = { 'application/json': 2, 'application/zip': 11 }
// No id of anything has a space in it.
const NOBODY = 'nobody there'

/** Leads every operation to every status that it documents and was not seen, as far as somebody can who asks it. */
export async function tour(asking: Asking): Promise<void> {
  const { document, seen, drafts } = asking
  for (const operation of document.operations) {
    for (const status of operation.answers.keys()) {
      // The database is cut in a part of its own.
      if (status === 503 || seen.get(operation.id)?.has(status) === true) continue
      for (let tries = 0; tries < TRIES; tries += 1) {
        // What is to be cancelled must not be over.
        if (operation.id === 'cancelPlanRun' && status === 200) await asking.send(drafts.good(document.named('askForPlan')))
        if (operation.segments[2] === 'material-requests' && status === 200) await asking.send(drafts.good(document.named('askForMaterial')))
        if (operation.segments[2] === 'allocation-orders' && operation.segments.length > 4 && status === 200) {
          for (const before of ['issueAllocation', 'issueAllocation', 'shipAllocationOrder']) await asking.send(drafts.good(document.named(before)))
        }
        if (operation.id === 'quarantineLot') await asking.send(drafts.good(document.named('receiveStock')))
        if (operation.id === 'acceptInvitation' && status === 200) await asking.send(drafts.good(document.named('invite')))
        if (operation.id === 'withdrawNotice' && status === 200) await asking.send(drafts.good(document.named('putContact')))
        if (operation.id === 'checkIn' && status === 200) await makeRoom(asking)
        if (OF_WHO_IS_THERE.includes(operation.id) && status === 200) {
          await makeRoom(asking)
          for (const before of ['putContact', 'checkIn']) await asking.send(drafts.good(document.named(before)))
          const seen = drafts.good(document.named('observeContact'))
          await asking.send(operation.id === 'ruleOutSymptoms' ? { ...seen, json: { ...(seen.json as object), symptoms: ['fever'] } } : seen)
        }
        if (await leads(operation, status, asking)) break
      }
    }
  }
}

/** A report drawn by chance may have filled the rooms, or promised them elsewhere. */
async function makeRoom(asking: Asking): Promise<void> {
  const { method, segments } = asking.document.named('reportBeds')
  await asking.send({
    method, segments: segments.map((segment) => (segment === '{id}' ? encodeURIComponent(FUZZ_ROOM.pool) : segment)), query: [],
    headers: { 'idempotency-key': newKey(), 'content-type': 'application/json' }, json: { physical: 900, staffed: 900, occupied: 0, held: 0 }, told: ['so that there are rooms'],
  })
}

async function leads(operation: Operation, status: number, asking: Asking): Promise<boolean> {
  const send = async (one: Draft): Promise<number> => (await asking.send(one)).status
  const draft = asking.drafts.good(operation)
  draft.told.push(`towards ${status}`)
  const with_ = (headers: Readonly<Record<string, string>>): Draft => ({ ...draft, headers: { ...draft.headers, ...headers } })
  switch (status) {
    case 400: return await send({ ...draft, query: [...draft.query, ['%zz', '1']] }) === status
    case 401: {
      const wrong = { ...draft, json: { account: 'nobody', password: 'a wrong one', word: 'no such word' } }
      const isSigningIn = ['signIn', 'acceptInvitation'].includes(operation.id)
      return await send(isSigningIn ? { ...wrong, json: Object.fromEntries(Object.entries(wrong.json).filter(([name]) => name in ((draft.json ?? {}) as object))) } : with_({ authorization: 'Post nobody' })) === status
    }
    case 429: {
      // What is kept for its key is asked with another one each time.
      const again = (): Draft => ({ ...draft, headers: { ...draft.headers, ...('idempotency-key' in draft.headers ? { 'idempotency-key': newKey() } : {}) } })
      for (let tries = 0; tries < 70; tries += 1) if (await send(again()) === status) return true
      return false
    }
    case 403: return await send(with_({ authorization: 'Post idle' })) === status
    case 404: return await send({ ...draft, segments: withId(operation, draft, NOBODY) }) === status
    case 412: return await send(with_({ 'if-match': '"99999"' })) === status
    case 413: {
      const { json: _, ...rest } = draft
      return await send({ ...rest, bytes: Buffer.alloc((MEGABYTES_TOO_MANY[operation.body?.type ?? ''] ?? 2) * 1024 * 1024, 32) }) === status
    }
    case 415: return await send(with_({ 'content-type': 'text/plain' })) === status
    case 421: return await send(with_({ host: 'evil.example' })) === status
    case 422: {
      const json = draft.json as Record<string, unknown> | undefined
      if (operation.id === 'acceptInvitation') {
        await asking.send(asking.drafts.good(asking.document.named('invite')))
        return await send({ ...asking.drafts.good(operation), json: { word: asking.found.word, password: 'short' } }) === status
      }
      if (operation.id === 'changePassword') return await send({ ...draft, json: { ...json, next: 'short' } }) === status
      if (operation.id === 'renewApiKey') {
        const key = asking.drafts.good(asking.document.named('putApiKey'))
        const { 'if-match': _, ...headers } = key.headers
        const id = `fuzz-key-${asking.chance.below(1_000_000_000)}`
        await asking.send({ ...key, headers, segments: [...key.segments.slice(0, -1), id], json: { ...(key.json as object), expiresAt: '2020-01-05T00:00:00+08:00' } })
        return await send({ ...draft, segments: withId(operation, draft, id) }) === status
      }
      if (operation.id === 'checkEdits') return await send({ ...draft, json: { edits: [{ kind: 'stay', patient: NOBODY, reason: '-' }] } }) === status
      if (operation.method === 'GET') return await send({ ...draft, query: [['asOf', '2019-12-02T00:00:00Z']] }) === status
      await send(draft)
      return await send(with_({ 'if-match': '"0"' })) === status
    }
    case 428: {
      const { 'if-match': _, ...headers } = draft.headers
      return await send({ ...draft, headers }) === status
    }
    case 409: return await contradicts(operation, draft, asking)
    default: return await send(status === 200 && operation.method === 'PUT' && operation.segments.length === 4 ? await asking.withVersion(draft) : draft) === status
  }
}

const withId = ({ segments }: Operation, draft: Draft, id: string): string[] =>
  draft.segments.map((segment, index) => (segments[index] === '{id}' ? encodeURIComponent(id) : segment))
const isSame = (operation: Operation, tail: string): boolean => operation.segments.slice(2).join('/') === tail

/** What cannot be so beside what is so. */
async function contradicts(operation: Operation, draft: Draft, asking: Asking): Promise<boolean> {
  const { found, chance } = asking
  const send = async (one: Draft): Promise<number> => (await asking.send(one)).status
  const json = (draft.json ?? {}) as Record<string, unknown>
  const at = (id: string): Draft => ({ ...draft, segments: withId(operation, draft, id) })
  const asNew = (change: Record<string, unknown>): Draft => {
    const { 'if-match': _, ...headers } = draft.headers
    return { ...at(`fuzz-${chance.below(1_000_000_000)}`), headers, json: { ...json, ...change } }
  }
  if (isSame(operation, 'reporting-units/{id}')) return await send(asNew({ gbt2260: '500101' })) === 409
  if (isSame(operation, 'accounts/{id}')) return await send(at(found.one('api-keys', chance))) === 409
  if (isSame(operation, 'api-keys/{id}')) return await send(at(found.one('accounts', chance))) === 409
  if (isSame(operation, 'reserve-blocks/{id}')) {
    const like = found.body('reserve-blocks', found.one('reserve-blocks', chance))
    return await send(asNew({ place: like?.['place'], sequence: like?.['sequence'] })) === 409
  }
  const once = operation.segments.length === 4 ? GOODS_ONCE[operation.segments[2] ?? ''] : undefined
  if (once !== undefined) {
    const like = found.body(operation.segments[2] ?? '', found.one(operation.segments[2] ?? '', chance)) ?? {}
    return await send(asNew(Object.fromEntries(once.map((field) => [field, like[field]])))) === 409
  }
  const contradicted = GOODS_CONTRADICTED[operation.id]
  if (contradicted !== undefined) {
    await asking.send(asking.drafts.good(asking.document.named('countStock')))
    return await send({ ...draft, json: { ...json, ...contradicted } }) === 409
  }
  const over = overOfAllocation(operation.id, found)
  if (over !== null) return await send(at(over)) === 409
  if (operation.id === 'reverseStockNote') return await send(at(found.one('stock-notes/reversed', chance))) === 409
  if (isSame(operation, 'pools/{id}/report')) return await send({ ...draft, json: { staffed: 7, occupied: 3, asOf: '2019-12-01T00:00:01Z' } }) === 409
  if (isSame(operation, 'cases/{id}/withdraw-request') || isSame(operation, 'lots/{id}/quarantine')) {
    await send(draft)
    return await send({ ...draft, headers: { ...draft.headers, 'idempotency-key': newKey() } }) === 409
  }
  if (isSame(operation, 'cases/{id}/severity')) {
    // One of now, which then stands, and one from before it.
    const { at: _, ...now } = json
    await send({ ...draft, json: now })
    return await send({ ...draft, headers: { ...draft.headers, 'idempotency-key': newKey() }, json: { ...now, at: '2019-12-01T00:00:01Z' } }) === 409
  }
  if (isSame(operation, 'stays')) {
    return await send({ ...draft, json: { case: found.one('cases/lying', chance), place: found.one('places', chance), pool: null } }) === 409
  }
  if (operation.segments[2] === 'contacts') return await send(at(found.one('contacts/over', chance))) === 409
  if (isSame(operation, 'places/{id}/report')) {
    return await send({ ...at(FUZZ_ROOM.place), json: { pools: { [FUZZ_ROOM.pool]: { staffed: 700, occupied: 3 } }, asOf: '2019-12-01T00:00:01Z' } }) === 409
  }
  if (operation.segments[2] === 'stays') return await send(at(found.one('stays/ended', chance))) === 409
  if (operation.segments[2] === 'transfer-orders' && operation.segments.length > 3) return await send(at(found.one('transfer-orders/closed', chance))) === 409
  if (['confirmPlan', 'withdrawPlan'].includes(operation.id)) return await send(at(found.one('plan-runs/issued', chance))) === 409
  if (isSame(operation, 'plan-runs/{id}/cancel')) return await send(at(found.one('plan-runs/done', chance))) === 409
  if (isSame(operation, 'material-requests')) {
    await send(draft)
    return await send({ ...draft, headers: { ...draft.headers, 'idempotency-key': newKey() } }) === 409
  }
  if (operation.segments[2] === 'material-requests') return await send(at(found.one('material-requests/over', chance))) === 409
  if (operation.segments[2] === 'plan-runs') return await send(at(found.one('plan-runs/failed', chance))) === 409
  return await send(draft) === 409
}
