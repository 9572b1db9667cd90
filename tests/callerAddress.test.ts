import { expect, test } from 'vitest'
import { callerAddress } from '../src/access/callerAddress.js'

const PROXIES = ['127.0.0.1', '10.0.0.2']
test.each([
  ['nobody is told of as a proxy', '127.0.0.1', '9.9.9.9', [], '127.0.0.1'],
  ['the proxy says who called it', '127.0.0.1', '203.0.113.7', PROXIES, '203.0.113.7'],
  ['over an IPv6 socket', '::ffff:127.0.0.1', '203.0.113.7', PROXIES, '203.0.113.7'],
  ['two proxies, one behind the other', '127.0.0.1', '203.0.113.7, 10.0.0.2', PROXIES, '203.0.113.7'],
  ['what the caller made up stands before what the proxy adds', '127.0.0.1', '198.51.100.1, 203.0.113.7', PROXIES, '203.0.113.7'],
  ['a caller that is no proxy writes the header itself', '203.0.113.9', '198.51.100.1', PROXIES, '203.0.113.9'],
  ['the proxy adds nothing', '10.0.0.2', undefined, PROXIES, '10.0.0.2'],
  ['the header is no address', '10.0.0.2', 'unknown', PROXIES, '10.0.0.2'],
  ['an IPv6 caller', '10.0.0.2', '2001:DB8::7', PROXIES, '2001:db8::7'],
  ['only proxies are named', '10.0.0.2', '127.0.0.1', PROXIES, '10.0.0.2'],
])('%s', (_, peer, forwarded, proxies, address) => {
  expect(callerAddress(peer, forwarded, proxies)).toBe(address)
})
