import { createRoute, z } from '@hono/zod-openapi'
import { lockRecord } from '../db/records.js'
import { command, unkept } from '../http/command.js'
import { recordedShape } from '../http/lists.js'
import { jsonBody, reads, refused, told } from '../http/openapi.js'
import { historyOut, idParams, listOut, oneOut, present, putAnswer, recordRoutes, send } from '../http/records.js'
import { routesOf, type Service } from '../http/service.js'
import { refuse } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { momentOf } from '../kernel/time.js'
import { accountSchema, apiKeySchema, principalIdSchema } from './accounts.js'
import { putAccount, putApiKey, renewApiKey } from './commands.js'
import type { SignIn } from './signIn.js'
import { ACCOUNTS, API_KEYS } from './store.js'
import type { Secrets } from './tokens.js'

const tag = 'Access 登录与权限'
const tags = [tag]

/** What holds a secret is kept for no key, so that it takes none. */
const secretOf = (name: string, { zh, en }: { zh: string; en: string }) =>
  jsonBody(z.object({ [name]: z.string(), id: z.string() }), text(zh, en))
const inviteRoute = createRoute({
  method: 'post', path: '/accounts/{id}/invitation', tags, operationId: 'invite',
  ...told(text('发邀请', 'Invite somebody to an account'), text(
    '给出一次性口令，由本人设密码；旧口令作废。', 'Gives out a word with which the holder chooses a password; an older word is void.',
  )),
  request: { params: idParams }, responses: { 200: secretOf('word', { zh: '口令，只显示这一次', en: 'The word, shown this once' }), ...reads, 404: refused[404] },
})
const renewRoute = createRoute({
  method: 'post', path: '/api-keys/{id}/secret', tags, operationId: 'renewApiKey',
  ...told(text('换密钥', 'Renew a key'), text(
    '给出新密钥，只显示这一次；前一个还可用七天。', 'Gives out a new secret, shown this once; the one before is good for seven days more.',
  )),
  request: { params: idParams }, responses: { 200: secretOf('key', { zh: '密钥，只显示这一次', en: 'The key, shown this once' }), ...reads, 404: refused[404], 422: refused[422] },
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

export interface AccountNeeds {
  readonly signIn: SignIn
  readonly secrets: Secrets
  readonly isDemonstration: boolean
}

/** Accounts, and keys of other systems, over HTTP. */
export function accountRoutes(service: Service, { signIn, secrets, isDemonstration }: AccountNeeds) {
  const { clock } = service
  return routesOf(service)
    .openapi(accounts.list, async (c) => c.json(await listOut(c, service, ACCOUNTS, [], c.req.valid('query')), 200))
    .openapi(accounts.get, async (c) => c.json(await oneOut(c, service, ACCOUNTS, c.req.valid('param').id, c.req.valid('query')), 200))
    .openapi(accounts.history, async (c) => c.json(await historyOut(c, service, ACCOUNTS, c.req.valid('param').id, c.req.valid('query')), 200))
    .openapi(accounts.put, async (c) => send(c, await command(c, service, async (act) => {
      const id = principalId(c.req.valid('param').id)
      const { record, isNew } = await putAccount(act, id, c.req.valid('json'), isDemonstration)
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
        return renewApiKey(act, id, secrets)
      })
      return c.json({ key, id }, 200)
    })
}

/** Accounts and keys are told apart in the journal by their ids, which go into headers and logs. */
function principalId(id: string): string {
  if (principalIdSchema.safeParse(id).success) return id
  throw refuse('wrongReference', '账号与密钥的编号为字母、数字和 . _ -，最多 64 个', 'an account or key is called by letters, digits and . _ -, at most 64')
}
