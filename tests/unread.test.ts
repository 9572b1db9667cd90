import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from './support/databases.js'
import { type Served, serving } from './support/serving.js'

let served: Served
let end: () => unknown
beforeAll(async () => {
  const fresh = await freshDatabase('embedded')
  end = fresh.end
  served = await serving(fresh.database)
})
afterAll(async () => {
  expect(served.bugs).toEqual([])
  await served.close()
  await end()
})

/** What comes back for bytes that no client makes; a terminal does. */
const answerTo = (bytes: Buffer | string): Promise<{ head: string; body: string }> => new Promise((resolve, reject) => {
  const socket = connect(Number(new URL(served.address).port), '127.0.0.1', () => socket.write(bytes))
  let said = ''
  socket.on('data', (chunk) => (said += chunk.toString('utf8')))
  socket.on('error', reject)
  socket.on('close', () => {
    const [head = '', body = ''] = said.split('\r\n\r\n')
    resolve({ head, body })
  })
})
const request = (target: string, more = ''): string => `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${more}\r\n`
const problemIn = (body: string) => JSON.parse(body) as { code: string; status: number; detail: string; instance: string }

test('Chinese typed straight into an address is told how it is written', async () => {
  for (const [target, written] of [['/api/cases?unit=万州区', '/api/cases?unit=%E4%B8%87%E5%B7%9E%E5%8C%BA'], ['/api/reporting-units/万州区', '/api/reporting-units/%E4%B8%87%E5%B7%9E%E5%8C%BA'], ['/api/cases?unit=a b', '/api/cases?unit=a%20b']] as const) {
    const { head, body } = await answerTo(request(target))
    expect([target, head]).toEqual([target, expect.stringMatching(/^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*content-type: application\/problem\+json/)])
    expect(head).toMatch(/X-Content-Type-Options: nosniff/)
    expect(problemIn(body)).toMatchObject({ status: 400, code: 'invalidInput', detail: expect.stringContaining(`，即 ${written}；`) as unknown, instance: expect.stringMatching(/^urn:sijizhong:request:[0-9a-f-]{36}$/) as unknown })
  }
  const { body } = await answerTo(request('/api/cases?unit=万州区', 'Accept-Language: en\r\n'))
  expect(problemIn(body).detail).toMatch(/^what is not ASCII in an address, and a space, is written as percent-encoded UTF-8: \/api/)
})

test('what is not UTF-8, or holds somebody’s number, is refused without being repeated', async () => {
  const gbk = Buffer.concat([Buffer.from('GET /api/cases?unit='), Buffer.from([0xcd, 0xf2, 0xd6, 0xdd]), Buffer.from(' HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')])
  for (const bytes of [gbk, request('/api/cases?unit=张 13800138000')]) {
    const { body } = await answerTo(bytes)
    expect(problemIn(body)).toMatchObject({ code: 'invalidInput', detail: '地址里的汉字、空格须按 UTF-8 百分号编码；curl 用 -G --data-urlencode 代为编码' })
  }
})

test('whatever else is no request is answered with a sentence too', async () => {
  expect(problemIn((await answerTo('hello\r\n\r\n')).body)).toMatchObject({ status: 400, code: 'malformedBody' })
  const long = await answerTo(request('/api/cases', `X-Long: ${'x'.repeat(20_000)}\r\n`))
  expect([long.head.split('\r\n')[0], problemIn(long.body).code]).toEqual(['HTTP/1.1 413 Content Too Large', 'tooLarge'])
})
