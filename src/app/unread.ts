import type { Duplex } from 'node:stream'
import { problemOf } from '../http/problem.js'
import { isPersonal } from '../interop/personalData.js'
import type { Clock } from '../kernel/clock.js'
import { type Refusal, wrongAt } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { languageOf } from './guards.js'
import { sealedHeaders } from './headers.js'

/** What the server itself could not read as a request, before any of our doors saw it; node adds the bytes. */
type Unread = Error & { readonly code?: string; readonly rawPacket?: Buffer }

const STATUS_TEXTS: Readonly<Record<number, string>> = { 400: 'Bad Request', 413: 'Content Too Large' }

/**
 * Answers what is no request of HTTP with a sentence, as everything else is: most often somebody typed Chinese straight
 * into a query, and a terminal sent it as it is.
 */
export const answerUnread = ({ clock, isDrill }: { clock: Clock; isDrill: boolean }) => (error: Unread, socket: Duplex): void => {
  // Nobody listens any more, or an answer is on its way, of which this would be read as a part.
  if (!socket.writable || error.code === 'ECONNRESET' || hasBegunToAnswer(socket)) {
    socket.destroy(error)
    return
  }
  const asked = error.rawPacket?.toString('utf8') ?? ''
  const requestId = clock.newId()
  const language = languageOf(/^accept-language:(.*)$/im.exec(asked)?.[1] ?? '')
  const { status, headers, body } = problemOf(refusalOf(error, asked), { language, requestId, isDrill })
  const lines = Object.entries({ ...sealedHeaders(isDrill), ...headers, 'x-request-id': requestId, 'content-length': Buffer.byteLength(body), connection: 'close' })
  socket.end(`HTTP/1.1 ${status} ${STATUS_TEXTS[status] ?? ''}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
}

function hasBegunToAnswer(socket: Duplex): boolean {
  const answer: unknown = Reflect.get(socket, '_httpMessage')
  return typeof answer === 'object' && answer !== null && Reflect.get(answer, 'headersSent') === true
}

const TARGET_MAX = 2000

function refusalOf({ code, message }: Unread, asked: string): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return { code: 'tooLarge', text: text('地址和请求头过长', 'the address and the headers are too long') }
  const target = /^[A-Z]+ (\/.*) HTTP\/1\.[01]\r?\n/.exec(asked)?.[1] ?? ''
  if (!/[^\x21-\x7e]/.test(target)) return wrongAt('malformedBody', '', `无法读取请求：${message}`, `the request cannot be read: ${message}`).refusal
  // What was sent in another encoding cannot be said in ours; and nobody’s number is said again.
  const isShown = !target.includes('\uFFFD') && target.length <= TARGET_MAX && !isPersonal(target)
  const [zh, en] = isShown ? [`，即 ${encoded(target)}`, `: ${encoded(target)}`] : ['', '']
  return {
    code: 'invalidInput',
    text: text(
      `地址里的汉字、空格须按 UTF-8 百分号编码${zh}；curl 用 -G --data-urlencode 代为编码`,
      `what is not ASCII in an address, and a space, is written as percent-encoded UTF-8${en}; curl does so with -G --data-urlencode`,
    ),
  }
}

const encoded = (target: string): string => target.replaceAll(/[^\x21-\x7e]+/g, encodeURIComponent)
