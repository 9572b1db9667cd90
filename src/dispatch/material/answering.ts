import type { Act } from '../../db/act.js'
import { isSamePost } from '../../kernel/ids.js'
import { refuse, wrongAt } from '../../kernel/refusal.js'
import { isTheirs, lastOf } from '../../supplies/requestCommands.js'
import { type Request, requestById } from '../../supplies/requestStore.js'
import { servedOf } from '../../supplies/served.js'
import type { AllocationAsk } from './bodies.js'

/*
 * An order outside any plan may name the request that it answers; then it gives out no more than was approved. By phone the
 * request may still be open: whoever answered the call decides about what goes now, and no more goes than was asked for.
 * The request itself is answered in writing, and what went out binds that answer.
 */

/**
 * The request that an order answers, locked before any order, item or lot; null: it answers none. It was asked for by the
 * receiver, for an item of the order, and may be served. Refuses: unknownReference, wrongReference, ownRequest.
 */
export async function lockAnswered(act: Act, { request, to, lines, phone }: AllocationAsk): Promise<Request | null> {
  if (request === null) return null
  const found = await requestById(act.tx, request, true)
  if (found === null || !isTheirs(act, found)) throw wrongAt('unknownReference', '/request', `没有申领 ${request}`, `there is no request ${request}`)
  act.notBefore(lastOf(found).recordedAt)
  const wrong = (zh: string, en: string) => wrongAt('wrongReference', '/request', zh, en)
  const { place, item, state, askedBy } = found
  if (place !== to) throw wrong(`申领 ${request} 是 ${place} 的，不是 ${to} 的`, `request ${request} is of ${place}, not of ${to}`)
  if (!lines.some((line) => line.item === item)) throw wrong(`申领 ${request} 要的是 ${item}，单上没有`, `request ${request} is for ${item}, which is not on the order`)
  if (state === 'refused') throw wrong(`申领 ${request} 未获批准`, `request ${request} was refused`)
  if (state === 'withdrawn') throw wrong(`申领 ${request} 已撤回`, `request ${request} was withdrawn`)
  if (state === 'approved') return found
  if (phone === undefined) throw wrong(`申领 ${request} 尚待批；请先批准，再下达调拨单`, `request ${request} is still open; it is approved first, and then ordered for`)
  if (isSamePost(phone.answeredPost, askedBy)) {
    throw refuse('ownRequest', `申领 ${request} 由 ${askedBy} 提出，电话须由他人批准`, `${askedBy} asked for request ${request}; somebody else approves it by phone`)
  }
  return found
}

/** Refuses with ownRequest who asked for what an order brings: whoever answers a request did not make it. */
export async function checkNotAsked({ tx, by }: Act, { request }: { readonly request: string | null }): Promise<void> {
  if (request === null) return
  const found = await requestById(tx, request, false)
  if (found === null || !isSamePost(found.askedBy, by)) return
  throw refuse('ownRequest', `申领 ${request} 由 ${by} 提出，须由他人补签`, `${by} asked for request ${request}; somebody else confirms what it got`)
}

/** Refuses with wrongFigure what goes beyond the request, with what was ordered for it before. */
export async function checkWithin({ tx }: Act, request: Request, wanted: readonly { readonly item: string; readonly units: number; readonly at: string }[]): Promise<void> {
  const { each, limit, ordered } = await servedOf(tx, request)
  const own = wanted.filter(({ item }) => item === request.item)
  const units = own.reduce((sum, line) => sum + line.units, 0)
  const left = Math.max(0, limit - ordered)
  if (units <= left) return
  const { id, asked, approved } = request
  const [whole, wholly] = each === 1 ? ['', ''] : [`（整件 ${limit}）`, `, ${limit} in whole packings,`]
  const [zh, en] = approved === null ? [`申领 ${id} 申请 ${asked}${whole}`, `${asked}${wholly} were asked for in request ${id}`]
    : [`申领 ${id} 核定 ${approved}${whole}`, `${approved}${wholly} were approved for request ${id}`]
  throw wrongAt('wrongFigure', `${own.at(-1)?.at ?? ''}/count`, `${zh}，已下达 ${ordered}，还可下达 ${left}，此单为 ${units}；要多给请由该处另行申领`,
    `${en}, ${ordered} are ordered already and ${left} are left, but this order has ${units}; let the place ask anew for more`)
}
