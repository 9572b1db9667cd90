import { startAct } from '../../src/app/startAct.js'
import type { Database } from '../../src/db/database.js'
import { markStore } from '../../src/db/storeMark.js'
import { scenarioZip } from '../../src/interop/scenarioOut.js'
import { invariant } from '../../src/kernel/invariant.js'
import { instantOf, momentOf } from '../../src/kernel/time.js'
import { handoverAt } from '../support/desk.js'
import { ask, type Said, serving, StandingClock } from '../support/serving.js'
import { furnishMaterial } from './constraintsMaterialLife.js'
import { lawful, story } from './given.js'

const ZIP = 'application/zip'
const LOOK_MILLISECONDS = 50
const LOOKS_MAX = 2400

/** The real scenario with beds promised and an order that stands, and what an ordinary day does to it. */
export async function fillWithLife(db: Database): Promise<void> {
  const scenario = lawful({
    ...story('chongqing-2020-01-29', { pools: { 'phc/severe': { held: 3 }, 'phc/ordinary': { held: 2 } } }),
    orders: {
      'order-1': { patient: '武隆区-0001', pool: 'qianjiang/ordinary', state: 'issued', vehicle: null, departs: null, returns: null, source: 'test' },
    },
  })
  const clock = new StandingClock(momentOf(scenario.asOf))
  const service = await serving(db, { clock })
  let run = ''
  try {
    const wanted = (status: number, said: Said): Said => {
      // Each at its own moment, so that no line of the journal speaks for another.
      clock.forward(1000)
      invariant(said.status === status, `${status} is answered, not ${said.status}: ${said.text}`)
      return said
    }
    const put = async (path: string, body: unknown) => wanted(200, await ask(service.address, path, { method: 'PUT', body }))
    const post = async (status: number, path: string, body?: unknown) => wanted(status, await ask(service.address, path, { method: 'POST', body }))
    wanted(201, await ask(service.address, '/api/scenario', { method: 'POST', bytes: { type: ZIP, content: scenarioZip(scenario) } }))
    const stays = wanted(200, await ask(service.address, '/api/stays?open=true&limit=500')).json as {
      items: { id: string; case: string; place: string; pool: string | null }[]
    }
    const lying = stays.items.filter(({ pool }) => pool === 'sanxia/ordinary')
    await put('/api/pools/phc%2Fsevere/report', { physical: 61, staffed: 61, occupied: 9, held: 5 })
    await put('/api/pools/yongchuan%2Fordinary/report', { staffed: 'unknown', occupied: 'unknown' })
    await put('/api/pools/sanxia%2Fsevere/report', { staffed: 1, occupied: 5 })
    await post(201, `/api/stays/${lying[0]?.id}/move`, { place: 'phc', pool: 'phc/ordinary' })
    await post(200, `/api/stays/${lying[1]?.id}/end`, { ending: 'discharged' })
    await post(200, `/api/stays/${lying[2]?.id}/end`, { ending: 'died' })
    await post(201, '/api/stays', { case: lying[1]?.case, place: 'sanxia', pool: null })
    await isolated(service.address, clock)
    await post(202, '/api/plan-runs', { asOf: scenario.asOf, planDay: scenario.planDay, secondOpinion: false })
    await post(202, '/api/plan-runs', { asOf: '2020-01-20T00:00:00+08:00', planDay: scenario.planDay })
    const title = { zh: '夜班', en: 'night desk' }
    const grants = [{ role: 'transferDesk', scope: { kind: 'city' } }]
    const put201 = async (path: string, body: unknown) => wanted(201, await ask(service.address, path, { method: 'PUT', body }))
    await put201('/api/travel/phc-sanxia', { from: 'phc', to: 'sanxia', minutes: 170, source: 'test' })
    await put201('/api/accounts/night-desk', { title, grants })
    await put201('/api/api-keys/phc-his', { title, grants, expiresAt: instantOf(new Date(clock.now().getTime() + 86_400_000)) })
    await post(200, '/api/api-keys/phc-his/secret')
    const { word } = (await post(200, '/api/accounts/night-desk/invitation')).json as { word: string }
    await post(200, '/api/invitation', { word, password: 'seven white sails in May' })
    await post(200, '/api/accounts/night-desk/invitation')
    const { id } = (await post(202, '/api/plan-runs', { planDay: scenario.planDay })).json as { id: string }
    await post(200, `/api/plan-runs/${id}/cancel`)
    const draft = await ask(service.address, '/api/plan-runs', { method: 'POST', body: { secondOpinion: false }, headers: { authorization: 'Post draft-desk' } })
    run = (wanted(202, draft).json as { id: string }).id
  } finally {
    await service.close()
  }
  await computed(db, clock)
  await carriedOut(db, clock, await edited(db, clock, run))
  await furnishMaterial(db, clock)
  // As a store is whose first start was by a program from before stores were marked.
  await db.inTransaction((tx) => markStore(startAct(tx, clock), null))
}

/** A plan that somebody else edited from a draft. */
async function edited(db: Database, clock: StandingClock, basedOn: string): Promise<string> {
  const service = await serving(db, { clock })
  try {
    const said = await ask(service.address, '/api/plan-runs', { method: 'POST', body: { secondOpinion: false, basedOn } })
    invariant(said.status === 202, said.text)
    return (said.json as { id: string }).id
  } finally {
    await service.close()
    await computed(db, clock)
  }
}

/** The plan approved by phone and confirmed, and its orders in every state that a guard speaks of. */
async function carriedOut(db: Database, clock: StandingClock, run: string): Promise<void> {
  const service = await serving(db, { clock })
  const post = async (path: string, body: unknown, by = 'desk') => {
    const said = await ask(service.address, `/api${path}`, { method: 'POST', body, headers: { authorization: `Post ${by}` } })
    invariant(said.status === 200, `${path} is done: ${said.text}`)
    return said.json
  }
  const shifts: string[] = []
  try {
    const phone = { calledPost: 'desk', answeredPost: 'group', at: instantOf(clock.now()) }
    const { orders } = await post(`/plan-runs/${run}/approve`, { phone }) as { orders: string[] }
    await post(`/plan-runs/${run}/confirm`, {}, 'group')
    const [relieved, lifted, cancelled, out, arrived, left] = orders
    for (const id of [relieved, lifted]) {
      await post(`/transfer-orders/${id}/ask-relief`, { reason: 'noStaff', beds: 2 })
      await post(`/transfer-orders/${id}/uphold`, {})
    }
    await post(`/transfer-orders/${lifted}/lift-relief`, {})
    await post(`/transfer-orders/${cancelled}/cancel`, { note: 'not needed' })
    for (const id of [out, arrived, left]) for (const step of ['accept', 'dispatch']) await post(`/transfer-orders/${id}/${step}`, {})
    await post(`/transfer-orders/${left}/divert`, { outside: '成都市公共卫生临床医疗中心', note: '转往外地' })
    for (const id of [arrived, left]) await post(`/transfer-orders/${id}/arrive`, { handover: handoverAt(instantOf(clock.now())) })
    // What is frozen of the day, each at its own moment.
    for (const [path, body] of [['daily-reports', { day: '2020-01-29', cutOff: 'midnight' }], ['handovers', { toPost: 'day-desk' }], ['handovers', { toPost: 'day-desk' }]] as const) {
      clock.forward(1000)
      const said = await ask(service.address, `/api/${path}`, { method: 'POST', body, headers: { authorization: 'Post desk' } })
      invariant(said.status === 201, `${path} is frozen: ${said.text}`)
      if (path === 'handovers') shifts.push((said.json as { id: string }).id)
    }
    clock.forward(1000)
    await post(`/handovers/${shifts[0]}/take-over`, {}, 'day-desk')
  } finally {
    await service.close()
  }
}

/** Waits until no run is under way. */
async function computed(db: Database, clock: StandingClock): Promise<void> {
  const service = await serving(db, { clock, isPlanning: true })
  try {
    for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
      const { json } = await ask(service.address, '/api/plan-runs')
      const states = (json as { items: { state: string }[] }).items.map(({ state }) => state)
      if (!states.includes('queued') && !states.includes('running')) {
        invariant(['done', 'failed', 'cancelled'].every((state) => states.includes(state)), `a run of each end, not ${states.join(', ')}`)
        return
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS))
    }
    throw new Error('the runs did not come to their end')
  } finally {
    await service.close()
  }
}

/** A site with one in a room, one who turned positive there, one released, one seen, and one who has not come. */
async function isolated(address: string, clock: StandingClock): Promise<void> {
  const said = async (method: string, path: string, body: unknown) => {
    const { status, text } = await ask(address, path, { method, body })
    clock.forward(1000)
    invariant(status < 300, `${path} is taken, not ${status}: ${text}`)
  }
  const source = 'test'
  await said('PUT', '/api/places/site', {
    name: { zh: '隔离点', en: 'Site' }, kind: 'isolationSite', unit: '武隆区', underCommand: true, longitude: null, latitude: null,
    arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source,
  })
  await said('PUT', '/api/pools/site%2Froom', { place: 'site', block: null, careLevel: 'room', attributes: [], protected: 0, oxygenBeds: 'notTracked', source })
  await said('PUT', '/api/pools/site%2Froom/report', { physical: 11, staffed: 9, occupied: 0, held: 0, asOf: '2020-01-23T08:00:00+08:00' })
  const of = (id: string) => `/api/contacts/${encodeURIComponent(`武隆区-M${id}`)}`
  for (const id of ['1', '2', '3', '4']) {
    await said('PUT', of(id), { unit: '武隆区', kind: 'closeContact', lastExposure: '2020-01-10', expectedOn: '2020-01-23', site: 'site', source })
    if (id !== '4') await said('POST', `${of(id)}/check-in`, { place: 'site', pool: 'site/room', at: '2020-01-23T21:00:00+08:00' })
  }
  await said('POST', `${of('1')}/observations`, { day: '2020-01-29', half: 'evening', temperatureTenths: 368 })
  await said('POST', `${of('2')}/positive`, { case: '武隆区-0077', status: 'confirmed', severity: 'ordinary', at: '2020-01-29T07:00:00+08:00' })
  await said('POST', `${of('3')}/observations`, { day: '2020-01-29', half: 'morning', symptoms: ['none'] })
  await said('POST', `${of('3')}/release`, { signedBy: 'cdc-1', at: '2020-01-29T08:00:00+08:00' })
}
