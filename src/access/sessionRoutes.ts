import { getConnInfo } from '@hono/node-server/conninfo'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { currentRecord } from '../db/records.js'
import { both, jsonBody, jsonRequest, reads, refused, told, writesBody } from '../http/openapi.js'
import { type Env, routesOf, type Service } from '../http/service.js'
import { refuse } from '../kernel/refusal.js'
import { grantSchema, ROLES } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { demonstrationId } from './accounts.js'
import { callerAddress } from './callerAddress.js'
import { type Begun, DEVICE_MILLISECONDS, type From, SESSION_MILLISECONDS, type SignIn } from './signIn.js'
import { ACCOUNTS, API_KEYS } from './store.js'
import { cookieIn, cookieLine, DEVICE_COOKIE, SESSION_COOKIE } from './tokens.js'

const tags = ['Access 登录与权限']
const passwordSchema = z.string().min(1).max(512).describe(both('密码，12 至 128 个字符', 'The password, 12 to 128 characters'))

const whoSchema = z.object({
  account: z.string(), grants: z.array(grantSchema),
  isDemonstration: z.boolean().describe(both('演示：任何人可用任何角色登录，数据不作数', 'A demonstration: anybody signs in as any role, and nothing counts')),
  isDrill: z.boolean().describe(both('演练库：任何指令都不是真的', 'A store that is for a drill: no order of it is in earnest')),
}).meta({ id: 'SignedIn' })

/** Answers with a secret are kept for no key, so that these take none. */
const unkeyedBody = { ...reads, 413: writesBody[413], 415: writesBody[415] }
const tried = { ...unkeyedBody, 401: refused[401], 429: refused[429] }
const begun = jsonBody(whoSchema, text('已登录；会话在 Cookie 里', 'Signed in; the session is in the cookie'))

const signInRoute = createRoute({
  method: 'post', path: '/session', tags, operationId: 'signIn',
  ...told(text('登录', 'Sign in'), text(
    '会话最长 12 小时，30 分钟不用即失效。账号或密码不对一律答 401；短时间内尝试过多为 429。',
    'A session lasts 12 hours at most, and ends after 30 minutes without use. Whatever of the two is wrong is 401; too many tries are 429.',
  )),
  request: { body: jsonRequest(z.strictObject({ account: z.string().min(1).max(200), password: passwordSchema }).meta({ id: 'SignIn' }), { account: 'night-desk', password: '晨光里的第七座桥 1949' }) },
  responses: { 200: begun, ...tried },
})
const invitationRoute = createRoute({
  method: 'post', path: '/invitation', tags, operationId: 'acceptInvitation',
  ...told(text('接受邀请，设密码', 'Accept an invitation and choose a password'), text(
    '用管理员给的（首次启动时打印的）口令接管账号，只能用一次，一天内有效。', 'Takes an account by the word that an administrator, or the first start, gave out: once, and within a day.',
  )),
  request: { body: jsonRequest(z.strictObject({ word: z.string().min(1).max(200), password: passwordSchema }).meta({ id: 'Invitation' }), { word: 'mWb0XxQq2GvYt1n0gJ3hT6dS8fK4lP9zR7cV5bN1aEo', password: '晨光里的第七座桥 1949' }) },
  responses: { 200: begun, ...tried, 422: refused[422] },
})
const demonstrationRoute = createRoute({
  method: 'post', path: '/demonstration/session', tags, operationId: 'signInToDemonstration',
  ...told(text('演示登录', 'Sign in to a demonstration'), text('只有演示库可以：不用密码，以某一角色登录。', 'Only where the store is a demonstration: signs in as a role, without a password.')),
  request: { body: jsonRequest(z.strictObject({ role: wordSchema(ROLES) }).meta({ id: 'DemonstrationRole' }), { role: 'planner' }) },
  responses: { 200: begun, ...unkeyedBody, 404: refused[404] },
})
const whoRoute = createRoute({
  method: 'get', path: '/session', tags, operationId: 'whoAmI',
  ...told(text('我是谁', 'Who am I'), text('账号或密钥，及其角色与范围。', 'The account or key, its roles and where they hold.')),
  responses: { 200: jsonBody(whoSchema, text('账号', 'The account')), ...reads },
})
const outRoute = createRoute({
  method: 'delete', path: '/session', tags, operationId: 'signOut',
  ...told(text('退出', 'Sign out'), text('此会话随即失效。', 'The session ends at once.')),
  responses: { 204: { description: both('已退出', 'Signed out') }, ...reads },
})
const passwordRoute = createRoute({
  method: 'put', path: '/session/password', tags, operationId: 'changePassword',
  ...told(text('改密码', 'Change the password'), text('本账号的其他会话随即失效。', 'Every other session of the account ends at once.')),
  request: { body: jsonRequest(z.strictObject({ old: passwordSchema, next: passwordSchema }).meta({ id: 'PasswordChange' }), { old: '晨光里的第七座桥 1949', next: '九月江上十二只白帆 7' }) },
  responses: { 204: { description: both('已改', 'Changed') }, ...tried, 422: refused[422] },
})

export interface SessionNeeds {
  readonly signIn: SignIn
  readonly isDemonstration: boolean
  /** Addresses of the proxies in front of the service, whose word is taken for who calls. */
  readonly proxies: readonly string[]
}

/** Signing in and out over HTTP. */
export function sessionRoutes(service: Service, { signIn, isDemonstration, proxies }: SessionNeeds) {
  const { db, isDrill } = service
  const from = (c: Context<Env>): From => ({
    request: c.get('requestId'), address: callerAddress(peerOf(c), c.req.header('x-forwarded-for'), proxies), device: cookieIn(c.req.header('cookie'), DEVICE_COOKIE),
  })
  const answerBegun = async (c: Context<Env>, { account, session, device }: Begun) => {
    c.header('set-cookie', cookieLine(SESSION_COOKIE, session, SESSION_MILLISECONDS / 1000), { append: true })
    c.header('set-cookie', cookieLine(DEVICE_COOKIE, device, DEVICE_MILLISECONDS / 1000), { append: true })
    const body = (await db.inSnapshot((tx) => currentRecord(tx, ACCOUNTS, account)))?.body
    return c.json({ account, grants: body?.grants ?? [], isDemonstration, isDrill }, 200)
  }
  return routesOf(service)
    .openapi(signInRoute, async (c) => {
      const { account, password } = c.req.valid('json')
      return answerBegun(c, await signIn.withPassword(account, password, from(c)))
    })
    .openapi(invitationRoute, async (c) => {
      const { word, password } = c.req.valid('json')
      return answerBegun(c, await signIn.withInvitation(word, password, from(c)))
    })
    .openapi(demonstrationRoute, async (c) => {
      const { role } = c.req.valid('json')
      if (!isDemonstration) throw refuse('notFound', '这里不是演示', 'this is no demonstration')
      return answerBegun(c, await signIn.withoutPassword(demonstrationId(role), from(c)))
    })
    .openapi(whoRoute, async (c) => {
      const { id } = c.get('who')
      const grants = await db.inSnapshot(async (tx) =>
        (await currentRecord(tx, ACCOUNTS, id) ?? await currentRecord(tx, API_KEYS, id))?.body.grants ?? [])
      return c.json({ account: id, grants, isDemonstration, isDrill }, 200)
    })
    .openapi(outRoute, async (c) => {
      const session = cookieIn(c.req.header('cookie'), SESSION_COOKIE)
      if (session !== null) await signIn.out(c.get('who').id, session, c.get('requestId'))
      c.header('set-cookie', cookieLine(SESSION_COOKIE, '', 0))
      return c.body(null, 204)
    })
    .openapi(passwordRoute, async (c) => {
      const { old, next } = c.req.valid('json')
      await signIn.changePassword(c.get('who').id, { old, next }, { session: cookieIn(c.req.header('cookie'), SESSION_COOKIE), request: c.get('requestId') })
      return c.body(null, 204)
    })
}

/** The other end of the connection itself. */
function peerOf(c: Context<Env>): string {
  try {
    return getConnInfo(c).remote.address ?? 'unknown'
  } catch {
    return 'unknown'
  }
}
