import { setTimeout as pause } from 'node:timers/promises'
import { ask, type Said } from '../support/serving.js'
import type { Chance } from './racesChance.js'
import { personBody } from './racesRows.js'
import type { Asking } from './racesWorld.js'

/** One request of the load, and what became of it: written down the moment it is known. */
export interface Deed {
  readonly key: string
  readonly client: number
  readonly asking: Asking
  /** What may be answered to it; a success has its effect once, a refusal has none. */
  readonly expected: readonly number[]
  /** The answer that was acknowledged; null: none came, or only that the service cannot say. */
  answer: Said | null
}

/** Where a round takes place: its ids are its own, so that its effects can be counted. */
export interface Ward {
  readonly name: string
  readonly unit: string
  readonly place: string
  /** People come into the first and may be moved to the second. */
  readonly pools: readonly [string, string]
  /** Nobody lies here; only its figures are reported. */
  readonly counted: string
  readonly hasPlans: boolean
}

const CLIENTS = 8
const PATIENCE_MILLISECONDS = 20_000
/** What a client waits after a request that was not answered. */
const BREATH_MILLISECONDS = 400

/** Clients that admit, move, discharge, report and ask for plans until told to stop. */
export class Load {
  readonly deeds: Deed[] = []
  /** What must not happen even in a crash. */
  readonly problems: string[] = []
  private isStopped = false
  private running: Promise<unknown> = Promise.resolve()

  constructor(private readonly needs: {
    readonly address: () => string
    readonly ward: Ward
    readonly chance: Chance
    /** The service is not the one that dies: it answers every request. */
    readonly livesOn: boolean
  }) {}

  start(): void {
    this.running = Promise.all(Array.from({ length: CLIENTS }, (_, client) => this.client(client)))
  }

  async stop(): Promise<void> {
    this.isStopped = true
    await this.running
  }

  private async client(client: number): Promise<void> {
    const { ward, chance } = this.needs
    for (let n = 0; !this.isStopped; n += 1) {
      // A step that is not acknowledged breaks its chain off; the next begins with somebody else.
      if (!await this.chain(client, `${ward.unit}-${client}.${n}`)) await pause(BREATH_MILLISECONDS)
      if (chance.next() < 0.2) await this.once(client, this.report())
      if (ward.hasPlans && chance.next() < 0.05) await this.once(client, PLAN)
    }
  }

  private async chain(client: number, person: string): Promise<boolean> {
    const { ward, chance } = this.needs
    const [first, second] = ward.pools
    const isIn = async (asking: Asking, expected = [201]) => this.once(client, { asking, expected })
    if (await isIn({ method: 'PUT', path: `/api/cases/${person}`, body: personBody(ward.unit) }) === null) return false
    const admission: Asking = { method: 'POST', path: '/api/stays', body: { case: person, place: ward.place, pool: first } }
    const stay = await isIn(admission)
    if (stay === null) return false
    if (chance.next() < 0.1 && await isIn(admission, [409]) === null) return false
    const move = { method: 'POST', path: `/api/stays/${idOf(stay)}/move`, body: { place: ward.place, pool: second } }
    const last = chance.next() < 0.5 ? await isIn(move) : stay
    if (last === null) return false
    const end = { method: 'POST', path: `/api/stays/${idOf(last)}/end`, body: { ending: chance.one(['died', 'discharged', 'left']) } }
    return chance.next() < 0.5 || await isIn(end, [200]) !== null
  }

  private report(): Pick<Deed, 'asking' | 'expected'> {
    const { ward, chance } = this.needs
    const body = { staffed: 70 + chance.below(9), occupied: chance.below(60) }
    // Another client may have reported a later moment first.
    return { asking: { method: 'PUT', path: `/api/pools/${ward.counted}/report`, body }, expected: [200, 409] }
  }

  /** Sends it once; null when no answer came that counts. */
  private async once(client: number, { asking, expected }: Pick<Deed, 'asking' | 'expected'>): Promise<Said | null> {
    const { address, ward, livesOn } = this.needs
    const deed: Deed = { key: `crash-${ward.name}-${this.deeds.length}`, client, asking, expected, answer: null }
    this.deeds.push(deed)
    const said = await sent(address(), deed)
    if (said === null && livesOn) this.problems.push(`${deed.key}: the service lives, and did not answer`)
    if (said !== null) this.problems.push(...unfit(deed, said))
    if (said === null || said.status >= 500) return null
    deed.answer = said
    return said.status < 400 || expected.includes(said.status) ? said : null
  }
}

const PLAN: Pick<Deed, 'asking' | 'expected'> = {
  asking: { method: 'POST', path: '/api/plan-runs', body: { seconds: 5, asOf: '2020-01-20T00:00:00+08:00', planDay: '2020-01-30' } }, expected: [202],
}

export const idOf = ({ json }: Said): string => (json as { id: string }).id

/** The answer to a deed, by whichever process is asked; null when there is none. */
export const sent = (address: string, { key, asking: { path, ...asked } }: Deed): Promise<Said | null> =>
  ask(address, path, { ...asked, key, headers: { 'x-request-id': key }, patience: PATIENCE_MILLISECONDS }).catch(() => null)

/** What no crash excuses: a failure of the program, or an unavailable service that does not say when to come again. */
export function unfit({ key, asking, expected }: Deed, said: Said): string[] {
  const { status, headers, text } = said
  if (expected.includes(status)) return []
  if (status === 503 && headers.get('retry-after') !== null) return []
  return [`${key} ${asking.method} ${asking.path}: ${status} ${text.slice(0, 300)}, not ${expected.join(' or ')}`]
}
