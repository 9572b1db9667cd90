import { setTimeout as pause } from 'node:timers/promises'
import { ask, type Said } from '../support/serving.js'
import { admission, approval, isolation, type Take, transfer } from './crashChains.js'
import { goods } from './crashGoods.js'
import type { Chance } from './racesChance.js'
import type { Asking } from './racesWorld.js'

/** One request of the load, and what became of it: written down the moment it is known. */
export interface Deed {
  readonly key: string
  readonly client: number
  readonly asking: Asking
  /** What may be answered to it; a success has its effect once, a refusal has none. */
  readonly expected: readonly number[]
  /** How many lines of the journal a success is worth. */
  readonly lines: number
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
  /** From where people are ordered to where, and where contacts are taken in. */
  readonly district: Bed
  readonly hub: Bed
  readonly site: Bed
  /** A draft that can be approved, and the Authorization of who may, and may sign for goods; null: nobody issues orders here. */
  readonly draft: string | null
  readonly approver: string
}

interface Bed {
  readonly place: string
  readonly pool: string
}

const CLIENTS = 8
const PATIENCE_MILLISECONDS = 20_000
/** What a client waits after a request that was not answered. */
const BREATH_MILLISECONDS = 400

/** Clients that admit, order, isolate, approve, report and ask for plans until told to stop. */
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
      const take: Take = (asking, expected, lines) => this.once(client, { asking, expected, lines: lines ?? 1 })
      const chain = ward.draft === null || chance.next() < 0.4 ? admission : chance.one([transfer, transfer, isolation, goods])
      // A step that is not acknowledged breaks its chain off; the next begins with somebody else.
      if (!await chain({ ward, chance, take, who: `${ward.unit}-${client}.${n}` })) await pause(BREATH_MILLISECONDS)
      if (chance.next() < 0.2) await this.once(client, this.report())
      if (chance.next() < 0.05) await approval({ ward, chance, take, who: '' })
      if (ward.hasPlans && chance.next() < 0.05) await this.once(client, PLAN)
    }
  }

  private report(): Sending {
    const { ward, chance } = this.needs
    const body = { staffed: 70 + chance.below(9), occupied: chance.below(60) }
    // Another client may have reported a later moment first.
    return { asking: { method: 'PUT', path: `/api/pools/${ward.counted}/report`, body }, expected: [200, 409], lines: 1 }
  }

  /** Sends it once; null when no answer came that counts. */
  private async once(client: number, { asking, expected, lines }: Sending): Promise<Said | null> {
    const { address, ward, livesOn } = this.needs
    const deed: Deed = { key: `crash-${ward.name}-${this.deeds.length}`, client, asking, expected, lines, answer: null }
    this.deeds.push(deed)
    const said = await sent(address(), deed)
    if (said === null && livesOn) this.problems.push(`${deed.key}: the service lives, and did not answer`)
    if (said !== null) this.problems.push(...unfit(deed, said))
    if (said === null || said.status >= 500) return null
    deed.answer = said
    return said.status < 400 || expected.includes(said.status) ? said : null
  }
}

type Sending = Pick<Deed, 'asking' | 'expected' | 'lines'>

/** Of one account no more than five wait. */
const PLAN: Sending = {
  asking: { method: 'POST', path: '/api/plan-runs', body: { seconds: 5, asOf: '2020-01-20T00:00:00+08:00', planDay: '2020-01-30' } }, expected: [202, 429], lines: 1,
}

export const idOf = ({ json }: Said): string => (json as { id: string }).id

/** The answer to a deed, by whichever process is asked; null when there is none. */
export const sent = (address: string, { key, asking: { path, ...asked } }: Deed): Promise<Said | null> =>
  ask(address, path, { ...asked, key, headers: { ...asked.headers, 'x-request-id': key }, patience: PATIENCE_MILLISECONDS }).catch(() => null)

/** What no crash excuses: a failure of the program, or an unavailable service that does not say when to come again. */
export function unfit({ key, asking, expected }: Deed, said: Said): string[] {
  const { status, headers, text } = said
  if (expected.includes(status)) return []
  if (status === 503 && headers.get('retry-after') !== null) return []
  return [`${key} ${asking.method} ${asking.path}: ${status} ${text.slice(0, 300)}, not ${expected.join(' or ')}`]
}
