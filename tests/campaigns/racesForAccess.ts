import { sql } from 'drizzle-orm'
import { differs, winners } from './racesJudge.js'
import { type Kind, post, put } from './racesKind.js'
import type { Asking, RaceWorld } from './racesWorld.js'

const CITY = { kind: 'city' }
const title = { zh: '竞争', en: 'race' }
/** An address may try so many times a minute, and comparing a password takes long on purpose. */
const TAKERS = 6
const RENEWERS = 16
const ADMINISTRATORS = 6
const PASSWORD = 'seven white sails in May'

const accountWith = (grants: readonly object[]): object => ({ title, grants })
const ADMINISTRATOR = accountWith([{ role: 'administrator', scope: CITY }])

const invited: Kind = {
  name: 'one invitation taken by many',
  race: async ({ world, chance, name }) => {
    await world.must(put(`/api/accounts/${name}`, accountWith([{ role: 'transferDesk', scope: CITY }])))
    const { word } = (await world.must(post(`/api/accounts/${name}/invitation`))).json as { word: string }
    const answers = await world.together(
      Array.from({ length: TAKERS }, (_, i) => post('/api/invitation', { word, password: `${PASSWORD} ${i}` })), { gate: chance.next() < 0.5 },
    )
    const [row] = await world.rows<{ sessions: number }>(sql`select count(*)::int as sessions from session where account = ${name}`)
    return [
      ...winners(answers, { won: 200, lost: ['signInFailed'], says: { signInFailed: /was used or has expired/ } }), ...differs('sessions', row?.sessions, 1),
    ]
  },
}

const renewed: Kind = {
  name: 'one key renewed by many',
  race: async ({ world, chance, name }) => {
    await world.must(put(`/api/api-keys/${name}`, { title, grants: [{ role: 'transferDesk', scope: CITY }], expiresAt: '2020-02-20T00:00:00+08:00' }))
    const answers = await world.together(Array.from({ length: RENEWERS }, () => post(`/api/api-keys/${name}/secret`)), { gate: chance.next() < 0.5 })
    const keys = answers.filter(({ status }) => status === 200).map(({ json }) => (json as { key: string }).key)
    const good = await Promise.all(keys.map((key) => world.askInEarnest({ path: '/api/session', headers: { authorization: `Bearer ${key}` } })))
    return [
      ...winners(answers, { won: 200, wins: RENEWERS, lost: [] }), ...differs('secrets', new Set(keys).size, RENEWERS),
      // The last one and the one before it.
      ...differs('secrets that are good', good.map(({ status }) => status).sort(), [200, 200, ...Array.from({ length: RENEWERS - 2 }, () => 401)]),
    ]
  },
}

const administrators = async (world: RaceWorld): Promise<{ id: string; version: number }[]> => {
  const { items } = await world.read<{ items: { id: string; version: number; grants: { role: string }[] }[] }>('/api/accounts?limit=200')
  return items.filter(({ grants }) => grants.some(({ role }) => role === 'administrator'))
}

const resigning = (id: string, version: number): Asking => ({ ...put(`/api/accounts/${id}`, accountWith([])), headers: { 'if-match': `"${version}"` } })

const resigned: Kind = {
  name: 'all administrators resign at once',
  race: async ({ world, chance, name }) => {
    for (let i = 0; i < ADMINISTRATORS; i += 1) await world.must(put(`/api/accounts/${name}-${i}`, ADMINISTRATOR))
    // As if each had taken an invitation, which takes long on purpose.
    await world.write(sql`insert into account_password (account, hash, changed_at)
      select id, 'of the race', now() from staff_account where id like ${`${name}-%`}`)
    const before = await administrators(world)
    const answers = await world.together(chance.shuffled(before).map(({ id, version }) => resigning(id, version)), { gate: chance.next() < 0.5 })
    return [
      ...winners(answers, { won: 200, wins: before.length - 1, lost: ['lastAdministrator'], says: { lastAdministrator: /no administrator but \S+ can sign in/ } }),
      ...differs('administrators left', (await administrators(world)).length, 1),
    ]
  },
}

export const ACCESS_RACES: readonly Kind[] = [invited, renewed, resigned]
