import { setTimeout as pause } from 'node:timers/promises'
import { ask, type Said } from '../support/serving.js'
import { type Deed, sent, unfit, type Ward } from './crashLoad.js'

/** What came of the deeds of one round. */
export interface Verdict {
  readonly acknowledged: number
  /** Sent again with their keys, since nobody knew. */
  readonly retried: number
  /** Of these, found to have taken effect before the crash. */
  readonly tookEffect: number
  /** Acknowledged, and not there, or answered otherwise when asked again. */
  readonly missing: number
  readonly appliedTwice: number
  readonly problems: readonly string[]
}

const PATIENCE_MILLISECONDS = 60_000
const RETRY_MILLISECONDS = 250
const AT_ONCE = 8

/** Sends what is not acknowledged again, then looks for every effect: there once, and only there. */
export async function judged(address: string, { deeds, ward, from }: { deeds: readonly Deed[]; ward: Ward; from: string }): Promise<Verdict> {
  const acknowledged = deeds.filter(({ answer }) => answer !== null)
  const open = deeds.filter(({ answer }) => answer === null)
  const problems: string[] = []
  let tookEffect = 0
  for (const deed of open) {
    const said = await insisted(address, deed)
    deed.answer = said
    if (said === null) problems.push(`${deed.key}: no answer after the crash`)
    else problems.push(...unfit(deed, said))
    if (said?.headers.get('idempotency-replayed') === 'true') tookEffect += 1
  }
  const lost = new Set<string>()
  await each(acknowledged, async (deed) => {
    const again = await insisted(address, deed)
    if (again?.status === deed.answer?.status && again?.text === deed.answer?.text) return
    lost.add(deed.key)
    problems.push(`${deed.key}: answered ${shown(deed.answer)} first, and ${shown(again)} after the crash`)
  })
  const written = await journalled(address, from)
  let appliedTwice = 0
  for (const { key, answer } of deeds) {
    const [found, wanted] = [written.get(key) ?? 0, answer !== null && answer.status < 400 ? 1 : 0]
    if (found > wanted) appliedTwice += 1
    if (found < wanted && acknowledged.some((deed) => deed.key === key)) lost.add(key)
    if (found !== wanted) problems.push(`${key}: ${found} effects in the journal, not ${wanted}`)
  }
  problems.push(...await unlike(address, deeds, ward), ...await unsound(address))
  return { acknowledged: acknowledged.length, retried: open.length, tookEffect, missing: lost.size, appliedTwice, problems }
}

const shown = (said: Said | null): string => (said === null ? 'nothing' : `${said.status} ${said.text.slice(0, 200)}`)

/** Sends it until it is answered with something else than that the service is not available. */
async function insisted(address: string, deed: Deed): Promise<Said | null> {
  for (let waited = 0; waited < PATIENCE_MILLISECONDS; waited += RETRY_MILLISECONDS) {
    const said = await sent(address, deed)
    if (said !== null && said.status !== 503) return said
    await pause(RETRY_MILLISECONDS)
  }
  return null
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }))
}

/** Every item of a list, page by page. */
async function allOf<T>(address: string, path: string): Promise<T[]> {
  const items: T[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const said = await ask(address, `${path}&limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
    if (said.status !== 200) throw new Error(`${path}: ${said.status} ${said.text}`)
    const page = said.json as { items: T[]; next: string | null }
    items.push(...page.items)
    cursor = page.next
  }
  return items
}

/** How many lines of the journal each request has. */
async function journalled(address: string, from: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const { request } of await allOf<{ request: string }>(address, `/api/journal?from=${encodeURIComponent(from)}`)) {
    counts.set(request, (counts.get(request) ?? 0) + 1)
  }
  return counts
}

/** What stands in the store against what was answered. */
async function unlike(address: string, deeds: readonly Deed[], { unit, place, pools, counted }: Ward): Promise<string[]> {
  const of = (method: string, path: RegExp, status: number) =>
    deeds.filter(({ asking, answer }) => asking.method === method && path.test(asking.path) && answer?.status === status).length
  const cases = await allOf<{ id: string; version: number }>(address, `/api/cases?unit=${unit}`)
  const stays = await allOf<{ case: string; endedAt: string | null; pool: string }>(address, `/api/stays?place=${place}`)
  const open = stays.filter(({ endedAt }) => endedAt === null)
  const occupied = async (pool: string) => ((await ask(address, `/api/pools/${pool}`)).json as { occupied: number }).occupied
  const versions = ((await ask(address, `/api/pools/${counted}`)).json as { version: number }).version
  const inPools = await Promise.all(pools.map(occupied))
  const rows: [string, unknown, unknown][] = [
    ['cases', cases.length, of('PUT', /^\/api\/cases\//, 201)],
    ['cases of another version than the first', cases.filter(({ version }) => version !== 1).length, 0],
    ['stays', stays.length, of('POST', /^\/api\/stays(?:$|\/.*\/move$)/, 201)],
    ['open stays', open.length, of('POST', /^\/api\/stays$/, 201) - of('POST', /\/end$/, 200)],
    ['people in two places', open.length - new Set(open.map((stay) => stay.case)).size, 0],
    ['people in the pools', inPools, pools.map((pool) => open.filter((stay) => stay.pool === pool).length)],
    // The definition and the first count are versions one and two.
    ['versions of the counted pool', versions, 2 + of('PUT', /\/report$/, 200)],
  ]
  return rows.filter(([, found, wanted]) => JSON.stringify(found) !== JSON.stringify(wanted))
    .map(([what, found, wanted]) => `${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`)
}

async function unsound(address: string): Promise<string[]> {
  const { json } = await ask(address, '/api/integrity')
  return (json as { findings: unknown[] }).findings.map((finding) => `integrity: ${JSON.stringify(finding)}`)
}
