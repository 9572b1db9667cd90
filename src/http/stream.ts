import type { Context } from 'hono'
import { type SSEMessage, streamSSE } from 'hono/streaming'
import type { Listener, Told } from '../db/feeds.js'
import type { Env } from './service.js'

interface Streaming<P, E> {
  /** The place behind which they hear. */
  readonly from: P
  readonly follow: (heard: P, listener: Listener) => AsyncGenerator<Told<P, E>>
  readonly eventOf: (event: E) => SSEMessage
  readonly idOf: (place: P) => string
}

/**
 * Server-sent events for whoever asks, until there are no more, they are gone, or they may not hear them any more: an
 * answer that goes on is for whoever may ask now, not for whoever could when it began. How far they have heard is told
 * at once and with each sign of life: whose line breaks before there was anything for them goes on from there.
 */
export function streamed<P, E>(c: Context<Env>, { from, follow, eventOf, idOf }: Streaming<P, E>): Response {
  const gone = new AbortController()
  const told = follow(from, { id: c.get('who').id, whoNow: c.get('whoNow'), gone: AbortSignal.any([gone.signal, c.req.raw.signal]) })
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => gone.abort())
    const sign = (place: P) => stream.write(`: here\nid: ${idOf(place)}\n\n`)
    await sign(from)
    for await (const { events, heard } of told) {
      for (const event of events) await stream.writeSSE(eventOf(event))
      if (events.length === 0) await sign(heard)
    }
  })
}
