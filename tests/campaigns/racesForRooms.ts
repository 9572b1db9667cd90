import { differs, winners } from './racesJudge.js'
import { CONTACTS, emptied, type Kind, newPool, openStays, post, put, SITES, UNIT } from './racesKind.js'
import { noticeBody } from './racesRows.js'
import { type Asking, RACERS, type RaceWorld } from './racesWorld.js'

const [SITE, OTHER_SITE] = SITES
const HALF = RACERS / 2
const of = (contact: string, what: string, body: object): Asking => post(`/api/contacts/${contact}/${what}`, body)
const comingTo = (contact: string, pool: string, place: string = SITE): Asking => of(contact, 'check-in', { place, pool })
const occupied = async (world: RaceWorld, pool: string) => (await world.read<{ occupied: number }>(`/api/pools/${pool}`)).occupied

const inRooms = async (world: RaceWorld): Promise<{ contact: string; pool: string }[]> =>
  (await world.read<{ items: { contact: string; pool: string }[] }>('/api/isolation/stays?open=true&limit=200')).items

const lastRoom: Kind = {
  name: 'the last room asked for by 32 contacts',
  race: async ({ world, chance, name }) => {
    const staffed = 1 + chance.below(6)
    await newPool(world, name, { staffed, occupied: staffed - 1, place: SITE, careLevel: 'room' })
    const answers = await world.together(CONTACTS.map((contact) => comingTo(contact, name)), { gate: chance.next() < 0.5 })
    const [inside, people] = [await inRooms(world), await occupied(world, name)]
    await emptied(world)
    return [
      ...winners(answers, { won: 200, lost: ['noFreeBed'], says: { noFreeBed: /has no free bed \(0 left, as last put down by \S+ at 2020-\S+\)/ } }),
      ...differs('rooms taken, people', [inside.map(({ pool }) => pool), people], [[name], staffed]),
    ]
  },
}

const twoSites: Kind = {
  name: 'one contact checked in at two sites',
  race: async ({ world, chance, name }) => {
    const contact = chance.one(CONTACTS)
    const rooms = [SITE, OTHER_SITE].map((place) => ({ place, pool: `${name}-${place}` }))
    for (const { place, pool } of rooms) await newPool(world, pool, { staffed: RACERS, occupied: 0, place, careLevel: 'room' })
    const askings = chance.shuffled(rooms.flatMap(({ place, pool }) => Array.from({ length: HALF }, () => comingTo(contact, pool, place))))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const inside = await inRooms(world)
    const people = await Promise.all(rooms.map(({ pool }) => occupied(world, pool)))
    await emptied(world)
    return [
      ...winners(answers, { won: 200, lost: ['alreadyInCare'], says: { alreadyInCare: new RegExp(`has been in ${inside[0]?.pool} since `) } }),
      ...differs('inside', inside.map((one) => one.contact), [contact]), ...differs('people', people.reduce((a, b) => a + b, 0), 1),
    ]
  },
}

const crosswise: Kind = {
  name: '32 contacts moved crosswise between two pools of rooms',
  race: async ({ world, chance, name }) => {
    const [one, other] = [`${name}-a`, `${name}-b`]
    for (const pool of [one, other]) await newPool(world, pool, { staffed: RACERS, occupied: 0, place: SITE, careLevel: 'room' })
    await Promise.all(CONTACTS.map((contact, i) => world.must(comingTo(contact, i < HALF ? one : other))))
    const askings = chance.shuffled(CONTACTS.map((contact, i) => of(contact, 'move', { place: SITE, pool: i < HALF ? other : one })))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const people = await Promise.all([one, other].map((pool) => occupied(world, pool)))
    await emptied(world)
    return [...winners(answers, { won: 200, wins: RACERS, lost: [] }), ...differs('people', people, [HALF, HALF])]
  },
}

const releaseOrPositive: Kind = {
  name: 'release against turning positive',
  race: async ({ world, chance, name }) => {
    const contact = `${UNIT}-M-${name}`
    await newPool(world, name, { staffed: 2, occupied: 1, place: SITE, careLevel: 'room' })
    await world.must(put(`/api/contacts/${contact}`, noticeBody(UNIT)))
    await world.must(comingTo(contact, name))
    await world.must(of(contact, 'observations', { day: '2020-01-30', half: 'morning', symptoms: ['none'] }))
    const askings = chance.shuffled(Array.from({ length: RACERS }, (_, i) => (i < HALF
      ? of(contact, 'release', { signedBy: `cdc-${i}` })
      : of(contact, 'positive', { case: `${UNIT}-${name}-${i}`, status: 'confirmed', severity: 'ordinary' }))))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const { certificate, case: become } = await world.read<{ certificate: { signedBy: string } | null; case: string | null }>(`/api/contacts/${contact}`)
    const [stays, people] = [await openStays(world), await occupied(world, name)]
    const inside = await inRooms(world)
    await emptied(world)
    return [
      ...winners(answers, { won: 200, lost: ['isolationIsOver'], says: { isolationIsOver: /has become the case \S+|was released on 2020-01-30/ } }),
      ...differs('one end', [certificate, become].filter((end) => end !== null).length, 1), ...differs('still isolated', inside, []),
      // Who turned positive lies on in the same room, as a case.
      ...differs('cases there', stays.map((stay) => stay.case), become === null ? [] : [become]), ...differs('people', people, become === null ? 1 : 2),
    ]
  },
}

export const ROOM_RACES: readonly Kind[] = [lastRoom, twoSites, crosswise, releaseOrPositive]
