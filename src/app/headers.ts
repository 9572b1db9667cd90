import type { MiddlewareHandler } from 'hono'
import type { Env } from '../http/service.js'

/**
 * Said with every answer: it is what it says it is, it is shown in nobody's frame, loads nothing, and is kept nowhere.
 * A page says itself what it may load.
 */
const SEALED = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const

export const sealed: MiddlewareHandler<Env> = async (c, next) => {
  for (const [name, value] of Object.entries(SEALED)) c.header(name, value)
  await next()
}
