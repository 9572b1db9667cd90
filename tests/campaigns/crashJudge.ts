import { setTimeout as pause } from 'node:timers/promises'
import { ask, type Said } from '../support/serving.js'
import { type Deed, sent, unfit, type Ward } from './crashLoad.js'
import { allOf, unlike } from './crashUnlike.js'

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
  for (const { key, answer, lines } of deeds) {
    const [found, wanted] = [written.get(key) ?? 0, answer !== null && answer.status < 400 ? lines : 0]
    if (found > wanted) appliedTwice += 1
    if (found < wanted && acknowledged.some((deed) => deed.key === key)) lost.add(key)
    if (found !== wanted) problems.push(`${key}: ${found} lines of the journal, not ${wanted}`)
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

/** What follows from an approval beside the plan itself: as many orders as it has lines, and the end of the plan before. */
const FOLLOWS = new Set(['plan.superseded', 'order.issued'])
const isFollowing = ({ action, details }: Line): boolean => FOLLOWS.has(action) && (action !== 'order.issued' || details['plan'] !== null)

interface Line {
  readonly request: string
  readonly action: string
  readonly details: Readonly<Record<string, unknown>>
}

/** How many lines of the journal each request has. */
async function journalled(address: string, from: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const line of await allOf<Line>(address, `/api/journal?from=${encodeURIComponent(from)}`)) {
    if (!isFollowing(line)) counts.set(line.request, (counts.get(line.request) ?? 0) + 1)
  }
  return counts
}

async function unsound(address: string): Promise<string[]> {
  const { json } = await ask(address, '/api/integrity')
  return (json as { findings: unknown[] }).findings.map((finding) => `integrity: ${JSON.stringify(finding)}`)
}
