import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { hold } from '../src/ledger/tables.js'
import { personBody, placeBody, poolBody, unitBody } from './campaigns/racesRows.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Served, serving, StandingClock } from './support/serving.js'

const at = (clock: string) => `2020-01-30T${clock}:00+08:00`
const put = async ({ address }: Served, path: string, body: object) => {
  const said = await ask(address, `/api/${path}`, { method: 'PUT', body })
  expect([path, said.status < 300 ? '' : said.text]).toEqual([path, ''])
  return said.json as Record<string, unknown>
}
const post = async ({ address }: Served, path: string, body: object) => {
  const said = await ask(address, `/api/${path}`, { method: 'POST', body })
  expect([path, said.status < 300 ? '' : said.text]).toEqual([path, ''])
  return said.json as Record<string, unknown>
}

/** A hospital with a pool of nine beds that nobody has counted yet, and three people who have no place. */
async function furnished(served: Served): Promise<void> {
  await put(served, 'reporting-units/u', unitBody('u'))
  await put(served, 'places/h', placeBody('u'))
  await put(served, 'pools/b', poolBody('h'))
  for (const id of ['u-1', 'u-2', 'u-3']) await put(served, `cases/${id}`, personBody('u'))
}
const sound = async (served: Served) => {
  expect([(await ask(served.address, '/api/integrity')).json, served.bugs]).toEqual([{ findings: [] }, []])
  await served.close()
}

eachDatabase((_, open) => {
  test('what a place has promised by itself is one promise, and the one before it is over, down to none', async () => {
    const db = await open()
    const served = await serving(db, { clock: new StandingClock(new Date(at('06:00'))) })
    await furnished(served)
    const promises = () => db.inSnapshot((tx) => tx.select({ quantity: hold.quantity, state: hold.state, resolvedAt: hold.resolvedAt }).from(hold).where(eq(hold.book, 'b')).orderBy(hold.quantity))
    const held = async () => ((await ask(served.address, '/api/pools/b/book')).json as { accounts: { account: string; held: number }[] }).accounts.find(({ account }) => account === 'free')?.held
    const over = { state: 'voided', resolvedAt: new Date(at('06:00')) }
    const open_ = { state: 'open', resolvedAt: null }
    const figures = { physical: 9, staffed: 8, occupied: 2 }
    await put(served, 'pools/b/report', { ...figures, held: 3 })
    expect([await held(), await promises()]).toEqual([3, [{ quantity: 3, ...open_ }]])
    await put(served, 'pools/b/report', { ...figures, held: 2 })
    expect([await held(), await promises()]).toEqual([2, [{ quantity: 2, ...open_ }, { quantity: 3, ...over }]])
    // A report that says nothing of it leaves it as it was.
    await put(served, 'pools/b/report', figures)
    expect([await held(), await promises()]).toEqual([2, [{ quantity: 2, ...open_ }, { quantity: 3, ...over }]])
    await put(served, 'pools/b/report', { ...figures, held: 0 })
    expect([await held(), await promises()]).toEqual([0, [{ quantity: 2, ...over }, { quantity: 3, ...over }]])
    await sound(served)
  })

  test('what was reported is assumed no more, where everything was', async () => {
    const served = await serving(await open(), { clock: new StandingClock(new Date(at('06:00'))) })
    await furnished(served)
    expect((await ask(served.address, '/api/pools/b', { method: 'PUT', body: { ...poolBody('h'), assumed: ['*'] }, headers: { 'if-match': '*' } })).status).toBe(200)
    const { assumed } = await put(served, 'pools/b/report', { staffed: 8, occupied: 2, held: 0 })
    expect(assumed).toEqual(['place', 'block', 'careLevel', 'attributes', 'physical', 'protected', 'oxygenBeds'])
    expect(await put(served, 'pools/b/report', { physical: 9, staffed: 8, occupied: 2 })).toMatchObject({ assumed: ['place', 'block', 'careLevel', 'attributes', 'protected', 'oxygenBeds'] })
    await sound(served)
  })

  test('a count that is told late has in it whoever had come or left by its very moment, and nobody after', async () => {
    const clock = new StandingClock(new Date(at('06:00')))
    const served = await serving(await open(), { clock })
    await furnished(served)
    await put(served, 'pools/b/report', { physical: 9, staffed: 8, occupied: 3 })
    clock.forward(2 * 3600_000)
    const admitted = (id: string, clockThen: string) => post(served, 'stays', { case: id, place: 'h', pool: 'b', at: at(clockThen) })
    const left = async (id: string, clockThen: string) => post(served, `stays/${id}/end`, { ending: 'left', at: at(clockThen) })
    const early = await admitted('u-1', '06:30')
    await admitted('u-2', '07:00')
    await left(String(early['id']), '07:00')
    const told = async (clockThen: string, occupied: number) => (await put(served, 'pools/b/report', { staffed: 8, occupied, asOf: at(clockThen) }))['occupied']
    expect(await told('07:00', 5)).toBe(5)
    const late = await admitted('u-3', '07:10')
    expect(await told('07:05', 5)).toBe(6)
    await left(String(late['id']), '07:20')
    expect([await told('07:10', 5), await told('07:20', 5)]).toEqual([4, 5])
    await sound(served)
  })
})
