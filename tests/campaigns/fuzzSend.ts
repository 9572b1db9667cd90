import { Agent, request } from 'node:http'
import { bytesOf } from './fuzzMutations.js'
import { type Draft, pathOf } from './fuzzDraft.js'

export interface Heard {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly bytes: Buffer
  readonly milliseconds: number
  /** Why there is no answer; null: there is one. */
  readonly silence: string | null
}

const LARGE_BYTES = 65_536
const QUIET = 4
const PATIENCE_MILLISECONDS = 20_000
/** A stream of events goes on until its run is over; what it says at once is enough. */
const STREAM_MILLISECONDS = 150

/** Sends requests as they are, with nothing put right on the way. */
export class Sender {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 4 })

  constructor(private readonly port: number, private readonly now: () => number) {}

  send(draft: Draft): Promise<Heard> {
    const body = bytesOf(draft)
    const isMeasured = body !== undefined && !('transfer-encoding' in draft.headers)
    const from = this.now()
    return new Promise((resolve) => {
      const end = (heard: Partial<Heard>) => resolve({
        status: 0, headers: {}, text: '', bytes: Buffer.alloc(0), silence: null, ...heard, milliseconds: this.now() - from,
      })
      try {
        const asked = request({
          // A connection that a large body was refused on is not used again.
          agent: (body?.length ?? 0) > LARGE_BYTES ? false : this.agent,
          host: '127.0.0.1', port: this.port, method: draft.method, path: pathOf(draft),
          setHost: !('host' in draft.headers), timeout: PATIENCE_MILLISECONDS,
          headers: { ...draft.headers, ...(isMeasured ? { 'content-length': String(body?.length ?? 0) } : {}) },
        }, (answer) => {
          const chunks: Buffer[] = []
          const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]))
          const done = () => {
            const bytes = Buffer.concat(chunks)
            end({ status: answer.statusCode ?? 0, headers, bytes, text: bytes.toString('utf8') })
          }
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('end', done)
          answer.on('error', done)
          if ((headers['content-type'] ?? '').startsWith('text/event-stream')) {
            const timer = setTimeout(() => {
              done()
              asked.destroy()
            }, STREAM_MILLISECONDS)
            answer.once('end', () => clearTimeout(timer))
          }
        })
        // After a refusal the server may close while the body is still on its way; the answer is there by then.
        asked.on('socket', (socket) => void (socket.listenerCount('error') < QUIET && socket.on('error', () => undefined)))
        asked.on('timeout', () => asked.destroy(new Error('no answer in time')))
        asked.on('error', (error) => end({ silence: error.message }))
        asked.end(body)
      } catch (error) {
        // Node itself does not send such a request.
        end({ silence: `unsent: ${String(error)}` })
      }
    })
  }

  close(): void {
    this.agent.destroy()
  }
}

const SHOWN_MAX = 400

/** The request as a line for a terminal; a long body is cut. */
export function curlOf(draft: Draft, port: number): string {
  const quoted = (words: string) => `'${words.replaceAll("'", `'\\''`)}'`
  const headers = Object.entries(draft.headers).map(([name, value]) => `-H ${quoted(`${name}: ${value.slice(0, SHOWN_MAX)}`)}`)
  const body = bytesOf(draft)
  const cut = (encoding: 'utf8' | 'hex') => body?.toString(encoding).slice(0, SHOWN_MAX) ?? ''
  const isZip = draft.headers['content-type'] === 'application/zip'
  const content = isZip ? `# ${body?.length} bytes: ${cut('hex')}` : `--data-binary ${quoted(cut('utf8'))}`
  const address = quoted(`http://127.0.0.1:${port}${pathOf(draft).slice(0, 2 * SHOWN_MAX)}`)
  return ['curl -X', draft.method, address, ...headers, ...(body === undefined ? [] : [content])].join(' ')
}
