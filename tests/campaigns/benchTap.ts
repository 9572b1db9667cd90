import { connect, createServer, type Socket } from 'node:net'

/** A way to a PostgreSQL server that hears what is said on it. */
export interface Tap {
  readonly url: string
  /** SQL texts in the order in which they were sent. */
  readonly statements: string[]
  readonly clear: () => void
  readonly close: () => Promise<void>
}

/** Stands between a client and the server of `url`, and writes down every statement of the protocol's Query and Parse. */
export async function statementsThrough(url: string): Promise<Tap> {
  const { hostname, port } = new URL(url)
  const statements: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(port || 5432), hostname)
    const listener = new FrontendListener((sql) => statements.push(sql))
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    client.on('data', (chunk) => {
      listener.hear(chunk)
      upstream.write(chunk)
    })
    upstream.pipe(client)
    client.on('end', () => upstream.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  const tapped = new URL(url)
  tapped.hostname = '127.0.0.1'
  tapped.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  return {
    url: tapped.toString(), statements,
    clear: () => void statements.splice(0),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** Reads the client's half of the protocol: a start without a type byte, then messages of type, length and content. */
class FrontendListener {
  private rest = Buffer.alloc(0)
  private isStarted = false

  constructor(private readonly said: (sql: string) => void) {}

  hear(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk])
    for (;;) {
      const typeBytes = this.isStarted ? 1 : 0
      if (this.rest.length < typeBytes + 4) return
      const length = this.rest.readInt32BE(typeBytes)
      if (this.rest.length < typeBytes + length) return
      const type = this.isStarted ? String.fromCharCode(this.rest[0] ?? 0) : ''
      const content = this.rest.subarray(typeBytes + 4, typeBytes + length)
      this.rest = this.rest.subarray(typeBytes + length)
      this.isStarted = true
      if (type === 'Q') this.said(upToNul(content, 0))
      if (type === 'P') this.said(upToNul(content, content.indexOf(0) + 1))
    }
  }
}

const upToNul = (content: Buffer, from: number): string => content.toString('utf8', from, content.indexOf(0, from))
