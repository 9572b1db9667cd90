import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Identify } from '../access/identify.js'
import { POLICY, reachBy, type Rule } from '../access/policy.js'
import type { Env } from '../http/service.js'
import { BrokenInvariant } from '../kernel/invariant.js'
import { refuse } from '../kernel/refusal.js'
import { EVERYWHERE, type Principal, type Reach, ROLES } from '../kernel/roles.js'
import { joinTexts, type Text, text } from '../kernel/text.js'
import type { Described } from './described.js'
import { hostAsked } from './guards.js'

/** Whoever did not say who they are; only what is for anyone is answered. */
const NOBODY: Principal = { id: 'nobody', grants: [] }

type Operations = ReadonlyMap<string, string>

/** The operation of each method and address, by its name in the documentation; pages beside them by method and address. */
export function operationsOf(app: OpenAPIHono<Env>, { paths = {} }: Described): Operations {
  const named = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId }]: [string, { operationId?: string }]) =>
      [`${method.toUpperCase()} ${path}`, operationId ?? ''] as const))
  const operations = new Map<string, string>(named)
  for (const { method, path } of app.routes) {
    const address = `${method} ${asDocumented(path)}`
    // The files of one page are one page.
    if (method !== 'ALL' && !operations.has(address)) operations.set(address, address.replace(/^(GET \/docs)\/.*$/, '$1'))
  }
  return operations
}

const asDocumented = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}')

/** Throws, so that the service does not start, when an operation has no entry in the policy, or an entry no operation. */
export function checkPolicy(operations: Operations, policy: Readonly<Record<string, Rule>> = POLICY): void {
  const names = new Set(operations.values())
  const open = [...names].filter((name) => !Object.hasOwn(policy, name))
  if (open.length > 0) throw new BrokenInvariant(`the policy does not say who may call ${open.join(', ')}`)
  const idle = Object.keys(policy).filter((name) => !names.has(name))
  if (idle.length > 0) throw new BrokenInvariant(`the policy names what nobody can call: ${idle.join(', ')}`)
}

/** How far somebody reaches by the entry of an operation; null: they may not call it. */
function reachIn(who: Principal, rule: Exclude<Rule, string>): Reach | null {
  const reach = reachBy(who, rule)
  const may = reach.isCity || (!rule.ofCity && reach.places.size + reach.units.size > 0)
  return may ? reach : null
}

interface Asking {
  /** Who asks, and who it still is that once asked. */
  readonly identify: Identify
  readonly still: Identify
  /** The address at which a request reached the service. */
  readonly addressAt: (c: Context<Env>) => string
}

/** Says who asks and how far they reach, or refuses. What is not in the policy is refused. */
export const authorise = (operations: () => Operations, { identify, still, addressAt }: Asking): MiddlewareHandler<Env> => async (c, next) => {
  c.set('who', NOBODY)
  c.set('reach', { ...EVERYWHERE, isCity: false })
  c.set('whoNow', async () => null)
  const operation = operations().get(addressOf(c))
  // There is no such operation; the answer says so to everybody.
  if (operation === undefined) return next()
  const rule = POLICY[operation]
  if (rule === 'anyone') return next()
  const credentials = {
    cookie: c.req.header('cookie'), authorization: c.req.header('authorization'), origin: c.req.header('origin'),
    host: hostAsked(c), isUnsafe: !['GET', 'HEAD'].includes(c.req.method), address: addressAt(c),
  }
  const who = await identify(credentials)
  if (who === null || rule === undefined) throw refuse('notSignedIn', '请先登录，或带上密钥（Authorization: Bearer …）', 'sign in first, or send a key (Authorization: Bearer …)')
  c.set('who', who)
  if (rule !== 'signedIn') {
    const reach = reachIn(who, rule)
    if (reach === null) throw forbidden(rule)
    c.set('reach', reach)
    c.set('whoNow', async () => {
      const now = await still(credentials)
      return now === null || reachIn(now, rule) === null ? null : now
    })
  }
  await next()
}

/** Method and documented address of the operation that a request is for. */
export function addressOf(c: Context<Env>): string {
  const method = c.req.method === 'HEAD' ? 'GET' : c.req.method
  const path = matchedRoutes(c).findLast((route) => route.method !== 'ALL')?.path ?? ''
  return `${method} ${asDocumented(path)}`
}

/** The roles of a rule, as people call them. */
export function rolesNamed({ roles, cityOnly = [] }: Exclude<Rule, string>): Text {
  const whole = text('（须为全市）', ' of the whole city')
  return joinTexts(roles.map((role) => joinTexts([ROLES[role], ...(cityOnly.includes(role) ? [whole] : [])], text('', ''))))
}

function forbidden(rule: Exclude<Rule, string>) {
  const [{ zh, en }, { ofCity }] = [rolesNamed(rule), rule]
  return refuse('forbidden',
    `此操作须由${zh}办理${ofCity ? '，且权限为全市' : ''}`, `this is for the ${en}${ofCity ? ', with the whole city in reach' : ''}`)
}
