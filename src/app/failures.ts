import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { Answered } from '../http/command.js'
import { BROKEN, type Problem, problemOf, refusalOf } from '../http/problem.js'
import type { Env } from '../http/service.js'
import { type Refusal, wrongAt } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'

interface Answering {
  readonly guards: Readonly<Record<string, Refusal>>
  readonly isDrill: boolean
  readonly onBug: (error: unknown, requestId: string) => void
}

/** One exhaustive way from what went wrong to what is answered. */
export const answerFailure = ({ guards, isDrill, onBug }: Answering): ErrorHandler<Env> => (error, c) => {
  if (error instanceof Answered) return send(c, error.kept)
  const refusal = error instanceof HTTPException ? refusalOfDoor(error) : isBrokenOff(error) ? BROKEN_OFF : refusalOf(error, guards)
  if (refusal === null) onBug(error, c.get('requestId'))
  return send(c, problemOf(refusal ?? BROKEN, { language: c.get('language'), requestId: c.get('requestId'), isDrill, about: c.get('about') }))
}

export const noSuchOperation = (isDrill: boolean): NotFoundHandler<Env> => (c) => send(c, problemOf({
  code: 'noSuchOperation', text: text('没有这个操作；/docs 列出全部操作', 'there is no such operation; /docs lists them all'),
}, { language: c.get('language'), requestId: c.get('requestId'), isDrill }))

const send = (c: Context<Env>, { status, headers, body }: Pick<Problem, 'status' | 'headers' | 'body'>): Response => {
  const kept = new Headers(headers)
  kept.set('x-request-id', c.get('requestId'))
  if (!kept.has('content-type')) kept.set('content-type', 'application/json')
  return new Response(body, { status, headers: kept })
}

/** Whoever asked went away before the end of their body; node says so where the body is read. */
const isBrokenOff = (error: Error): boolean => error.message === 'aborted' && Reflect.get(error, 'code') === 'ECONNRESET'

/** Nobody hears it, but the log and the metrics count it as what it is. */
const BROKEN_OFF: Refusal = { code: 'malformedBody', text: text('请求内容没有传完', 'the body broke off') }

/** What the framework refuses at the door. */
function refusalOfDoor({ status, message }: HTTPException): Refusal | null {
  if (status === 415) return wrongAt('unsupportedMediaType', 'header:/content-type', '内容类型应为 application/json', 'the content type must be application/json').refusal
  if (status === 413) return { code: 'tooLarge', text: text('请求过大', 'the request is too large') }
  if (status >= 400 && status < 500) return wrongAt('malformedBody', '', `无法读取请求：${message}`, `the request cannot be read: ${message}`).refusal
  return null
}
