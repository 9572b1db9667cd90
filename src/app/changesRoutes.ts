import { createRoute, z } from '@hono/zod-openapi'
import type { Change, Heard } from '../db/changes.js'
import { both, otherBody, reads, told } from '../http/openapi.js'
import { routesOf, type Service } from '../http/service.js'
import { streamed } from '../http/stream.js'
import { drillMember } from '../kernel/drill.js'
import { refuseAt } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'
import type { ChangeNews } from './changes.js'

const watch = createRoute({
  method: 'get', path: '/changes', tags: ['Oversight 监督'], operationId: 'watchChanges',
  ...told(text('看有何变化（服务器推送事件）', 'What changes, as server-sent events'), text(
    '自连接起，或自 Last-Event-ID 之后，所管范围内、且其角色可以查看的每一改动一事件：何事、何项、何时、哪个账号；内容另行读取。连接时及每次心跳先给编号，断线重连不漏不重。',
    'From now on, or from behind Last-Event-ID, an event for every change within reach, of what the role may read: what was done to what, when, by which account; what it is now is read as ever. An id comes at once and with every sign of life, so that nobody misses any, or hears one twice, over a broken line.',
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

const eventOf = (change: Change, isDrill: boolean) => ({
  id: idOf(change), event: change.action,
  data: JSON.stringify({ kind: change.kind, id: change.subject, at: instantOf(change.at), by: change.actor, ...drillMember(isDrill) }),
})

/** Changes as they happen, for whoever keeps a screen up to date. */
export function changesRoutes(service: Service, news: ChangeNews) {
  const app = routesOf(service)
  app.openAPIRegistry.registerPath(watch)
  return app.get('/changes', async (c) => {
    const asked = heardOf(c.req.header('last-event-id'))
    // Whoever begins to listen hears what comes after this moment, not after the first look.
    const from = await news.from(asked)
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
    return streamed(c, { from, follow: (place, listener) => news.follow(place, listener), idOf, eventOf: (change) => eventOf(change, service.isDrill) })
  })
}
