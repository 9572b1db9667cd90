import { isIP } from 'node:net'

/** An IPv4 address that came over an IPv6 socket is that IPv4 address. */
const plain = (address: string): string => address.trim().toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')

/**
 * The address from which somebody calls: the other end of the connection, or, where that is one of the proxies that the
 * service is told of, the last address of X-Forwarded-For that is none of them. What anybody else writes into that header,
 * or before what the proxy has added, is not believed.
 */
export function callerAddress(peer: string, forwarded: string | undefined, proxies: readonly string[]): string {
  const isProxy = (address: string): boolean => proxies.some((proxy) => plain(proxy) === address)
  const hops = [...(forwarded ?? '').split(',').map(plain), plain(peer)]
  for (const address of hops.toReversed()) {
    if (isProxy(address)) continue
    // A proxy that adds no address says nothing of who called it.
    return isIP(address) === 0 ? plain(peer) : address
  }
  return plain(peer)
}
