import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { readJson as jsonIn } from '../interop/jsonText.js'
import { isPersonal, LETTERS_MAX, NO_PERSONAL_DATA, TOO_LONG } from '../interop/personalData.js'
import { decodedAs } from '../interop/textFile.js'
import { isJson } from '../http/command.js'
import type { Env } from '../http/service.js'
import { pointerTo } from '../http/wanted.js'
import type { Clock } from '../kernel/clock.js'
import { type Detail, refuse, Refused, wrongAt } from '../kernel/refusal.js'
import type { Language } from '../kernel/text.js'
import { type Text, text } from '../kernel/text.js'

/** Names the request and its language. */
export const introduce = (clock: Clock): MiddlewareHandler<Env> => async (c, next) => {
  const given = c.req.header('x-request-id') ?? ''
  // It goes into the log and the journal, where no telephone number may stand.
  const requestId = /^[\w-]{8,64}$/.test(given) && !isPersonal(given) ? given : clock.newId()
  c.set('requestId', requestId)
  c.set('language', languageOf(c.req.header('accept-language') ?? ''))
  c.header('x-request-id', requestId)
  await next()
}

/** Chinese, unless English is wanted more. */
export function languageOf(accept: string): Language {
  const weights = new Map<string, number>()
  for (const part of accept.toLowerCase().split(',').slice(0, 20)) {
    const [tag = '', ...parameters] = part.trim().split(';')
    const q = Number(parameters.find((one) => one.trim().startsWith('q='))?.trim().slice(2) ?? '1')
    weights.set(tag.slice(0, 2), Math.max(weights.get(tag.slice(0, 2)) ?? 0, Number.isFinite(q) ? q : 0))
  }
  return (weights.get('en') ?? 0) > (weights.get('zh') ?? 0) ? 'en' : 'zh'
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i
const hostOf = (origin: string): string => origin.replace(/^https?:\/\//i, '').toLowerCase()

/** Where the service is reached. */
export interface Reached {
  /** Addresses that it is told of, beside this machine's own: `https://…`. */
  readonly origins: readonly string[]
  readonly isProduction: boolean
}

/** The host and port that a request was sent to. */
export const hostAsked = (c: Context<Env>): string => c.req.header('host') ?? new URL(c.req.url).host

/**
 * Whether a page of this origin is the service's own: of an address that it is told of, or of this machine's at the very
 * port that was asked; what else this machine serves is somebody else's. In production, where it is told of addresses,
 * pages come from those alone.
 */
export const isOwnOrigin = ({ origins, isProduction }: Reached) => (origin: string, host: string): boolean =>
  origins.includes(origin.toLowerCase())
  || ((!isProduction || origins.length === 0) && LOOPBACK.test(host) && /^https?:\/\//i.test(origin) && hostOf(origin) === host.toLowerCase())

/** The service's own address as a request reached it: one that it is told of, else one of this machine. */
export function addressReached(origins: readonly string[]) {
  const byHost = new Map(origins.map((origin) => [hostOf(origin), origin]))
  return (c: Context<Env>): string => byHost.get(hostAsked(c).toLowerCase()) ?? `http://${hostAsked(c).toLowerCase()}`
}

/**
 * A page from elsewhere that a browser shows may reach the port, but under its own name, or with its own origin; then it
 * is not answered.
 */
export const onlyOwnHosts = (reached: Reached): MiddlewareHandler<Env> => {
  const hosts = reached.origins.map(hostOf)
  const isOwn = isOwnOrigin(reached)
  return async (c, next) => {
    const host = hostAsked(c)
    const origin = c.req.header('origin')
    const isOurs = (LOOPBACK.test(host) || hosts.includes(host.toLowerCase())) && (origin === undefined || isOwn(origin, host))
    if (!isOurs) throw refuse('wrongHost', '请用本服务自己的地址访问', 'use the service’s own address')
    await next()
  }
}

const JSON_BYTES_MAX = 1024 * 1024
const ZIP_BYTES_MAX = 10 * 1024 * 1024

const tooLarge = (megabytes: number) => () => {
  throw refuse('tooLarge', `最多 ${megabytes} MB`, `at most ${megabytes} MB`)
}
const limitJson = bodyLimit({ maxSize: JSON_BYTES_MAX, onError: tooLarge(1) })
const limitZip = bodyLimit({ maxSize: ZIP_BYTES_MAX, onError: tooLarge(10) })

/** The one operation whose body is a file; it is no JSON, whatever it says of itself. */
const takesZip = (c: Context<Env>): boolean => c.req.path === '/api/scenario'

export const limitBodies: MiddlewareHandler<Env> = (c, next) => (takesZip(c) ? limitZip : limitJson)(c, next)

const NO_SUCH_LETTERS = text('含有无法保存的字符（NUL 或不成对的代理项）', 'holds letters that cannot be kept (NUL, or half of a surrogate pair)')
const NO_TEXT = text('百分号编码后应为 UTF-8 文字，且不含 NUL', 'must be percent-encoded UTF-8 text without NUL')

/**
 * What is no text would otherwise be looked up as another text, or be refused by the database; and what identifies a
 * person must not become the id of anything, nor be kept as a key.
 */
export const readAddress: MiddlewareHandler<Env> = async (c, next) => {
  const { pathname, search } = new URL(c.req.url)
  const fields = search.slice(1).split('&').filter((field) => !isText(field)).map((field) => `query:/${field.split('=')[0]}`)
  const pointers = isText(pathname) ? fields : ['param:/', ...fields]
  if (pointers.length > 0) {
    const details = pointers.slice(0, DETAILS_MAX).map((pointer) => ({ pointer, want: NO_TEXT }))
    throw new Refused({ code: 'invalidInput', text: MEND_THESE, details })
  }
  const personal = [
    ...(pathname.split('/').some((segment) => isPersonal(decodeURIComponent(segment))) ? ['param:/'] : []),
    ...(isPersonal(c.req.header('idempotency-key') ?? '') ? ['header:/idempotency-key'] : []),
  ].map((pointer) => ({ pointer, want: NO_PERSONAL_DATA }))
  if (personal.length > 0) throw new Refused({ code: 'invalidInput', text: MEND_THESE, details: personal })
  await next()
}

function isText(encoded: string): boolean {
  try {
    return !decodeURIComponent(encoded).includes('\0')
  } catch {
    return false
  }
}

const DEPTH_MAX = 30
const TOO_LARGE_NUMBER = text('数字过大', 'the number is too large')
const NO_SUCH_FIELD = text('没有此字段', 'there is no such field')
const MEND_THESE = text('请按所列各处改正后再提交', 'mend the places listed and send it again')
const DETAILS_MAX = 50

/** Reads a JSON body once: what cannot be kept, and what would identify a person, stays outside. */
export const readJson: MiddlewareHandler<Env> = async (c, next) => {
  if (isJson(c) && !takesZip(c) && c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    const details: Detail[] = []
    look(parsed(c.req.header('content-type') ?? '', await c.req.arrayBuffer()), [], details)
    if (details.length > 0) throw new Refused({ code: 'invalidInput', text: MEND_THESE, details })
  }
  await next()
}

/** The pointer to a body as a whole; what of it cannot be read, the sentence says by line and letter. */
const WHOLE = ''

function parsed(type: string, bytes: ArrayBuffer): unknown {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1] ?? 'utf-8'
  const source = /^utf-?8$/i.test(charset) ? decodedAs('utf-8', new Uint8Array(bytes)) : null
  if (source === null) throw wrongAt('malformedBody', WHOLE, 'JSON 应为 UTF-8', 'JSON must be UTF-8')
  const read = jsonIn(source, DEPTH_MAX)
  if ('value' in read) return read.value
  throw wrongAt('malformedBody', WHOLE, read.mistake.want.zh, read.mistake.want.en)
}

function look(value: unknown, path: readonly string[], details: Detail[]): void {
  if (details.length >= DETAILS_MAX) return
  const add = (want: Text) => details.push({ pointer: pointerTo(path), want })
  if (typeof value === 'string') {
    const want = wantOf(value)
    if (want !== null) add(want)
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) add(TOO_LARGE_NUMBER)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      const want = wantOf(key)
      if (want !== null) add(want)
      // Where any field is taken, such a one would be passed over in silence.
      else if (key === '__proto__') details.push({ pointer: pointerTo([...path, key]), want: NO_SUCH_FIELD })
      else look(member, [...path, key], details)
    }
  }
}

function wantOf(words: string): Text | null {
  if (words.length > LETTERS_MAX) return TOO_LONG
  if (words.includes('\0') || /\p{Surrogate}/u.test(words)) return NO_SUCH_LETTERS
  return isPersonal(words) ? NO_PERSONAL_DATA : null
}
