import { describe, expect, test } from 'vitest'
import { ChangeNews } from '../src/app/changes.js'
import type { Database } from '../src/db/database.js'
import { DatabaseUnavailable } from '../src/db/errors.js'
import { Feeds, type FeedsNeeds, type Listener, type Source } from '../src/db/feeds.js'
import { writeJournal } from '../src/db/journal.js'
import { type Principal, SYSTEM } from '../src/kernel/roles.js'
import { Refused, refuse } from '../src/kernel/refusal.js'
import { eachDatabase } from './support/databases.js'

/** Whole numbers that are told, up to what has come so far, at most seven at a look; and how often somebody looked. */
class Numbers {
  looks = 0
  fails: unknown[] = []
  readonly bugs: unknown[] = []
  constructor(public upTo: number, public isOver = false) {}
  readonly source: Source<number, number> = {
    read: async (after) => {
      this.looks += 1
      const failure = this.fails.shift()
      if (failure !== undefined) throw failure
      return { events: Array.from({ length: Math.min(7, Math.max(0, this.upTo - after)) }, (_, i) => after + 1 + i), isOver: this.isOver }
    },
    placeOf: (event) => event, isBehind: (place, other) => place > other,
  }
  feeds(needs: Partial<FeedsNeeds<number, number>> = {}): Feeds<number, number> {
    return new Feeds({ sourceOf: () => this.source, onBug: (error) => this.bugs.push(error), full: () => refuse('tooManyListeners', '满', 'full'), ...needs })
  }
}

let listeners = 0
/** Each is another account, which may hear everything until somebody is gone. */
function listener(gone: AbortSignal = new AbortController().signal, whoNow: () => Promise<Principal | null> = async () => SYSTEM): Listener {
  listeners += 1
  return { id: `listener ${listeners}`, gone, whoNow }
}

/** Hears until `last` has come, and then no more. */
async function heard(feeds: Feeds<number, number>, from: number, last: number, whoNow?: () => Promise<Principal | null>): Promise<number[]> {
  const gone = new AbortController()
  const found: number[] = []
  for await (const { events } of feeds.follow('it', from, listener(gone.signal, whoNow))) {
    found.push(...events)
    if (found.includes(last)) gone.abort()
  }
  return found
}
const upTo = (from: number, last: number): number[] => Array.from({ length: last - from }, (_, i) => from + 1 + i)

describe('many who listen to one thing', () => {
  test('hear all of it, each once and in order, from wherever they had heard; there is one look for all of them', async () => {
    const numbers = new Numbers(20)
    const feeds = numbers.feeds()
    const all = [0, 5, 20, 19].map((from) => heard(feeds, from, 30))
    await new Promise((resolve) => setTimeout(resolve, 50))
    const before = numbers.looks
    numbers.upTo = 30
    feeds.wake('it')
    expect(await Promise.all(all)).toEqual([upTo(0, 30), upTo(5, 30), upTo(20, 30), upTo(19, 30)])
    expect(numbers.looks - before).toBeLessThanOrEqual(4)
    feeds.close()
  })

  test('whoever comes from further back than is kept, or is slow, reads for themselves and misses nothing', async () => {
    const numbers = new Numbers(2500)
    const feeds = numbers.feeds()
    // The first begins at 2400, and what the others want has never been looked for.
    const [near, far] = await Promise.all([heard(feeds, 2400, 2500), heard(feeds, 3, 2500)])
    expect([near, far]).toEqual([upTo(2400, 2500), upTo(3, 2500)])
    // One goes so slowly that the rest run out of what is kept.
    let asked = 0
    const slow = heard(feeds, 0, 2500, async () => {
      asked += 1
      if (asked === 1) await new Promise((resolve) => setTimeout(resolve, 100))
      return SYSTEM
    })
    expect([await heard(feeds, 0, 2500), await slow]).toEqual([upTo(0, 2500), upTo(0, 2500)])
    feeds.close()
  })

  test('each hears their own, and a sign of life where there was nothing for them', async () => {
    const feeds = new Numbers(10).feeds({ ownOf: (_, all) => all.filter((one) => one > 8) })
    const gone = new AbortController()
    const batches: (readonly number[])[] = []
    for await (const { events } of feeds.follow('it', 0, listener(gone.signal))) {
      batches.push(events)
      if (events.includes(10)) gone.abort()
    }
    expect(batches).toEqual([[], [9, 10]])
    feeds.close()
  })

  test('a database that is away is waited for, by the look and by whoever asks what is theirs', async () => {
    const numbers = new Numbers(3)
    numbers.fails = [new DatabaseUnavailable('connectionLost')]
    const feeds = numbers.feeds()
    let asked = 0
    expect(await heard(feeds, 0, 3, async () => {
      asked += 1
      if (asked === 1) throw new DatabaseUnavailable('connectionLost')
      return SYSTEM
    })).toEqual([1, 2, 3])
    expect([asked, numbers.bugs]).toEqual([2, []])
    feeds.close()
  })

  test('what goes wrong for good is told once, and ends what was followed', async () => {
    const numbers = new Numbers(3)
    numbers.fails = [new TypeError('no')]
    expect(await heard(numbers.feeds(), 0, 3)).toEqual([])
    expect(await heard(new Numbers(3).feeds(), 0, 3, () => Promise.reject(new TypeError('own'))).catch((error: unknown) => error)).toEqual([])
    expect(numbers.bugs).toEqual([new TypeError('no')])
  })

  test('it ends where nothing comes any more, and when the service closes; nobody is left who looks', async () => {
    const over = new Numbers(9, true)
    const told: number[] = []
    const feeds = over.feeds()
    for await (const { events } of feeds.follow('it', 2, listener())) told.push(...events)
    expect(told).toEqual(upTo(2, 9))
    const open = new Numbers(0)
    const others = open.feeds()
    const listening = heard(others, 0, 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    others.close()
    expect(await listening).toEqual([])
    const [a, b] = [over.looks, open.looks]
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect([over.looks, open.looks]).toEqual([a, b])
  })

  test('whoever may hear something else now hears that, and whoever may hear nothing any more hears no more', async () => {
    const numbers = new Numbers(4)
    const feeds = numbers.feeds({ ownOf: ({ id }, all) => all.filter((one) => id === SYSTEM.id || one % 2 === 0), signMilliseconds: 40 })
    let who: Principal | null = SYSTEM
    const batches: (readonly number[])[] = []
    for await (const { events } of feeds.follow('it', 0, listener(undefined, async () => who))) {
      batches.push(events)
      if (events.includes(4)) {
        who = { id: 'other', grants: [] }
        numbers.upTo = 8
        feeds.wake('it')
      }
      // Nothing is told any more; the next sign of life finds it out.
      if (events.includes(8)) who = null
    }
    expect(batches.filter(({ length }) => length > 0)).toEqual([[1, 2, 3, 4], [6, 8]])
    feeds.close()
  })

  test('a sign of life is given to all at one moment, whenever they came', async () => {
    const feeds = new Numbers(0).feeds({ signMilliseconds: 100 })
    const gone = new AbortController()
    let moment = 0
    const asked: number[] = []
    const listening = Array.from({ length: 50 }, async (_, i) => {
      await new Promise((resolve) => setTimeout(resolve, 2 * i))
      const whoNow = async () => {
        asked.push(moment)
        return SYSTEM
      }
      for await (const { events } of feeds.follow('it', 0, listener(gone.signal, whoNow))) if (events.length === 0 && asked.length > 150) gone.abort()
    })
    const moments = setInterval(() => { moment += 1 }, 5)
    await Promise.all(listening)
    clearInterval(moments)
    expect(new Set(asked).size).toBeLessThanOrEqual(8)
    feeds.close()
  })

  test('one account takes ten of the places and no more, and may again when it has left one', async () => {
    const feeds = new Numbers(1).feeds()
    const gone = new AbortController()
    const one = { ...listener(gone.signal), id: 'one' }
    const places = Array.from({ length: 10 }, () => feeds.follow('it', 0, one))
    expect(() => feeds.follow('it', 0, one)).toThrow(expect.objectContaining({ message: expect.stringContaining('10 places already') }))
    expect(await heard(feeds, 0, 1)).toEqual([1])
    await places[0]?.next()
    await places[0]?.return(undefined)
    const again = feeds.follow('it', 0, one)
    expect((await again.next()).value).toEqual({ events: [1], heard: 1 })
    gone.abort()
    feeds.close()
  })

  test('no more than can', async () => {
    const feeds = new Numbers(1).feeds({ listenersMax: 2 })
    const gone = new AbortController()
    const [first] = [feeds.follow('it', 0, listener(gone.signal)), feeds.follow('it', 0, listener(gone.signal))]
    expect(() => feeds.follow('it', 0, listener(gone.signal))).toThrow(Refused)
    await first?.next()
    await first?.return(undefined)
    expect(await heard(feeds, 0, 1)).toEqual([1])
    gone.abort()
    feeds.close()
  })
})

eachDatabase((_, open) => {
  test('two hundred who listen for changes cost one look a second, and none misses any', async () => {
    const db = await open()
    let looks = 0
    const counted: Database = { ...db, inSnapshot: (work, needs) => {
      looks += 1
      return db.inSnapshot(work, needs)
    } }
    const bugs: unknown[] = []
    const news = new ChangeNews(counted, (error) => bugs.push(error))
    const write = (subject: string) => db.inTransaction((tx) =>
      writeJournal(tx, [{ action: 'put', kind: 'places', subject, details: {} }], { at: new Date('2020-01-30T08:00:00+08:00'), by: 'tests', request: 'tests' }))
    const from = await news.from(null)
    const gone = new AbortController()
    const listeners = Array.from({ length: 200 }, async () => {
      const found: string[] = []
      for await (const { events: changes } of news.follow(from, listener(gone.signal))) {
        found.push(...changes.map(({ subject }) => subject))
        if (found.includes('last')) break
      }
      return found
    })
    looks = 0
    await new Promise((resolve) => setTimeout(resolve, 3000))
    expect(looks).toBeLessThanOrEqual(5)
    await write('first')
    await write('last')
    expect(new Set((await Promise.all(listeners)).map((found) => found.join(' ')))).toEqual(new Set(['first last']))
    expect(looks).toBeLessThanOrEqual(20)
    expect(bugs).toEqual([])
    gone.abort()
    news.close()
  }, 30_000)
})
