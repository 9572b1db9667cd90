import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** What passes between a client and the server, and may be cut. */
export interface Proxy {
  /** The given URL, through the proxy. */
  readonly url: string
  /** Cuts the connection on which these letters come from a client, once they are passed on; with `behind`, only after those letters there. */
  cutAfter(letters: string, behind?: string): Promise<void>
  /** Cuts every connection and refuses new ones, until told that the server is there again. */
  goAway(isAway: boolean): void
  /** Passes nothing on any more, without closing: as when a cable is pulled. */
  fallSilent(): void
  close(): Promise<void>
}

export async function proxyTo(target: string): Promise<Proxy> {
  const to = new URL(target)
  const sockets = new Set<Socket>()
  let trigger: string | null = null
  let before: string | undefined
  let whenCut: () => void = () => undefined
  let isSilent = false
  let isAway = false
  const server = createServer((client) => {
    if (isAway) {
      client.destroy()
      return
    }
    const upstream = connect(Number(to.port || 5432), to.hostname)
    let isBehind = false
    const cut = () => {
      if (isSilent) return
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', cut)
      socket.on('close', () => {
        sockets.delete(socket)
        cut()
      })
    }
    upstream.on('data', (bytes) => {
      if (!isSilent) client.write(bytes)
    })
    client.on('data', (bytes) => {
      if (isSilent) return
      isBehind ||= before !== undefined && bytes.includes(before)
      const isLast = trigger !== null && bytes.includes(trigger) && (before === undefined || isBehind)
      // The next transaction of the connection may be another kind.
      if (bytes.includes('commit\0')) isBehind = false
      if (!isLast) {
        upstream.write(bytes)
        return
      }
      // The server gets it, the client never hears what became of it.
      trigger = null
      client.destroy()
      upstream.end(bytes)
      whenCut()
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    cutAfter: (letters, behind) => new Promise((resolve) => {
      trigger = letters
      before = behind
      whenCut = resolve
    }),
    goAway: (away) => {
      isAway = away
      if (isAway) for (const socket of sockets) socket.destroy()
    },
    fallSilent: () => {
      isSilent = true
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
