import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Identify } from '../src/access/identify.js'
import type { Database } from '../src/db/database.js'
import type { HeldGrant } from '../src/kernel/roles.js'
import { personBody, placeBody, poolBody, unitBody } from './campaigns/racesRows.js'
import { eachDatabase } from './support/databases.js'
import { ask, byPost, type Said, type Served, serving, StandingClock } from './support/serving.js'

const MINUTE = 60_000
const at = (clock: string) => `2020-01-30T${clock}:00+08:00`
const codeOf = ({ status, json }: Said) => [status, (json as { code?: string }).code]
const detailOf = ({ json }: Said) => (json as { detail: string }).detail
interface StayOut {
  readonly id: string
  readonly beganRecordedAt: string
  readonly endedRecordedAt: string | null
}
const out = ({ json }: Said) => json as StayOut

/** `ward` looks after the beds of the hospital h, in the unit u; any other post may do everything. */
const WARD: HeldGrant = { role: 'bedManager', isCity: false, units: new Set(), places: new Set(['h']), homes: new Set(['u']) }
const identify: Identify = async (given) => (given.authorization === 'Post ward' ? { id: 'ward', grants: [WARD] } : byPost(given))

eachDatabase((_, open) => {
  const clock = new StandingClock(new Date(at('06:00')))
  let db: Database
  let served: Served
  const put = (path: string, body: object) => ask(served.address, `/api/${path}`, { method: 'PUT', body })
  const post = (path: string, body: object, who = 'local', { address } = served) => ask(address, `/api/${path}`, { method: 'POST', body, headers: { authorization: `Post ${who}` } })
  const admit = (id: string, when: object = {}, who = 'local', where = served) => post('stays', { case: id, place: 'h', pool: 'b', ...when }, who, where)
  const end = (id: string, when: object = {}, where = served) => post(`stays/${id}/end`, { ending: 'left', ...when }, 'local', where)

  beforeEach(async () => {
    clock.forward(new Date(at('06:00')).getTime() - clock.now().getTime())
    db = await open()
    served = await serving(db, { clock, identify })
    const said = [
      await put('reporting-units/u', unitBody('u')), await put('reporting-units/v', unitBody('v')), await put('places/h', placeBody('u')), await put('places/i', placeBody('v')),
      await put('pools/b', poolBody('h')), await put('cases/u-1', personBody('u')), await put('cases/v-1', personBody('v')),
    ]
    expect(said.map(({ status }) => status)).toEqual(said.map(() => 201))
    expect((await put('pools/b/report', { physical: 9, staffed: 8, occupied: 0 })).status).toBe(200)
    clock.forward(180 * MINUTE)
  })
  afterEach(async () => {
    expect([(await ask(served.address, '/api/integrity')).json, served.bugs]).toEqual([{ findings: [] }, []])
    await served.close()
  })

  test('whoever looks after a place takes in those whom they see: a case of another unit is as if it did not exist', async () => {
    const refused = [await admit('v-1', {}, 'ward'), await admit('v-2', {}, 'ward')]
    expect(refused.map((said) => [...codeOf(said), detailOf(said)])).toEqual(['v-1', 'v-2'].map((id) => [422, 'unknownReference', `there is no case ${id}`]))
    expect(codeOf(await admit('u-1', {}, 'ward'))).toEqual([201, undefined])
    // Who lies elsewhere is seen there.
    expect(codeOf(await admit('v-1'))).toEqual([201, undefined])
    expect(codeOf(await admit('v-1', {}, 'ward'))).toEqual([409, 'alreadyInCare'])
  })

  test('nobody comes before the last time they left, however often they came', async () => {
    for (const [came, left] of [['06:10', '06:30'], ['07:00', '07:40']] as const) {
      expect(codeOf(await end(out(await admit('u-1', { at: at(came) })).id, { at: at(left) }))).toEqual([200, undefined])
    }
    // Between the two stays, within the second, and as it ends.
    for (const clockThen of ['06:45', '07:20', '07:39']) {
      const said = await admit('u-1', { at: at(clockThen) })
      expect([clockThen, ...codeOf(said), detailOf(said)]).toEqual([clockThen, 422, 'wrongTime', 'it cannot be earlier than 2020-01-30T07:40:00+08:00'])
    }
    expect(codeOf(await admit('u-1', { at: at('07:40') }))).toEqual([201, undefined])
  })

  test('a stay of a past moment is open as far as that was known: told later it is not there yet, and its end is not so yet', async () => {
    const open_ = async (asOf: string, knownAt: string) => {
      const query = new URLSearchParams({ asOf: at(asOf), knownAt: at(knownAt) })
      return ((await ask(served.address, `/api/stays?${query}`)).json as { items: { case: string }[] }).items.map((stay) => stay.case)
    }
    // Told at 09:00, and its end at 09:10.
    const { id } = out(await admit('u-1', { at: at('07:00') }))
    clock.forward(10 * MINUTE)
    expect(codeOf(await end(id, { at: at('08:00') }))).toEqual([200, undefined])
    clock.forward(10 * MINUTE)
    expect([await open_('06:59', '09:20'), await open_('07:00', '09:20'), await open_('07:59', '09:20'), await open_('08:00', '09:20')]).toEqual([[], ['u-1'], ['u-1'], []])
    expect([await open_('07:30', '08:59'), await open_('07:30', '09:00')]).toEqual([[], ['u-1']])
    expect([await open_('08:30', '09:09'), await open_('08:30', '09:10')]).toEqual([['u-1'], []])
  })

  test('what ends or follows a stay is recorded after it, also by a machine whose clock is behind', async () => {
    const behind = await serving(db, { clock: new StandingClock(new Date(at('08:50'))) })
    // Nobody knows in which bed: no count and no promise of a pool says how late it is.
    const nowhere = { place: 'h', pool: null }
    const began = out(await admit('u-1', nowhere))
    const ended = await end(began.id, {}, behind)
    expect([began.beganRecordedAt, ended.status, out(ended).endedRecordedAt]).toEqual([at('09:00'), 200, at('09:00')])
    clock.forward(5 * MINUTE)
    expect(out(await end(out(await admit('u-1', nowhere)).id)).endedRecordedAt).toBe(at('09:05'))
    expect(out(await admit('u-1', nowhere, 'local', behind)).beganRecordedAt).toBe(at('09:05'))
    clock.forward(5 * MINUTE)
    const { items: [lying] } = (await ask(served.address, '/api/stays?open=true&case=u-1')).json as { items: StayOut[] }
    const moved = out(await post(`stays/${lying?.id}/move`, { place: 'i', pool: null }))
    expect(out(await post(`stays/${moved.id}/move`, nowhere, 'local', behind)).beganRecordedAt).toBe(at('09:10'))
    expect(behind.bugs).toEqual([])
    await behind.close()
  })
})
