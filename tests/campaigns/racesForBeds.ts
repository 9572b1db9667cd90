import { codeOf, differs, winners } from './racesJudge.js'
import {
  admission, admitted, emptied, ending, idOf, type Kind, newPool, openStays, PEOPLE, PLACE, post, SINGLE_BEDS,
} from './racesKind.js'
import { type Asking, RACERS, type RaceWorld } from './racesWorld.js'

interface Figures {
  readonly staffed: number
  readonly occupied: number
  readonly version: number
}
const poolNow = (world: RaceWorld, id: string) => world.read<Figures & { asOf: string }>(`/api/pools/${id}`)
const moving = (stay: string, pool: string): Asking => post(`/api/stays/${stay}/move`, { place: PLACE, pool })

const ENDED = { notInCare: /the stay ended at 2020-\S+, as put down by \S+"/ }

const lastBed: Kind = {
  name: 'the last bed asked for by 32 people',
  race: async ({ world, chance, name }) => {
    const staffed = 1 + chance.below(6)
    await newPool(world, name, { staffed, occupied: staffed - 1 })
    const answers = await world.together(PEOPLE.map((person) => admission(person, name)), { gate: chance.next() < 0.5 })
    const found = await poolNow(world, name)
    const inside = (await openStays(world)).filter(({ pool }) => pool === name)
    await emptied(world)
    return [
      ...winners(answers, { won: 201, lost: ['noFreeBed'], says: { noFreeBed: /has no free bed \(0 left, as last put down by \S+ at 2020-\S+\)/ } }),
      ...differs('occupied', found.occupied, staffed), ...differs('open stays', inside.length, 1),
    ]
  },
}

const onePerson: Kind = {
  name: 'one person asked into 32 beds',
  race: async ({ world, chance }) => {
    const person = chance.one(PEOPLE)
    const answers = await world.together(SINGLE_BEDS.map((bed) => admission(person, bed)), { gate: chance.next() < 0.5 })
    const stays = await openStays(world)
    const taken = (await Promise.all(SINGLE_BEDS.map((bed) => poolNow(world, bed)))).filter(({ occupied }) => occupied !== 0)
    await emptied(world)
    return [
      ...winners(answers, { won: 201, lost: ['alreadyInCare'], says: { alreadyInCare: /lies at \S+ since 2020-\S+, as put down by \S+;/ } }),
      ...differs('open stays', stays.map((stay) => stay.case), [person]), ...differs('beds taken', taken.length, 1),
    ]
  },
}

const oneStayMoved: Kind = {
  name: 'one stay moved by 32',
  race: async ({ world, chance, name }) => {
    const person = chance.one(PEOPLE)
    await newPool(world, name, { staffed: 1, occupied: 0 })
    const stay = await admitted(world, person, name)
    const answers = await world.together(SINGLE_BEDS.map((bed) => moving(stay, bed)), { gate: chance.next() < 0.5 })
    const stays = await openStays(world)
    const [left, won] = [await poolNow(world, name), answers.find(({ status }) => status === 201)]
    await emptied(world)
    return [
      ...winners(answers, { won: 201, lost: ['notInCare'], says: ENDED }),
      ...differs('open stays', stays.map(({ id }) => id), won === undefined ? [] : [idOf(won)]),
      ...differs('occupied where they lay', left.occupied, 0),
    ]
  },
}

const endAgainstMove: Kind = {
  name: 'end against move of one stay',
  race: async ({ world, chance, name }) => {
    const person = chance.one(PEOPLE)
    await newPool(world, name, { staffed: 2, occupied: 1 })
    const stay = await admitted(world, person, name)
    const askings = chance.shuffled(SINGLE_BEDS.map((bed, i) => (i % 2 === 0 ? moving(stay, bed) : ending(stay))))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const isMoved = answers.some(({ status }) => status === 201)
    const stays = await openStays(world)
    const left = await poolNow(world, name)
    await emptied(world)
    return [
      ...winners(answers, { won: isMoved ? 201 : 200, lost: ['notInCare'], says: ENDED }),
      ...differs('open stays', stays.length, isMoved ? 1 : 0), ...differs('occupied where they lay', left.occupied, 1),
    ]
  },
}

const crosswise: Kind = {
  name: '32 people moved crosswise between two pools',
  race: async ({ world, chance, name }) => {
    const [one, other] = [`${name}-a`, `${name}-b`]
    for (const pool of [one, other]) await newPool(world, pool, { staffed: RACERS, occupied: 0 })
    const half = RACERS / 2
    const stays = await Promise.all(PEOPLE.map((person, i) => admitted(world, person, i < half ? one : other)))
    const askings = chance.shuffled(stays.map((stay, i) => moving(stay, i < half ? other : one)))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const found = await Promise.all([one, other].map((pool) => poolNow(world, pool)))
    await emptied(world)
    return [
      ...winners(answers, { won: 201, wins: RACERS, lost: [] }),
      ...differs('occupied', found.map(({ occupied }) => occupied), [half, half]),
    ]
  },
}

const reports: Kind = {
  name: '32 bed reports of one pool',
  race: async ({ world, chance, name }) => {
    await newPool(world, name, { staffed: 50, occupied: 20 })
    const now = Date.parse(world.ago(0))
    const each = chance.shuffled(PEOPLE.map((_, i) => ({ physical: 100, staffed: 60 + i, occupied: 30 + i, asOf: new Date(now - 40_000 + i * 1000).toISOString() })))
    const askings = each.map((body): Asking => ({ method: 'PUT', path: `/api/pools/${name}/report`, body }))
    const answers = await world.together(askings, { gate: chance.next() < 0.5 })
    const found = await poolNow(world, name)
    const newest = 30 + RACERS - 1
    const refused = answers.filter(({ status }) => status !== 200)
    return [
      ...refused.flatMap((said) => differs('a report refused', codeOf(said), 'figureIsOlder')),
      ...differs('the figures', [found.staffed, found.occupied], [newest + 30, newest]),
      ...differs('the time of the figures', Date.parse(found.asOf), now - 9_000),
      // The definition and the first count are versions one and two.
      ...differs('versions', found.version, 2 + answers.length - refused.length),
    ]
  },
}

export const BED_RACES: readonly Kind[] = [lastBed, onePerson, oneStayMoved, endAgainstMove, crosswise, reports]
