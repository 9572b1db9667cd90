import { randomBytes } from 'node:crypto'
import { setPassword } from '../../src/access/store.js'
import type { Database } from '../../src/db/database.js'
import { openDatabase } from '../../src/db/open.js'
import { accept } from '../../src/dispatch/orderCommands.js'
import { dayOf } from '../../src/kernel/time.js'
import { city, people } from '../support/city.js'
import { administered, RUN, serverUrl, urlOf } from '../support/databaseServer.js'
import { freshServerDatabase } from '../support/databases.js'
import { Desk } from '../support/desk.js'
import { finishedRun } from '../support/finishedRun.js'
import type { Said } from '../support/serving.js'
import { emptyPlan, knownOf, shipmentOf, withShipments } from './drafted.js'
import { type Prepared, taken } from './interleavePairs.js'

/** One store that is made ready once, and copies of it that are spoilt one by one. */
export interface Copies {
  readonly prepared: Prepared
  readonly copy: () => Promise<{ url: string; drop: () => Promise<void> }>
  readonly close: () => Promise<void>
}

/** Nine people of a district, four beds in the hub and a last one elsewhere. */
export const WORLD = city({
  cases: people(9), travel: { 'dist→last': 90, 'hub→last': 60 },
  places: {
    last: { kind: 'centralisedTreatmentHospital', unit: 'north' }, site: { kind: 'isolationSite', unit: 'south' }, inn: { kind: 'isolationSite', unit: 'south' },
  },
  pools: { 'hub/ordinary': { staffed: 4 }, 'last/ordinary': { staffed: 1 }, 'dist/ordinary': {}, 'site/room': { staffed: 1 }, 'inn/room': { staffed: 2 } },
})
const CONTACTS = ['south-M1', 'south-M2', 'south-M3'] as const
const ADMINISTRATORS = ['night-admin', 'day-admin'] as const
const NOTICE = { unit: 'south', kind: 'closeContact', lastExposure: '2020-01-10', expectedOn: '2020-01-29', site: null, source: 'interleave' }

/** What lies in the hub, of which the plans with material send some. */
export const GOODS = { item: 'mask', from: 'hub', units: 900 } as const
const SENT = [310, 270] as const
const MASK = { name: { zh: '口罩', en: 'Mask' }, unit: 'piece', grade: 'GB 19083-2010', zones: ['red'], shipsBy: null, cubicCentimetres: 'notTracked', source: 'interleave' }

/** Two runs with material out of one lot, of two shipments and of one. */
async function withGoods(db: Database, desk: Desk): Promise<Prepared['goods']> {
  const { item, from, units } = GOODS
  await done(desk, 'PUT', `/items/${item}`, MASK)
  const came = (await done(desk, 'POST', '/stock-notes/receipts', { place: from, party: 'a maker', authority: 'city', released: true, lines: [{ item, expiresOn: null, count: units }] }))
    .json as { lines: { lot: string }[] }
  const empty = await emptyPlan()
  const day = dayOf(desk.clock.now())
  const shipments = SENT.map((count, i) =>
    shipmentOf(`S000${i + 1}`, { from, to: i === 0 ? 'last' : 'dist', day, lines: [{ row: came.lines[0]?.lot ?? '', item, units: count }] }))
  const run = async (of: typeof shipments) =>
    finishedRun(db, desk.clock, { by: 'planner', scenario: { ...desk.scenario, ...await knownOf(db, desk.clock.now()) }, plan: withShipments({ ...empty, planDay: day }, of), exit: 0 })
  return { two: await run(shipments), one: await run(shipments.slice(0, 1)) }
}

export async function prepared(): Promise<Copies> {
  const server = await serverUrl()
  if (server === null) throw new Error('there is no PostgreSQL server')
  const { url, drop } = await freshServerDatabase()
  const db = await openDatabase({ kind: 'postgres', url, clients: 4 })
  const desk = await Desk.open(db, WORLD)
  const { moves } = (await desk.draft()).plan
  const [moved, struck] = [moves.slice(0, 2), moves.slice(2)]
  const { run: inForce, orders: [order = ''] } = await desk.approved({ strike: struck.map(({ patient }) => ({ patient, reason: 'another day' })) })
  const [absent = '', ...waiting] = Object.keys(WORLD.cases).filter((id) => !moved.some(({ patient }) => patient === id))
  const { id } = ((await desk.say(`/stays?case=${absent}&open=true`, 'reader')).json as { items: { id: string }[] }).items[0] ?? { id: '' }
  await desk.say(`/stays/${id}/end`, 'desk', { method: 'POST', body: { ending: 'left' } })
  const { run: draft, plan } = await desk.draft()
  const { clock } = desk
  await taken(db, { clock }, [(act) => accept(act, order, {})])
  for (const id of CONTACTS) await done(desk, 'PUT', `/contacts/${id}`, NOTICE)
  const [one, other, inside] = CONTACTS
  await done(desk, 'POST', `/contacts/${inside}/check-in`, { place: 'inn', pool: 'inn/room', at: '2020-01-29T21:00:00+08:00' })
  await done(desk, 'POST', `/contacts/${inside}/observations`, { day: '2020-01-30', half: 'morning', symptoms: ['none'] })
  const grants = [{ role: 'administrator', scope: { kind: 'city' } }]
  for (const id of ADMINISTRATORS) await done(desk, 'PUT', `/accounts/${id}`, { title: { zh: '管理员', en: 'administrator' }, grants })
  // Each can sign in: whoever cannot succeeds nobody.
  for (const id of ADMINISTRATORS) await db.inTransaction((tx) => setPassword(tx, id, 'of the interleaving', clock.now()))
  const { word } = (await done(desk, 'POST', `/accounts/${ADMINISTRATORS[0]}/invitation`)).json as { word: string }
  const { patient } = await desk.order(order)
  const goods = await withGoods(db, desk)
  await desk.close()
  await db.close()
  const template = new URL(url).pathname.slice(1)
  return {
    prepared: {
      clock, inForce, draft, drafted: plan.moves.find((move) => move.order === null)?.patient ?? '', order, patient,
      waiting: [waiting[0] ?? '', waiting[1] ?? ''], absent, coming: [one, other], inside, administrators: ADMINISTRATORS, word, goods,
    },
    copy: async () => {
      const name = `${RUN}_${randomBytes(6).toString('hex')}`
      await administered(server, (sql) => sql.unsafe(`create database "${name}" template "${template}"`))
      return {
        url: urlOf({ server, name }),
        drop: async () => {
          await administered(server, (sql) => sql.unsafe(`drop database if exists "${name}" with (force)`))
        },
      }
    },
    close: drop,
  }
}

async function done(desk: Desk, method: string, path: string, body?: object): Promise<Said> {
  const said = await desk.say(path, 'local', { method, ...(body === undefined ? {} : { body }) })
  if (said.status >= 300) throw new Error(`${method} ${path}: ${said.text}`)
  return said
}
