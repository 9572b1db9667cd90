import { getConnInfo } from '@hono/node-server/conninfo'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { command, unkept } from '../http/command.js'
import { recordedShape } from '../http/lists.js'
import { both, jsonBody, jsonRequest, reads, refused, told, writesBody } from '../http/openapi.js'
import { historyOut, idParams, listOut, oneOut, present, putAnswer, recordRoutes, send } from '../http/records.js'
import { type Env, routesOf, type Service } from '../http/service.js'
import { currentRecord, lockRecord } from '../db/records.js'
import { refuse } from '../kernel/refusal.js'
import { grantSchema, ROLES } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { momentOf } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { accountSchema, apiKeySchema, demonstrationId, principalIdSchema } from './accounts.js'
import { putAccount, putApiKey, renewApiKey } from './commands.js'
import { type Begun, DEVICE_MILLISECONDS, type From, SESSION_MILLISECONDS, type SignIn } from './signIn.js'
import { ACCOUNTS, API_KEYS } from './store.js'
import { cookieIn, cookieLine, DEVICE_COOKIE, SESSION_COOKIE, type Secrets } from './tokens.js'

const tag = 'Access 登录与权限'
const tags = [tag]
const passwordSchema = z.string().min(1).max(512).describe(both('密码，12 至 128 个字符', 'The password, 12 to 128 characters'))

const whoSchema = z.object({
  account: z.string(), grants: z.array(grantSchema),
  isDemonstration: z.boolean().describe(both('演示：任何人可用任何角色登录，数据不作数', 'A demonstration: anybody signs in as any role, and nothing counts')),
}).meta({ id: 'SignedIn' })

/** Answers with a secret are kept for no key, so that these take none. */
const unkeyed = reads
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
  responses: { 204: { description: both('已退出', 'Signed out') }, ...unkeyed },
})
const passwordRoute = createRoute({
  method: 'put', path: '/session/password', tags, operationId: 'changePassword',
  ...told(text('改密码', 'Change the password'), text('本账号的其他会话随即失效。', 'Every other session of the account ends at once.')),
  request: { body: jsonRequest(z.strictObject({ old: passwordSchema, next: passwordSchema }).meta({ id: 'PasswordChange' }), { old: '晨光里的第七座桥 1949', next: '九月江上十二只白帆 7' }) },
  responses: { 204: { description: both('已改', 'Changed') }, ...tried, 422: refused[422] },
})

const secretOf = (name: string, { zh, en }: { zh: string; en: string }) =>
  jsonBody(z.object({ [name]: z.string(), id: z.string() }), text(zh, en))
const inviteRoute = createRoute({
  method: 'post', path: '/accounts/{id}/invitation', tags, operationId: 'invite',
  ...told(text('发邀请', 'Invite somebody to an account'), text(
    '给出一次性口令，由本人设密码；旧口令作废。', 'Gives out a word with which the holder chooses a password; an older word is void.',
  )),
  request: { params: idParams }, responses: { 200: secretOf('word', { zh: '口令，只显示这一次', en: 'The word, shown this once' }), ...unkeyed, 404: refused[404] },
})
const renewRoute = createRoute({
  method: 'post', path: '/api-keys/{id}/secret', tags, operationId: 'renewApiKey',
  ...told(text('换密钥', 'Renew a key'), text(
    '给出新密钥，只显示这一次；前一个还可用七天。', 'Gives out a new secret, shown this once; the one before is good for seven days more.',
  )),
  request: { params: idParams }, responses: { 200: secretOf('key', { zh: '密钥，只显示这一次', en: 'The key, shown this once' }), ...unkeyed, 404: refused[404], 422: refused[422] },
})

const accountOut = z.object({ ...recordedShape, ...accountSchema.shape }).meta({ id: 'Account' })
const accounts = recordRoutes({
  path: '/accounts', one: 'Account', many: 'Accounts', tag, out: accountOut, body: accountSchema, filters: {}, also: { 409: refused[409] },
  named: {
    zh: '账号', one: 'account', many: 'accounts',
    about: text('岗位或工号，不是姓名；密码另存，不在历史里。', 'A post or a number of staff, never a name; its password stands apart, and in no history.'),
  },
  example: {
    id: 'sanxia-beds', body: { title: { zh: '三峡中心医院床位管理', en: 'Three Gorges Central Hospital, beds' }, grants: [{ role: 'bedManager', scope: { kind: 'place', id: 'sanxia' } }] },
  },
})
const keyOut = z.object({ ...recordedShape, ...apiKeySchema.shape }).meta({ id: 'ApiKey' })
const keys = recordRoutes({
  path: '/api-keys', one: 'ApiKey', many: 'ApiKeys', tag, out: keyOut, body: apiKeySchema, filters: {}, also: { 409: refused[409] },
  named: { zh: '密钥', one: 'key', many: 'keys', about: text('别的系统自行调用时所用，如医院信息系统。', 'What another system asks with by itself, such as a hospital’s own.') },
  example: {
    id: 'phc-his', body: { title: { zh: '公卫中心信息系统', en: 'hospital system of the public health centre' }, grants: [{ role: 'bedManager', scope: { kind: 'place', id: 'phc' } }], expiresAt: '2020-07-01T00:00:00+08:00' },
  },
})

export interface AccessNeeds {
  readonly signIn: SignIn
  readonly secrets: Secrets
  readonly isDemonstration: boolean
}

/** Signing in, accounts and keys over HTTP. */
export function accessRoutes(service: Service, { signIn, secrets, isDemonstration }: AccessNeeds) {
  const { db, clock } = service
  const from = (c: Context<Env>): From => ({
    request: c.get('requestId'), address: addressOf(c), device: cookieIn(c.req.header('cookie'), DEVICE_COOKIE),
  })
  const answerBegun = async (c: Context<Env>, { account, session, device }: Begun) => {
    c.header('set-cookie', cookieLine(SESSION_COOKIE, session, SESSION_MILLISECONDS / 1000), { append: true })
    c.header('set-cookie', cookieLine(DEVICE_COOKIE, device, DEVICE_MILLISECONDS / 1000), { append: true })
    const body = (await db.inSnapshot((tx) => currentRecord(tx, ACCOUNTS, account)))?.body
    return c.json({ account, grants: body?.grants ?? [], isDemonstration }, 200)
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
      return c.json({ account: id, grants, isDemonstration }, 200)
    })
    .openapi(outRoute, async (c) => {
      const session = cookieIn(c.req.header('cookie'), SESSION_COOKIE)
      if (session !== null) await signIn.out(c.get('who').id, session, c.get('requestId'))
      c.header('set-cookie', cookieLine(SESSION_COOKIE, '', 0))
      return c.body(null, 204)
    })
    .openapi(passwordRoute, async (c) => {
      const { old, next } = c.req.valid('json')
      await signIn.changePassword(c.get('who').id, { old, next }, cookieIn(c.req.header('cookie'), SESSION_COOKIE))
      return c.body(null, 204)
    })
    .openapi(accounts.list, async (c) => c.json(await listOut(c, service, ACCOUNTS, [], c.req.valid('query')), 200))
    .openapi(accounts.get, async (c) => c.json(await oneOut(c, service, ACCOUNTS, c.req.valid('param').id, c.req.valid('query')), 200))
    .openapi(accounts.history, async (c) => c.json(await historyOut(c, service, ACCOUNTS, c.req.valid('param').id, c.req.valid('query')), 200))
    .openapi(accounts.put, async (c) => send(c, await command(c, service, async (act) => {
      const id = principalId(c.req.valid('param').id)
      const { record, isNew } = await putAccount(act, id, c.req.valid('json'))
      return putAnswer(record, isNew)
    })))
    .openapi(inviteRoute, async (c) => {
      const { id } = c.req.valid('param')
      const word = await unkept(c, service, async (act) => {
        present(await lockRecord(act, ACCOUNTS, id), id)
        await act.journal({ action: 'invited', kind: ACCOUNTS.kind, subject: id, details: {} })
        return signIn.invite(act.tx, id)
      })
      return c.json({ word, id }, 200)
    })
    .openapi(keys.list, async (c) => c.json(await listOut(c, service, API_KEYS, [], c.req.valid('query')), 200))
    .openapi(keys.get, async (c) => c.json(await oneOut(c, service, API_KEYS, c.req.valid('param').id, c.req.valid('query')), 200))
    .openapi(keys.history, async (c) => c.json(await historyOut(c, service, API_KEYS, c.req.valid('param').id, c.req.valid('query')), 200))
    .openapi(keys.put, async (c) => send(c, await command(c, service, async (act) => {
      const id = principalId(c.req.valid('param').id)
      const { record, isNew } = await putApiKey(act, id, c.req.valid('json'))
      return putAnswer(record, isNew)
    })))
    .openapi(renewRoute, async (c) => {
      const { id } = c.req.valid('param')
      const key = await unkept(c, service, async (act) => {
        const record = present(await lockRecord(act, API_KEYS, id), id)
        if (momentOf(record.body.expiresAt) <= clock.now()) {
          throw refuse('wrongTime', `密钥已于 ${record.body.expiresAt} 过期；请先改其期限`, `the key expired at ${record.body.expiresAt}; put a later end first`)
        }
        return renewApiKey(act, id, record, secrets)
      })
      return c.json({ key, id }, 200)
    })
}

/** Accounts and keys are told apart in the journal by their ids, which go into headers and logs. */
function principalId(id: string): string {
  if (principalIdSchema.safeParse(id).success) return id
  throw refuse('wrongReference', '账号与密钥的编号为字母、数字和 . _ -，最多 64 个', 'an account or key is called by letters, digits and . _ -, at most 64')
}

/** Of the connection itself: what a header says of it anybody could say. */
function addressOf(c: Context<Env>): string {
  try {
    return getConnInfo(c).remote.address ?? 'unknown'
  } catch {
    return 'unknown'
  }
}
