import { expect, test } from 'vitest'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { momentOf } from '../src/kernel/time.js'
import type { Scenario } from '../src/planning/scenario.js'
import { personBody, placeBody, poolBody, unitBody } from './campaigns/racesRows.js'
import { city, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Said, serving, type Served, StandingClock } from './support/serving.js'

const at = (clock: string) => `2020-01-30T${clock}:00+08:00`
const of = (clock: string) => `asOf=${encodeURIComponent(at(clock))}`
const put = ({ address }: Served, path: string, body: object) => ask(address, `/api/${path}`, { method: 'PUT', body })
const post = ({ address }: Served, path: string, body: object) => ask(address, `/api/${path}`, { method: 'POST', body })
const read = async ({ address }: Served, path: string) => (await ask(address, `/api/${path}`)).json as Record<string, unknown>
const codeOf = ({ status, json }: Said) => [status, (json as { code?: string }).code]
const admit = (served: Served, one: string, clock?: string) =>
  post(served, 'stays', { case: one, place: 'h', pool: 'b', ...(clock === undefined ? {} : { at: at(clock) }) })
const minutes = (count: number) => count * 60_000

/** At 08:00: a hospital with eight beds staffed of nine, in which two people whom nobody names were counted at 06:00. */
async function furnished(served: Served, clock: StandingClock): Promise<void> {
  const said = [
    await put(served, 'reporting-units/u', unitBody('u')), await put(served, 'places/h', placeBody('u')), await put(served, 'pools/b', poolBody('h')),
    ...await Promise.all(['u-1', 'u-2', 'u-3'].map((id) => put(served, `cases/${id}`, personBody('u')))),
  ]
  expect(said.every(({ status }) => status === 201)).toBe(true)
  expect((await put(served, 'pools/b/report', { physical: 9, staffed: 8, occupied: 2 })).status).toBe(200)
  clock.forward(minutes(120))
}
const sound = async (served: Served) => {
  expect([await read(served, 'integrity'), served.bugs]).toEqual([{ findings: [] }, []])
  await served.close()
}
const brought = ({ address }: Served, scenario: Scenario) =>
  ask(address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(scenario) } })

eachDatabase((_, open) => {
  test('who came by a moment takes a bed of that moment, however late it is told', async () => {
    const clock = new StandingClock(new Date(at('06:00')))
    const served = await serving(await open(), { clock })
    await furnished(served, clock)
    expect((await admit(served, 'u-1', '07:30')).status).toBe(201)
    // The version of this one is of 07:30, since times of versions do not go back.
    const late = await admit(served, 'u-2', '07:00')
    expect(late.status).toBe(201)
    const occupied = async (clockThen: string, more = '') => {
      const asked = `${of(clockThen)}${more}`
      const [one, list, scenario] = [await read(served, `pools/b?${asked}`), await read(served, `pools?${asked}`), await read(served, `scenario?${asked}`)]
      return [one['occupied'], (list as { items: { occupied: number }[] }).items[0]?.occupied, (scenario as unknown as Scenario).pools['b']?.occupied]
    }
    expect(await occupied('06:59')).toEqual([2, 2, 2])
    expect(await occupied('07:15')).toEqual([3, 3, 3])
    expect(await occupied('07:30')).toEqual([4, 4, 4])
    // And who had left then is not in it.
    clock.forward(minutes(10))
    expect((await post(served, `stays/${(late.json as { id: string }).id}/end`, { ending: 'left', at: at('07:10') })).status).toBe(200)
    expect([await occupied('07:05'), await occupied('07:15'), await occupied('08:10')]).toEqual([[3, 3, 3], [2, 2, 2], [3, 3, 3]])
    expect(await occupied('07:15', `&knownAt=${encodeURIComponent(at('08:05'))}`)).toEqual([3, 3, 3])
    await sound(served)
  })

  test('stays of a past moment are all open, and none of them has ended', async () => {
    const clock = new StandingClock(new Date(at('06:00')))
    const served = await serving(await open(), { clock })
    await furnished(served, clock)
    const { id } = (await admit(served, 'u-1', '07:00')).json as { id: string }
    expect((await admit(served, 'u-2', '07:05')).status).toBe(201)
    expect((await post(served, `stays/${id}/end`, { ending: 'left', at: at('07:50') })).status).toBe(200)
    const cases = async (query: string) => ((await read(served, `stays?${query}`)) as { items: { case: string }[] }).items.map((stay) => stay.case).sort()
    expect([await cases(of('07:30')), await cases(`${of('07:30')}&open=true`), await cases(`${of('07:30')}&open=false`)])
      .toEqual([['u-1', 'u-2'], ['u-1', 'u-2'], []])
    expect([await cases('open=true'), await cases('open=false')]).toEqual([['u-2'], ['u-1']])
    await sound(served)
  })

  test('how many came in on a day is of a moment after that day has begun, and not of its midnight', async () => {
    const clock = new StandingClock(new Date(at('00:00')))
    const served = await serving(await open(), { clock })
    for (const day of ['2020-01-29', '2020-01-30']) expect((await put(served, `intake/${day}`, { newConfirmed: 3, source: 'test' })).status).toBe(201)
    await furnished(served, clock)
    clock.forward(minutes(-120))
    const days = async (query = '') => Object.keys((await read(served, `scenario${query}`))['intake'] as object)
    expect(await days()).toEqual(['2020-01-29'])
    clock.forward(1)
    expect([await days(), await days(`?${of('00:00')}`)]).toEqual([['2020-01-29', '2020-01-30'], ['2020-01-29']])
    await sound(served)
  })

  test('a person tells of nothing later than their row, and is there before their row is', async () => {
    const clock = new StandingClock(new Date(at('06:00')))
    const served = await serving(await open(), { clock })
    await furnished(served, clock)
    for (const more of [{ waitingSince: at('07:30') }, { fitness: 'fit', fitnessAssessedAt: at('07:01') }]) {
      expect(codeOf(await put(served, 'cases/u-9', { ...personBody('u'), ...more, asOf: at('07:00') }))).toEqual([422, 'wrongTime'])
    }
    expect((await put(served, 'cases/u-9', { ...personBody('u'), waitingSince: at('07:30') })).status).toBe(201)
    expect((await admit(served, 'u-9', '06:30')).status).toBe(201)
    const scenario = (await read(served, `scenario?${of('07:00')}`)) as unknown as Scenario
    expect([Object.keys(scenario.cases), scenario.cases['u-9']?.waitingSince, scenario.pools['b']?.occupied]).toEqual([['u-9'], null, 3])
    await sound(served)
  })

  test('more beds than stand there are not staffed, and what the oxygen does not reach is given to nobody', async () => {
    const clock = new StandingClock(new Date(at('06:00')))
    const served = await serving(await open(), { clock })
    await furnished(served, clock)
    const wrong = await put(served, 'pools/b/report', { staffed: 50, occupied: 2 })
    expect([...codeOf(wrong), (wrong.json as { detail: string }).detail]).toEqual([422, 'wrongFigure', expect.stringContaining('50 staffed beds are more than the 9')])
    expect((await put(served, 'pools/b/report', { physical: 50, staffed: 50, occupied: 2 })).status).toBe(200)
    const etag = (await ask(served.address, '/api/pools/b')).headers.get('etag') ?? ''
    const less = await ask(served.address, '/api/pools/b', { method: 'PUT', body: { ...poolBody('h'), protected: 1, oxygenBeds: 3 }, headers: { 'if-match': etag } })
    expect(less.status).toBe(200)
    expect((await read(served, 'pools/b/book'))['bedsLeft']).toBe(1)
    // The protected bed is the hospital's own: it admits to it by name.
    clock.forward(minutes(1))
    expect((await admit(served, 'u-1')).status).toBe(201)
    expect(codeOf(await admit(served, 'u-2'))).toEqual([409, 'noFreeBed'])
    await sound(served)
  })

  const EVENING = '2020-01-29T22:00:00+08:00'
  const NIGHT = '2020-01-29T23:00:00+08:00'
  const MIDNIGHT = city().asOf
  const nine = (occupied: number | 'unknown', asOf: string | null) => city({
    pools: { 'hub/ordinary': { occupied, asOf, staffed: 40 } },
    cases: people(9, { place: 'hub', pool: 'hub/ordinary', asOf: EVENING, fitness: 'unknown', fitnessAssessedAt: null }),
  })
  const filled = async (scenario: Scenario, clockAt: string) => {
    const served = await serving(await open(), { clock: new StandingClock(momentOf(clockAt)) })
    expect((await brought(served, scenario)).status).toBe(201)
    return served
  }
  const POOL = 'pools/hub%2Fordinary'

  test('a count that an import brought without a time is of the import, and speaks for whoever came before it', async () => {
    const served = await filled(nine(12, null), MIDNIGHT)
    expect((await put(served, 'cases/south-77', personBody('south'))).status).toBe(201)
    const came = await post(served, 'stays', { case: 'south-77', place: 'hub', pool: 'hub/ordinary', at: NIGHT })
    expect([came.status, (await read(served, POOL))['occupied']]).toEqual([201, 12])
    expect(codeOf(await put(served, `${POOL}/report`, { staffed: 40, occupied: 9, asOf: NIGHT }))).toEqual([409, 'figureIsOlder'])
    await sound(served)
  })

  test.each([['nobody had counted', nine('unknown', null), 9], ['was counted before they were told of', nine(9, '2020-01-29T21:00:00+08:00'), 9]] as const)(
    'a late count after an import has everybody once, in a pool that %s', async (_how, scenario, occupied) => {
      const served = await filled(scenario, MIDNIGHT)
      const told = await put(served, `${POOL}/report`, { physical: 50, staffed: 40, occupied: 9, asOf: NIGHT })
      expect([told.status, (told.json as { occupied: number }).occupied]).toEqual([200, occupied])
      const then = await put(served, `${POOL}/report`, { physical: 50, staffed: 40, occupied: 9 })
      expect((then.json as { occupied: number }).occupied).toBe(occupied)
      await sound(served)
    })

  test('who is told at midnight and was counted at nine had come by nine', async () => {
    const scenario = nine(9, '2020-01-29T21:00:00+08:00')
    const cases = Object.fromEntries(Object.entries(scenario.cases).map(([id, one]) => [id, { ...one, asOf: null }]))
    const served = await filled({ ...scenario, cases }, MIDNIGHT)
    expect(((await put(served, `${POOL}/report`, { staffed: 40, occupied: 9, asOf: EVENING })).json as { occupied: number }).occupied).toBe(9)
    await sound(served)
  })
})
