import type { MiddlewareHandler } from 'hono'
import type { Env } from '../http/service.js'
import { DRILL, DRILL_HEADER } from '../kernel/drill.js'

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

export const sealedHeaders = (isDrill: boolean): Readonly<Record<string, string>> => ({ ...SEALED, ...(isDrill ? { [DRILL_HEADER]: DRILL.en } : {}) })

/** Put on at the end, so that a refusal bears it as well; and from a drill whatever it is says that it is. */
export const sealed = (isDrill: boolean): MiddlewareHandler<Env> => async (c, next) => {
  await next()
  for (const [name, value] of Object.entries(SEALED)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  if (isDrill) c.res.headers.set(DRILL_HEADER, DRILL.en)
}
