import { FIRST_ACCOUNT } from '../../src/access/accounts.js'
import { SESSION_COOKIE } from '../../src/access/tokens.js'
import { firstInvitation } from '../../src/app/firstStart.js'
import type { Database } from '../../src/db/database.js'
import { invariant } from '../../src/kernel/invariant.js'
import { instantOf, momentOf } from '../../src/kernel/time.js'
import { ask, type Said, type Served, serving, StandingClock } from '../support/serving.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const PASSWORD = 'seven white sails in May'
const CITY = { kind: 'city' }
const title = { zh: '测试', en: 'tests' }

type Headers = Readonly<Record<string, string>>

/** The service in earnest: by sessions and keys, at a clock that is moved by hand. */
export class Stage {
  private constructor(readonly served: Served, readonly clock: StandingClock, private administrator: Headers) {}

  static async open(db: Database, proxies: readonly string[] = []): Promise<Stage> {
    const clock = new StandingClock(new Date('2020-01-30T08:00:00+08:00'))
    const served = await serving(db, { clock, identify: null, proxies })
    const word = await firstInvitation(db, clock, served.app.signIn)
    const said = await ask(served.address, '/api/invitation', { method: 'POST', body: { word, password: PASSWORD } })
    return new Stage(served, clock, cookieOf(served, said))
  }

  ask(path: string, asked: Parameters<typeof ask>[2] = {}): Promise<Said> {
    return ask(this.served.address, path, asked)
  }

  /** Asks as the administrator, whatever the answer is. */
  asks(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Said> {
    return this.ask(path, { method, headers: { ...this.administrator, ...headers }, ...(body === undefined ? {} : { body }) })
  }

  async asAdministrator(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Said> {
    const said = await this.asks(method, path, body, headers)
    invariant(said.status < 300, `${method} ${path}: ${said.status} ${said.text}`)
    return said
  }

  /** An account that looks after the city's transfers, its password, and a session of it. */
  async account(id: string, grants: unknown[] = [{ role: 'transferDesk', scope: CITY }]): Promise<Headers> {
    const word = await this.invited(id, grants)
    return cookieOf(this.served, await this.ask('/api/invitation', { method: 'POST', body: { word, password: PASSWORD } }))
  }

  /** The word with which somebody takes a new account. */
  async invited(id: string, grants: unknown[] = []): Promise<string> {
    await this.signedIn()
    await this.asAdministrator('PUT', `/api/accounts/${id}`, { title, grants })
    return ((await this.asAdministrator('POST', `/api/accounts/${id}/invitation`)).json as { word: string }).word
  }

  /** A key, and its secret. */
  async key(id: string, grants: unknown[] = [{ role: 'transferDesk', scope: CITY }]): Promise<Headers> {
    await this.signedIn()
    await this.asAdministrator('PUT', `/api/api-keys/${id}`, { title, grants, expiresAt: this.in(30 * DAY) })
    return this.renewed(id)
  }

  async renewed(id: string): Promise<Headers> {
    await this.signedIn()
    const { key } = (await this.asAdministrator('POST', `/api/api-keys/${id}/secret`)).json as { key: string }
    return { authorization: `Bearer ${key}` }
  }

  in(milliseconds: number): string {
    return instantOf(new Date(this.clock.now().getTime() + milliseconds))
  }

  signIn(account: string, password: string, headers: Headers = {}): Promise<Said> {
    return this.ask('/api/session', { method: 'POST', body: { account, password }, headers })
  }

  /** The clock is moved by days; the administrator's session is not what is tried. */
  async signedIn(): Promise<void> {
    this.clock.forward(2 * MINUTE)
    const said = await this.signIn(FIRST_ACCOUNT, PASSWORD, { cookie: this.administrator['cookie'] ?? '' })
    invariant(said.status === 200, `the administrator signs in: ${said.text}`)
    this.administrator = cookieOf(this.served, said)
  }
}

export const cookieOf = ({ address }: Served, { headers, status, text }: Said): Headers => {
  invariant(status === 200, `signed in, not ${status} ${text}`)
  return { cookie: headers.getSetCookie().map((line) => line.split(';')[0]).join('; '), origin: address }
}

const asPlain = (headers: Headers): string => (headers['cookie'] ?? '').split(`${SESSION_COOKIE}=`)[1]?.split(';')[0] ?? ''

/** Something that must not get in: the answers it got, each with the code that it ought to be refused with. */
export interface Attack {
  readonly name: string
  readonly try: (stage: Stage) => Promise<readonly (readonly [said: Said, code: string])[]>
}

const READ = '/api/pools'
const PUT_TRAVEL = { method: 'PUT', body: { from: 'a', to: 'b', minutes: 7, source: 'attack' } }

/** A good session first, so that what is refused is refused for its own reason. */
const lives = async (stage: Stage, headers: Headers): Promise<void> => {
  const said = await stage.ask(READ, { headers })
  invariant(said.status === 200, `it works before it is broken: ${said.status} ${said.text}`)
}

const cookieIs = (name: string, cookie: (good: string) => string): Attack => ({
  name, try: async (stage) => {
    const good = await stage.account('desk')
    await lives(stage, good)
    return [[await stage.ask(READ, { headers: { cookie: cookie(asPlain(good)) } }), 'notSignedIn']]
  },
})
const keyIs = (name: string, authorization: (good: string) => string): Attack => ({
  name, try: async (stage) => {
    const good = await stage.key('his')
    await lives(stage, good)
    return [[await stage.ask(READ, { headers: { authorization: authorization(good['authorization'] ?? '') } }), 'notSignedIn']]
  },
})
const originIs = (name: string, origin: string | null, code: string): Attack => ({
  name, try: async (stage) => {
    const { cookie = '' } = await stage.account('desk')
    const headers = origin === null ? { cookie } : { cookie, origin }
    return [[await stage.ask('/api/travel/a→b', { ...PUT_TRAVEL, headers }), code]]
  },
})

export const ATTACKS: readonly Attack[] = [
  { name: 'nobody', try: async (stage) => [[await stage.ask(READ), 'notSignedIn']] },
  cookieIs('a cookie of another name', (good) => `sijizhong=${good}`),
  cookieIs('a cookie cut short', (good) => `${SESSION_COOKIE}=${good.slice(0, -1)}`),
  cookieIs('a cookie with one letter changed', (good) => `${SESSION_COOKIE}=${good.startsWith('A') ? 'B' : 'A'}${good.slice(1)}`),
  cookieIs('a cookie twice', (good) => `${SESSION_COOKIE}=${good}; ${SESSION_COOKIE}=${'A'.repeat(43)}`),
  cookieIs('a cookie that an attacker made up', () => `${SESSION_COOKIE}=${'fixed'.repeat(9).slice(0, 43)}`),
  cookieIs('a cookie that is a statement', () => `${SESSION_COOKIE}=' or true --`),
  keyIs('a key without its scheme', (good) => good.replace('Bearer ', '')),
  keyIs('a key as Basic', (good) => good.replace('Bearer', 'Basic')),
  keyIs('a key cut short', (good) => good.slice(0, -1)),
  keyIs('a key of another id', (good) => good.replace('sjz_his_', 'sjz_other_')),
  keyIs('a key of an account', (good) => good.replace('sjz_his_', 'sjz_administrator_')),
  keyIs('a key of two megabytes', (good) => good + 'x'.repeat(12_000)),
  keyIs('a token of another kind', () => 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbmlzdHJhdG9yIn0.'),
  originIs('a change from a page of no origin', null, 'wrongOrigin'),
  originIs('a change from another site', 'https://evil.example', 'wrongHost'),
  originIs('a change from a sealed frame', 'null', 'wrongHost'),
  originIs('a change from another page of this machine', 'http://127.0.0.1:9', 'wrongHost'),
  {
    // What takes no body and no key a page sends without asking first; its answer would be a secret.
    name: 'a secret asked for by another page of this machine', try: async (stage) => {
      await stage.account('desk')
      await stage.key('his')
      const paths = ['/api/accounts/desk/invitation', '/api/api-keys/his/secret']
      const origins = ['http://127.0.0.1:9', 'http://localhost:9', 'http://[::1]:9', 'http://127.0.0.1', 'null']
      const answers: [Said, string][] = []
      for (const path of paths) for (const origin of origins) answers.push([await stage.asks('POST', path, undefined, { origin }), 'wrongHost'])
      for (const path of paths) await stage.asAdministrator('POST', path)
      return answers
    },
  },
  {
    name: 'a change as a form', try: async (stage) => {
      const headers = await stage.account('desk')
      return [[await stage.ask('/api/travel/a→b', { method: 'PUT', headers, bytes: { type: 'text/plain', content: Buffer.from(JSON.stringify(PUT_TRAVEL.body)) } }), 'unsupportedMediaType']]
    },
  },
  {
    name: 'a session and a key at once', try: async (stage) => {
      const [session, key] = [await stage.account('desk'), await stage.key('his')]
      return [[await stage.ask(READ, { headers: { ...session, ...key } }), 'invalidInput']]
    },
  },
  {
    name: 'a session fixed before signing in', try: async (stage) => {
      await stage.account('desk')
      const fixed = 'f'.repeat(43)
      const said = await stage.signIn('desk', PASSWORD, { cookie: `${SESSION_COOKIE}=${fixed}` })
      invariant(!asPlain(cookieOf(stage.served, said)).includes(fixed), 'signing in gives a session of its own')
      return [[await stage.ask(READ, { headers: { cookie: `${SESSION_COOKIE}=${fixed}` } }), 'notSignedIn']]
    },
  },
  {
    name: 'a session after signing out', try: async (stage) => {
      const headers = await stage.account('desk')
      await lives(stage, headers)
      invariant((await stage.ask('/api/session', { method: 'DELETE', headers })).status === 204, 'it signs out')
      return [[await stage.ask(READ, { headers }), 'notSignedIn']]
    },
  },
  {
    name: 'another session after the password was changed', try: async (stage) => {
      const headers = await stage.account('desk')
      const other = cookieOf(stage.served, await stage.signIn('desk', PASSWORD))
      const changed = await stage.ask('/api/session/password', { method: 'PUT', headers, body: { old: PASSWORD, next: 'nine herons over the weir' } })
      invariant(changed.status === 204, `changed, not ${changed.text}`)
      await lives(stage, headers)
      return [[await stage.ask(READ, { headers: other }), 'notSignedIn'], [await stage.signIn('desk', PASSWORD), 'signInFailed']]
    },
  },
  {
    name: 'an account that was disabled', try: async (stage) => {
      const headers = await stage.account('desk')
      const found = await stage.asAdministrator('GET', '/api/accounts/desk')
      await stage.asAdministrator('PUT', '/api/accounts/desk', { title, grants: [], disabled: true }, { 'if-match': found.headers.get('etag') ?? '' })
      return [[await stage.ask(READ, { headers }), 'notSignedIn'], [await stage.signIn('desk', PASSWORD), 'signInFailed']]
    },
  },
  {
    name: 'a session unused for half an hour', try: async (stage) => {
      const headers = await stage.account('desk')
      stage.clock.forward(29 * MINUTE)
      await lives(stage, headers)
      stage.clock.forward(31 * MINUTE)
      return [[await stage.ask(READ, { headers }), 'notSignedIn']]
    },
  },
  {
    name: 'a session of more than twelve hours', try: async (stage) => {
      const headers = await stage.account('desk')
      for (let i = 0; i < 35; i += 1) {
        stage.clock.forward(20 * MINUTE)
        await lives(stage, headers)
      }
      stage.clock.forward(25 * MINUTE)
      return [[await stage.ask(READ, { headers }), 'notSignedIn']]
    },
  },
  {
    name: 'a role that was taken away in mid-session', try: async (stage) => {
      const headers = await stage.account('desk')
      await lives(stage, headers)
      const found = await stage.asAdministrator('GET', '/api/accounts/desk')
      await stage.asAdministrator('PUT', '/api/accounts/desk', { title, grants: [{ role: 'suppliesGroup', scope: CITY }] }, { 'if-match': found.headers.get('etag') ?? '' })
      return [[await stage.ask(READ, { headers }), 'forbidden']]
    },
  },
  {
    name: 'a key that was revoked, and one that has expired', try: async (stage) => {
      const headers = await stage.key('his')
      await lives(stage, headers)
      const found = await stage.asAdministrator('GET', '/api/api-keys/his')
      const { grants, expiresAt } = found.json as { grants: unknown; expiresAt: string }
      await stage.asAdministrator('PUT', '/api/api-keys/his', { title, grants, expiresAt, revoked: true }, { 'if-match': found.headers.get('etag') ?? '' })
      const revoked = await stage.ask(READ, { headers })
      const old = await stage.key('old')
      stage.clock.forward(31 * DAY)
      return [[revoked, 'notSignedIn'], [await stage.ask(READ, { headers: old }), 'notSignedIn']]
    },
  },
  {
    name: 'a key at the very moment of its end, and a secret at that of its week', try: async (stage) => {
      const before = await stage.key('renewed')
      await stage.renewed('renewed')
      stage.clock.forward(7 * DAY - 1)
      await lives(stage, before)
      stage.clock.forward(1)
      const week = await stage.ask(READ, { headers: before })
      const made = await stage.key('made')
      // The end of this one is put earlier than that of its secret.
      const cut = await stage.key('cut')
      const found = await stage.asAdministrator('GET', '/api/api-keys/made')
      const { expiresAt, grants } = found.json as { expiresAt: string; grants: unknown }
      const etag = (await stage.asAdministrator('GET', '/api/api-keys/cut')).headers.get('etag') ?? ''
      await stage.asAdministrator('PUT', '/api/api-keys/cut', { title, grants, expiresAt }, { 'if-match': etag })
      stage.clock.forward(momentOf(expiresAt).getTime() - stage.clock.now().getTime() - 1)
      for (const headers of [made, cut]) await lives(stage, headers)
      stage.clock.forward(1)
      return [[week, 'notSignedIn'], [await stage.ask(READ, { headers: made }), 'notSignedIn'], [await stage.ask(READ, { headers: cut }), 'notSignedIn']]
    },
  },
  {
    name: 'a secret after its week, and one before the last but one', try: async (stage) => {
      const first = await stage.key('his')
      const second = await stage.renewed('his')
      await lives(stage, first)
      const third = await stage.renewed('his')
      const gone = await stage.ask(READ, { headers: first })
      await lives(stage, second)
      stage.clock.forward(8 * DAY)
      await lives(stage, third)
      return [[gone, 'notSignedIn'], [await stage.ask(READ, { headers: second }), 'notSignedIn']]
    },
  },
  {
    name: 'a word used twice, an older word, and one after its day', try: async (stage) => {
      await stage.account('desk')
      const words: string[] = []
      for (let i = 0; i < 3; i += 1) words.push(((await stage.asAdministrator('POST', '/api/accounts/desk/invitation')).json as { word: string }).word)
      const take = (word: string | undefined) => stage.ask('/api/invitation', { method: 'POST', body: { word, password: PASSWORD } })
      const older = await take(words[1])
      invariant((await take(words[2])).status === 200, 'the newest word is good')
      const again = await take(words[2])
      const { word } = (await stage.asAdministrator('POST', '/api/accounts/desk/invitation')).json as { word: string }
      stage.clock.forward(25 * HOUR)
      return [[older, 'signInFailed'], [again, 'signInFailed'], [await take(word), 'signInFailed']]
    },
  },
  {
    name: 'passwords that are guessed soon', try: async (stage) => {
      await stage.account('night-desk')
      const answers: [Said, string][] = []
      for (const password of ['short', 'x'.repeat(129), 'Password2020!', 'the night-desk!', 'aaaaaaaaaaaaaaa', 'abcdefghijklmnop', 'poiuytrewqpoiuyt', 'woaini1314520']) {
        const { word } = (await stage.asAdministrator('POST', '/api/accounts/night-desk/invitation')).json as { word: string }
        answers.push([await stage.ask('/api/invitation', { method: 'POST', body: { word, password } }), 'weakPassword'])
      }
      return answers
    },
  },
  {
    name: 'a demonstration where there is none', try: async (stage) =>
      [[await stage.ask('/api/demonstration/session', { method: 'POST', body: { role: 'administrator' } }), 'notFound']],
  },
  {
    name: 'an account that does not exist, answered like a wrong password', try: async (stage) => {
      await stage.account('desk')
      const answers = [await stage.signIn('desk', 'a wrong password'), await stage.signIn('nobody-7', 'a wrong password')]
      const [known, unknown] = answers.map(({ text }) => text.replace(/urn:sijizhong:request:[\w-]+/, ''))
      invariant(known === unknown, `${known} and ${unknown} tell who has an account`)
      return answers.map((said) => [said, 'signInFailed'] as const)
    },
  },
]
