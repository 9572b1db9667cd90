import { Agent, request } from 'node:http'

/** What was answered, as far as the campaign looks at it. */
export interface Answer {
  readonly status: number
  readonly header: (name: string) => string | null
  readonly text: string
  readonly json: unknown
}

export interface Question {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly content: string | Uint8Array | null
}

const LOOK: Question = { method: 'GET', headers: { 'accept-language': 'en' }, content: null }

/**
 * Connections are kept: half of a campaign's time would otherwise be theirs, and the client's own ceremonies. An idle one
 * is given up before the service does so, five seconds on, or a request might go into one that is just being closed.
 */
const agent = new Agent({ keepAlive: true, maxSockets: 32, timeout: 2000 })

export const asked = (address: string, path: string, { method, headers, content }: Question = LOOK): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const length = content === null ? {} : { 'content-length': Buffer.byteLength(content) }
    const sent = request(`${address}${path}`, { method, agent, headers: { ...headers, ...length } }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        const header = (name: string) => answer.headers[name]?.toString() ?? null
        resolve({ status: answer.statusCode ?? 0, header, text, json: jsonOf(text) })
      })
    })
    sent.on('error', reject)
    sent.end(content ?? undefined)
  })

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
