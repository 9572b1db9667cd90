import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { eachDatabase } from './support/databases.js'
import { serving } from './support/serving.js'

eachDatabase((_, open) => {
  test.each([['a stated length', 'Content-Length: 400', '{'], ['pieces', 'Transfer-Encoding: chunked', '5\r\n{"a":\r\n']])(
    'whoever goes away in the middle of a body of %s is no bug of ours', async (_what, framing, start) => {
      const served = await serving(await open())
      const { hostname, port } = new URL(served.address)
      const socket = connect(Number(port), hostname)
      await new Promise<void>((resolve) => socket.once('connect', resolve))
      socket.write(`PUT /api/reporting-units/x HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nIdempotency-Key: broken-off-1\r\n${framing}\r\n\r\n${start}`)
      await new Promise((resolve) => setTimeout(resolve, 300))
      socket.destroy()
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(served.bugs).toEqual([])
      await served.close()
    })
})
