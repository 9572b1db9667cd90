import { randomBytes } from 'node:crypto'
import { openDatabase } from '../../src/db/open.js'
import { city, people } from '../support/city.js'
import { administered, RUN, serverUrl, urlOf } from '../support/databaseServer.js'
import { freshServerDatabase } from '../support/databases.js'
import { Desk } from '../support/desk.js'
import { acceptOf, type Prepared, taken } from './interleavePairs.js'

/** One store that is made ready once, and copies of it that are spoilt one by one. */
export interface Copies {
  readonly prepared: Prepared
  readonly copy: () => Promise<{ url: string; drop: () => Promise<void> }>
  readonly close: () => Promise<void>
}

/** Nine people of a district, four beds in the hub and a last one elsewhere. */
const WORLD = city({
  cases: people(9), places: { last: { kind: 'centralisedTreatmentHospital', unit: 'north' } }, travel: { 'dist→last': 90 },
  pools: { 'hub/ordinary': { staffed: 4 }, 'last/ordinary': { staffed: 1 }, 'dist/ordinary': {} },
})

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
  const { run: draft } = await desk.draft()
  const { clock } = desk
  await taken(db, { clock }, [acceptOf(order)])
  await desk.close()
  await db.close()
  const template = new URL(url).pathname.slice(1)
  return {
    prepared: { clock, inForce, draft, order, waiting: [waiting[0] ?? '', waiting[1] ?? ''], absent },
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
