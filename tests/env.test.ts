import { describe, expect, test } from 'vitest'
import { readEnv } from '../src/app/env.js'

const settingsOf = (env: Record<string, string>) => {
  const read = readEnv(env)
  if (!read.ok) throw new Error(read.sentences.map(({ en }) => en).join('; '))
  return read.settings
}
const wrongWith = (env: Record<string, string>): string[] => {
  const read = readEnv(env)
  return read.ok ? [] : read.sentences.map(({ en, zh }) => (zh === '' ? 'no Chinese' : en))
}
const SERVER = 'postgres://somebody@db.example:5432/sijizhong'

describe('how a process is to run', () => {
  test('without a word: embedded, on this machine, with the real scenario', () => {
    expect(settingsOf({})).toEqual({
      isProduction: false, host: '127.0.0.1', origins: [], proxies: [], port: 8018, databaseUrl: null, databaseClients: 10, dataDir: '.data/store',
      scenario: 'scenarios/chongqing-2020-01-29', isPlanning: true, isDrill: null, logLevel: 'warn',
    })
  })

  test('an empty variable is one that was not set', () => {
    expect(settingsOf({ PORT: '', DATABASE_URL: '', HOST: '', SCENARIO: '', NODE_ENV: '' })).toEqual(settingsOf({}))
  })

  const rows: [string, Record<string, string>, Partial<ReturnType<typeof settingsOf>>][] = [
    ['a server of its own leaves planning to workers', { DATABASE_URL: SERVER }, { databaseUrl: SERVER, isPlanning: false }],
    ['unless told', { DATABASE_URL: SERVER, PLAN_HERE: 'yes' }, { isPlanning: true }],
    ['any port that is free', { PORT: '0' }, { port: 0 }],
    ['the last port', { PORT: '65535' }, { port: 65_535 }],
    ['the other loopback', { HOST: '::1' }, { host: '::1' }],
    ['any of this machine’s', { HOST: '127.3.7.1' }, { host: '127.3.7.1' }],
    ['no scenario', { SCENARIO: 'none' }, { scenario: null }],
    ['production with a server says more', { NODE_ENV: 'production', DATABASE_URL: SERVER }, { isProduction: true, logLevel: 'info' }],
    ['production, embedded all the same', { NODE_ENV: 'production', ALLOW_EMBEDDED: 'yes' }, { isProduction: true, databaseUrl: null, isPlanning: true, scenario: null }],
    ['what is to be logged', { NODE_ENV: 'production', DATABASE_URL: SERVER, LOG_LEVEL: 'silent' }, { logLevel: 'silent' }],
    ['two proxies', { PROXY: '10.0.0.2,fd00::1' }, { proxies: ['10.0.0.2', 'fd00::1'] }],
    ['a drill', { DRILL: 'yes' }, { isDrill: true }],
    ['no drill, said aloud', { DRILL: 'no' }, { isDrill: false }],
    ['the fewest clients', { DATABASE_CLIENTS: '2' }, { databaseClients: 2 }],
  ]
  test.each(rows)('%s', (_, env, settings) => expect(settingsOf(env)).toMatchObject(settings))

  const mistakes: [string, Record<string, string>, RegExp][] = [
    ['a port beyond the last', { PORT: '65536' }, /PORT must be a whole number/],
    ['a port that is no number', { PORT: '80a' }, /PORT must be a whole number/],
    ['a port below nought', { PORT: '-1' }, /PORT/],
    ['another kind of database', { DATABASE_URL: 'mysql://x/y' }, /DATABASE_URL must be an address/],
    ['one client, which would wait for itself', { DATABASE_CLIENTS: '1' }, /DATABASE_CLIENTS/],
    ['too many clients', { DATABASE_CLIENTS: '101' }, /DATABASE_CLIENTS/],
    ['another word for yes', { ALLOW_EMBEDDED: 'true' }, /ALLOW_EMBEDDED must be yes or no/],
    ['another word for planning', { PLAN_HERE: '1' }, /PLAN_HERE must be yes or no/],
    ['another word for a drill', { DRILL: '演练' }, /DRILL must be yes or no/],
    ['a level that there is not', { LOG_LEVEL: 'loud' }, /LOG_LEVEL must be one of/],
    ['a proxy by its name', { PROXY: 'proxy.example' }, /PROXY must be the IP address/],
    ['all the world', { HOST: '0.0.0.0' }, /name by ORIGIN/],
    ['a name that begins like ours', { HOST: '127.0.0.1.example' }, /HOST/],
    ['production without a server', { NODE_ENV: 'production' }, /in production name a PostgreSQL server/],
  ]
  test.each(mistakes)('is refused in a sentence: %s', (_, env, sentence) => {
    const [said = '', ...more] = wrongWith(env)
    expect(said).toMatch(sentence)
    expect(more).toEqual([])
  })

  test('every mistake at once', () => {
    expect(wrongWith({ PORT: 'x', LOG_LEVEL: 'loud' })).toHaveLength(2)
    expect(wrongWith({ NODE_ENV: 'production', HOST: '10.0.0.1' })).toHaveLength(2)
  })
})
