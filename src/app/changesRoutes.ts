import { createRoute, z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import type { Change, Heard } from '../db/changes.js'
import { DatabaseUnavailable } from '../db/errors.js'
import { both, otherBody, reads, told } from '../http/openapi.js'
import { routesOf, type Service } from '../http/service.js'
import { refuse, refuseAt } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'
import { newsFor } from './changes.js'

const LOOK_MILLISECONDS = 1000
/** Proxies cut a connection on which nothing is said. */
const LOOKS_BETWEEN_SIGNS = 15
/** Each listener looks once a second; more of them would take the store from those who work in it. */
const LISTENERS_MAX = 200

const watch = createRoute({
  method: 'get', path: '/changes', tags: ['Oversight 监督'], operationId: 'watchChanges',
  ...told(text('看有何变化（服务器推送事件）', 'What changes, as server-sent events'), text(
    '自连接起，或自 Last-Event-ID 之后，所管范围内的每一改动一事件：何事、何项、何时、哪个账号；内容另行读取。断线重连不漏不重。',
    'From now on, or from behind Last-Event-ID, an event for every change within reach: what was done to what, when, by which account; what it is now is read as ever. Nobody misses any, or hears one twice, over a broken line.',
  )),
  request: { headers: z.object({ 'last-event-id': z.string().optional().describe(both('听到的最后一个事件的编号', 'The id of the last event heard')) }) },
  responses: { 200: otherBody('text/event-stream', text('事件名即所做之事', 'Events are called by what was done')), ...reads },
})

const idOf = ({ xid, seq }: Heard): string => `${xid}-${seq}`

function heardOf(id: string | undefined): Heard | null {
  if (id === undefined) return null
  const [, xid, seq] = /^(\d{1,19})-(\d{1,18})$/.exec(id) ?? []
  if (xid === undefined || seq === undefined) {
    throw refuseAt('header:/last-event-id', 'Last-Event-ID 应为听到的最后一个事件的编号', 'Last-Event-ID must be the id of the last event heard')
  }
  return { xid, seq }
}

const eventOf = (change: Change) => ({
  id: idOf(change), event: change.action,
  data: JSON.stringify({ kind: change.kind, id: change.subject, at: instantOf(change.at), by: change.actor }),
})

/** Changes as they happen, for whoever keeps a screen up to date. `closing` ends the streams when the service does. */
export function changesRoutes(service: Service, { closing, onBug }: { closing: AbortSignal; onBug: (error: unknown) => void }) {
  let listeners = 0
  const app = routesOf(service)
  app.openAPIRegistry.registerPath(watch)
  return app.get('/changes', async (c) => {
    const asked = heardOf(c.req.header('last-event-id'))
    if (listeners >= LISTENERS_MAX) throw refuse('tooManyListeners', '听的人已满，请稍后再连', 'as many listen as can; connect again later')
    const reach = c.get('reach')
    // Whoever begins to listen hears what comes after this moment, not after the first look.
    const from = asked ?? (await newsFor(service.db, reach, null)).heard
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
    listeners += 1
    return streamSSE(c, async (stream) => {
      const gone = new AbortController()
      stream.onAbort(() => gone.abort())
      const signal = AbortSignal.any([gone.signal, closing, c.req.raw.signal])
      let after = from
      try {
        for (let looks = 1; !signal.aborted; looks += 1) {
          try {
            const news = await newsFor(service.db, reach, after)
            for (const change of news.changes) await stream.writeSSE(eventOf(change))
            after = news.heard
          } catch (error) {
            // The store is away for a while; whoever listens goes on when it is back.
            if (!(error instanceof DatabaseUnavailable)) throw error
          }
          if (looks % LOOKS_BETWEEN_SIGNS === 0) await stream.write(': here\n\n')
          await pause(LOOK_MILLISECONDS, signal)
        }
      } catch (error) {
        onBug(error)
      } finally {
        listeners -= 1
      }
    })
  })
}

/** So long, or until it is aborted. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<void> => new Promise((resolve) => {
  const done = () => {
    clearTimeout(timer)
    signal.removeEventListener('abort', done)
    resolve()
  }
  const timer = setTimeout(done, milliseconds)
  signal.addEventListener('abort', done)
  if (signal.aborted) done()
})
