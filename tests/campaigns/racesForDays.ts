import { sql } from 'drizzle-orm'
import { dayAfter } from '../../src/kernel/time.js'
import type { Said } from '../support/serving.js'
import { differs, winners } from './racesJudge.js'
import { idOf, type Kind } from './racesKind.js'
import { type Asking, RACERS, type RaceWorld } from './racesWorld.js'

/** From here on the store has something to report. */
const FIRST_DAY = '2019-12-02'
const posts = Array.from({ length: RACERS }, (_, i) => `desk-${i}`)
const as = (post: string, asking: Asking): Asking => ({ ...asking, headers: { authorization: `Post ${post}` } })
const detailOf = ({ json }: Said): string => (json as { detail?: string }).detail ?? ''

async function reportsIn(world: RaceWorld): Promise<{ id: string; number: number; signatory: string }[]> {
  return world.rows(sql`select id, number, signatory from daily_report order by year, number`)
}

const frozenByMany: Kind = {
  name: 'a daily report frozen by many at once',
  race: async ({ world, chance }) => {
    const before = await reportsIn(world)
    const asked = { day: dayAfter(FIRST_DAY, Math.floor(before.length / 2)), cutOff: before.length % 2 === 0 ? 'noon' : 'midnight' }
    const answers = await world.together(posts.map((post) => as(post, { method: 'POST', path: '/api/daily-reports', body: asked })), { gate: chance.next() < 0.5 })
    const won = answers.find(({ status }) => status === 201)
    const { signatory = 'nobody', number = 'none' } = (won?.json ?? {}) as { signatory?: string; number?: string }
    const after = await reportsIn(world)
    return [
      ...winners(answers, { won: 201, lost: ['alreadyExists'] }),
      ...answers.filter((said) => said !== won && !detailOf(said).includes(`was frozen by ${signatory} at `)).map((said) => `a loser is not told of ${signatory}: ${detailOf(said)}`),
      ...answers.filter((said) => said !== won && !detailOf(said).endsWith(`as number ${number}`)).map((said) => `a loser is not told the number ${number}: ${detailOf(said)}`),
      ...differs('reports', after.length, before.length + 1), ...differs('who signed it', after.find(({ id }) => id === `${asked.day}-${asked.cutOff}`)?.signatory, signatory),
    ]
  },
}

const manyFrozen: Kind = {
  name: 'the reports of many cut-offs frozen at once',
  race: async ({ world, chance }) => {
    const before = await reportsIn(world)
    // Whatever number each of them gets, none is given twice and none left out.
    const asked = Array.from({ length: 4 }, (_, i) => before.length + i).map((nth) => ({ day: dayAfter(FIRST_DAY, Math.floor(nth / 2)), cutOff: nth % 2 === 0 ? 'noon' : 'midnight' }))
    const answers = await world.together(chance.shuffled(asked).map((body, i) => as(posts[i] ?? 'desk', { method: 'POST', path: '/api/daily-reports', body })), { gate: chance.next() < 0.5 })
    const added = (await reportsIn(world)).filter(({ id }) => !before.some((one) => one.id === id))
    const last = new Map<string, number>()
    for (const { id, number } of before) last.set(id.slice(0, 4), Math.max(last.get(id.slice(0, 4)) ?? 0, number))
    return [
      ...winners(answers, { won: 201, wins: asked.length, lost: [] }), ...differs('reports', added.length, asked.length),
      ...[...new Set(added.map(({ id }) => id.slice(0, 4)))].flatMap((year) => {
        const numbers = added.filter(({ id }) => id.startsWith(year)).map(({ number }) => number)
        return differs(`numbers of ${year}`, numbers, numbers.map((_, i) => (last.get(year) ?? 0) + 1 + i))
      }),
    ]
  },
}

const takenByMany: Kind = {
  name: 'a shift taken over by many at once',
  race: async ({ world, chance }) => {
    const id = idOf(await world.must(as('night-desk', { method: 'POST', path: '/api/handovers', body: { toPost: 'desk-7' } })))
    const answers = await world.together(posts.map((post) => as(post, { method: 'POST', path: `/api/handovers/${id}/take-over` })), { gate: chance.next() < 0.5 })
    const won = answers.find(({ status }) => status === 200)
    const { takenBy = 'nobody' } = (won?.json ?? {}) as { takenBy?: string }
    const now = await world.read<{ takenBy: string; version: number }>(`/api/handovers/${id}`)
    return [
      ...winners(answers, { won: 200, lost: ['stepOutOfOrder'] }),
      ...answers.filter((said) => said !== won && !detailOf(said).startsWith(`the shift was taken over by ${takenBy} at `)).map((said) => `a loser is not told of ${takenBy}: ${detailOf(said)}`),
      ...differs('who took it', [now.takenBy, now.version], [takenBy, 2]),
    ]
  },
}

export const DAY_RACES: readonly Kind[] = [frozenByMany, manyFrozen, takenByMany]
