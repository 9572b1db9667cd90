import type { Server } from 'node:http'
import { createServer } from 'node:net'
import { type Text, text } from '../kernel/text.js'

interface Address {
  readonly host: string
  readonly port: number
}

/** Why nobody can be served at an address, and what to do; null: somebody can. Tried before a new store is made. */
export const addressFault = (at: Address): Promise<Text | null> => new Promise((resolve) => {
  const probe = createServer()
  probe.once('error', (error) => resolve(cannotServe(at, error)))
  probe.listen({ host: at.host, port: at.port }, () => probe.close(() => resolve(null)))
})

export function cannotServe({ host, port }: Address, error: NodeJS.ErrnoException): Text {
  if (error.code === 'EADDRINUSE') {
    return text(
      `${host}:${port} 已被别的程序占用；请停止那个程序，或用 PORT=… 换一个端口`,
      `${host}:${port} is in use by another program; stop that one, or choose another port by PORT=…`)
  }
  if (error.code === 'EACCES') {
    return text(`无权使用端口 ${port}；请用 PORT=… 换一个 1024 以上的`, `there is no permission for port ${port}; choose one above 1024 by PORT=…`)
  }
  if (error.code === 'EADDRNOTAVAIL') {
    return text(`本机没有地址 ${host}；请改 HOST`, `this machine has no address ${host}; change HOST`)
  }
  return text(`无法在 ${host}:${port} 提供服务：${error.message}`, `cannot serve at ${host}:${port}: ${error.message}`)
}

/**
 * How long an idle connection is kept. Longer than the minute for which proxies and clients keep theirs: whoever closes
 * first loses the request that the other has just sent. Node's own is five seconds.
 */
export const CONNECTIONS = { keepAliveTimeout: 65_000 }

const GRACE_MILLISECONDS = 2000

/** Ends serving: answers under way come to their end, and a request that never comes to its own is cut off after a grace. */
export async function endServing(server: Pick<Server, 'close' | 'closeIdleConnections' | 'closeAllConnections'>): Promise<void> {
  await new Promise<void>((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), GRACE_MILLISECONDS)
    server.close(() => {
      clearTimeout(late)
      resolve()
    })
    server.closeIdleConnections()
  })
}
