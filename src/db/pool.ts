import { asUnavailable, DatabaseUnavailable } from './errors.js'
import type { Patience } from './patience.js'
import { type ClientOptions, PostgresClient } from './postgresClient.js'
import { Turns } from './turns.js'

/** Longer than any statement and any pause inside a transaction may last: a server that is silent so long is gone. */
const SILENCE_MILLISECONDS = 15_000
const BEGIN_MILLISECONDS = 5_000

export interface PoolOptions extends ClientOptions {
  readonly clients: number
  /** Told of each client that is thrown away, for the log. */
  readonly onLost: (why: unknown) => void
  readonly silenceMilliseconds?: number
}

interface Lending {
  readonly patience: Patience
  /** The server may say nothing for long. */
  readonly maySilent: boolean
}

/** Clients of one connection each, lent for a whole transaction; one whose connection broke is never lent again. */
export class Pool {
  private readonly turns: Turns
  private readonly idle: PostgresClient[] = []
  private readonly lent = new Set<PostgresClient>()
  private readonly watch: NodeJS.Timeout

  constructor(private readonly options: PoolOptions) {
    this.turns = new Turns(options.clients, 'noFreeClient')
    this.watch = setInterval(() => this.dropTheSilent(), options.silenceMilliseconds ?? SILENCE_MILLISECONDS)
    this.watch.unref()
  }

  /** Lends a client on which `begin` has succeeded for the time of `use`. Throws DatabaseUnavailable. */
  async lend<T>(begin: string, use: (client: PostgresClient) => Promise<T>, { patience, maySilent }: Lending): Promise<T> {
    const giveBack = await this.turns.take(patience)
    try {
      const client = await this.begun(begin)
      // Whose statements may take minutes is not watched; a connection that breaks is noticed all the same.
      if (!maySilent) this.lent.add(client)
      try {
        return await use(client)
      } finally {
        this.lent.delete(client)
        if (!client.isLost) this.idle.push(client)
      }
    } finally {
      giveBack()
    }
  }

  discard(client: PostgresClient, why: unknown): void {
    client.throwAway()
    this.options.onLost(why)
  }

  async close(): Promise<void> {
    await this.turns.close()
    clearInterval(this.watch)
    await Promise.all(this.idle.splice(0).map((client) => client.end()))
  }

  /** An idle client may have died unnoticed, and nothing has been done yet: then a new one is tried. */
  private async begun(begin: string): Promise<PostgresClient> {
    const old = this.idleOne()
    if (old !== null && (await this.tried(old, begin)) === null) return old
    const client = new PostgresClient(this.options)
    const fault = await this.tried(client, begin)
    if (fault === null) return client
    const known = asUnavailable(fault.error, 'cannotConnect')
    const isLoss = known instanceof DatabaseUnavailable && known.reason === 'connectionLost'
    throw isLoss ? new DatabaseUnavailable('cannotConnect', known) : known
  }

  private async tried(client: PostgresClient, begin: string): Promise<{ readonly error: unknown } | null> {
    const late = setTimeout(() => client.throwAway(), BEGIN_MILLISECONDS)
    try {
      await client.run(begin)
      return null
    } catch (error) {
      this.discard(client, error)
      return { error }
    } finally {
      clearTimeout(late)
    }
  }

  private idleOne(): PostgresClient | null {
    for (let client = this.idle.pop(); client !== undefined; client = this.idle.pop()) {
      if (!client.isLost) return client
    }
    return null
  }

  private dropTheSilent(): void {
    for (const client of this.lent) {
      if (client.isSilent()) this.discard(client, new DatabaseUnavailable('connectionLost'))
    }
  }
}
