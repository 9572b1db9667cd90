import type { Context } from 'hono'
import { type SSEMessage, streamSSE } from 'hono/streaming'
import type { Listener } from '../db/feeds.js'
import type { Env } from './service.js'

/**
 * Server-sent events for whoever asks, until there are no more, they are gone, or they may not hear them any more: an
 * answer that goes on is for whoever may ask now, not for whoever could when it began.
 */
export function streamed<E>(c: Context<Env>, follow: (listener: Listener) => AsyncGenerator<readonly E[]>, eventOf: (event: E) => SSEMessage): Response {
  const gone = new AbortController()
  const told = follow({ id: c.get('who').id, reachNow: c.get('reachNow'), gone: AbortSignal.any([gone.signal, c.req.raw.signal]) })
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => gone.abort())
    for await (const events of told) {
      for (const event of events) await stream.writeSSE(eventOf(event))
      if (events.length === 0) await stream.write(': here\n\n')
    }
  })
}
