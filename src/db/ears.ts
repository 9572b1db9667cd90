import { channelName } from './channel.js'
import { DatabaseUnavailable } from './errors.js'
import { PostgresClient } from './postgresClient.js'

const RECONNECT_MILLISECONDS = 500
const PING_MILLISECONDS = 10_000

interface EarsOptions {
  readonly url: string
  readonly onLost: (why: unknown) => void
}

/** Listens on a connection of its own, which is made again whenever it breaks. */
export class Ears {
  private readonly heard = new Map<string, Set<(payload: string) => void>>()
  private client: Promise<PostgresClient> | null = null
  private ping: NodeJS.Timeout | null = null
  private isClosed = false

  constructor(private readonly options: EarsOptions) {}

  /** Resolves when the server listens. Throws DatabaseUnavailable when it cannot be reached now. */
  async listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>> {
    if (this.isClosed) throw new DatabaseUnavailable('closed')
    const name = channelName(channel)
    const others = this.heard.get(channel)
    if (others === undefined) this.heard.set(channel, new Set([heard]))
    else others.add(heard)
    try {
      const client = await this.connected()
      await client.run(`listen ${name}`)
    } catch (error) {
      this.forget(channel, heard)
      throw new DatabaseUnavailable('cannotConnect', error)
    }
    return () => this.unlisten(channel, heard)
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.heard.clear()
    if (this.ping !== null) clearInterval(this.ping)
    const client = await this.client?.catch(() => null)
    await client?.end()
  }

  private async unlisten(channel: string, heard: (payload: string) => void): Promise<void> {
    this.forget(channel, heard)
    if (this.heard.has(channel) || this.isClosed) return
    const client = await this.client?.catch(() => null)
    // If the connection is gone, so is the listening.
    await client?.run(`unlisten ${channelName(channel)}`).catch(() => undefined)
  }

  private forget(channel: string, heard: (payload: string) => void): void {
    this.heard.get(channel)?.delete(heard)
    if (this.heard.get(channel)?.size === 0) this.heard.delete(channel)
  }

  private connected(): Promise<PostgresClient> {
    this.client ??= this.connect()
    return this.client
  }

  private async connect(): Promise<PostgresClient> {
    const client = new PostgresClient({
      url: this.options.url,
      heard: (channel, payload) => {
        for (const heard of this.heard.get(channel) ?? []) heard(payload)
      },
    })
    try {
      await client.run('select 1')
      for (const channel of this.heard.keys()) await client.run(`listen ${channelName(channel)}`)
      if (client.isLost) throw new DatabaseUnavailable('connectionLost')
    } catch (error) {
      client.throwAway()
      this.client = null
      throw error
    }
    client.onLost(() => void this.reconnect())
    this.ping ??= setInterval(() => void this.checkAlive(), PING_MILLISECONDS)
    this.ping.unref()
    return client
  }

  /** A server that is gone without a word is found out by asking it. */
  private async checkAlive(): Promise<void> {
    const client = await this.client?.catch(() => null)
    if (client === null || client === undefined || client.isLost) return
    const late = setTimeout(() => client.throwAway(), PING_MILLISECONDS / 2)
    await client.run('select 1').catch(() => client.throwAway())
    clearTimeout(late)
  }

  private async reconnect(): Promise<void> {
    if (this.isClosed) return
    this.client = null
    this.options.onLost(new DatabaseUnavailable('connectionLost'))
    while (!this.isClosed && this.heard.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MILLISECONDS).unref())
      if (this.isClosed || (await this.connected().catch(() => null)) !== null) return
    }
  }
}
