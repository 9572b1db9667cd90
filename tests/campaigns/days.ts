import type { DayFigures } from '../../src/day/content.js'
import { draftOf } from '../../src/day/commands.js'
import { correctionsOf } from '../../src/day/corrections.js'
import { type CutOff, spanOf } from '../../src/day/cutOff.js'
import type { Database } from '../../src/db/database.js'
import { canonicalJson } from '../../src/kernel/canonical.js'
import { dayOf } from '../../src/kernel/time.js'
import { ask, type Served, serving, StandingClock } from '../support/serving.js'
import { remembered } from './daysMemory.js'
import { DayPlay } from './daysPlay.js'
import { chanceOf } from './racesChance.js'

const STEPS = 130
const HOUR = 3600_000
const BEGINNING = new Date('2020-01-28T05:00:00+08:00')

type Row = Readonly<Record<string, unknown>>
interface ReportOut extends Row {
  readonly id: string
  readonly city: Row
  readonly units: readonly Row[]
  readonly places: readonly Row[]
  readonly corrections: readonly Row[]
}
interface Frozen {
  readonly asked: { readonly day: string; readonly cutOff: CutOff }
  readonly report: ReportOut
  readonly known: Date
}

/** What a history of some days came to. */
export interface HistoryTold {
  readonly problems: readonly string[]
  readonly reports: number
  readonly corrections: number
  /** How often each kind of thing was done. */
  readonly done: ReadonlyMap<string, number>
}

const SHOWN = 400
/** A sentence when two values differ, whatever the order of their fields. */
function differs(what: string, found: unknown, expected: unknown): string[] {
  const [is, ought] = [canonicalJson(found), canonicalJson(expected)]
  // From a little before the first letter in which they differ.
  const from = Math.max(0, [...is].findIndex((letter, i) => letter !== ought[i]) - SHOWN / 4)
  return is === ought ? [] : [`${what}: ${is.slice(from, from + SHOWN)}, not ${ought.slice(from, from + SHOWN)}`]
}

/** Figures that the memory keeps as well. */
const isKept = (figure: string) => /^(?:confirmed|suspected|asymptomatic|newly|requests|isolated)|Lying$/.test(figure)
const kept = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([figure, value]) => isKept(figure) && value !== 0).sort(([a], [b]) => (a < b ? -1 : 1)))

/** A city played by chance for some days, whose reports are frozen as they come, some late; counted a second time by a memory of its own. */
export async function history(db: Database, seed: number): Promise<HistoryTold> {
  const clock = new StandingClock(BEGINNING)
  const served = await serving(db, { clock })
  const play = new DayPlay(served, clock, chanceOf({ seed, round: 0 }))
  const problems: string[] = []
  const frozen = new Map<string, Frozen>()
  try {
    await play.furnish()
    const late = chanceOf({ seed, round: 1 })
    for (let step = 0; step < STEPS; step += 1) {
      await play.step()
      for (const asked of cutOffs(clock.now())) {
        // Not always at once, so that some of it is told before and some after.
        if (frozen.has(`${asked.day}-${asked.cutOff}`) || late.below(4) > 0) continue
        const said = await ask(served.address, '/api/daily-reports', { method: 'POST', body: asked })
        if (said.status !== 201) return { problems: [`${asked.day} ${asked.cutOff} is not frozen: ${said.text}`], reports: 0, corrections: 0, done: play.done }
        const one = { asked, report: said.json as ReportOut, known: clock.now() }
        frozen.set(one.report.id, one)
        problems.push(...countedOtherwise(play, one))
      }
    }
    let corrections = 0
    for (const one of frozen.values()) {
      const { found, count } = await changedOtherwise(db, { served, play, one, now: clock.now() })
      problems.push(...found)
      corrections += count
    }
    const { findings } = (await ask(served.address, '/api/integrity')).json as { findings: unknown[] }
    problems.push(...differs('integrity', findings, []), ...served.bugs.map(String))
    return { problems, reports: frozen.size, corrections, done: play.done }
  } finally {
    await served.close()
  }
}

/** Every cut-off that has passed since the beginning, once each. */
function* cutOffs(now: Date): Generator<{ day: string; cutOff: CutOff }> {
  for (let moment = BEGINNING.getTime(); moment <= now.getTime(); moment += 24 * HOUR) {
    const day = dayOf(new Date(moment))
    for (const cutOff of ['noon', 'midnight'] as const) if (spanOf({ day, cutOff }).to <= now) yield { day, cutOff }
  }
}

function expected({ memory }: DayPlay, asked: Frozen['asked'], known: Date) {
  const { from, to } = spanOf(asked)
  return remembered(memory, { from: from.getTime(), to: to.getTime(), known: known.getTime() })
}

/** Where what was frozen is not what the memory comes to. */
function countedOtherwise(play: DayPlay, { asked, report, known }: Frozen): string[] {
  const { units, places } = expected(play, asked, known)
  return [['unit', report.units, units] as const, ['place', report.places, places] as const].flatMap(([of, rows, wanted]) =>
    rows.flatMap((row) => differs(`${report.id} ${of} ${String(row[of])}`, kept(row), kept(wanted[String(row[of])] ?? {}))))
}

/** Where what has changed since is not what the memory comes to, or where the store does not know any more what it knew. */
async function changedOtherwise(
  db: Database, { served, play, one: { asked, report, known }, now }: { served: Served; play: DayPlay; one: Frozen; now: Date },
): Promise<{ found: string[]; count: number }> {
  const { corrections, ...still } = (await ask(served.address, `/api/daily-reports/${report.id}`)).json as ReportOut
  const { corrections: _none, ...then } = report
  const [first, second] = [expected(play, asked, known), expected(play, asked, now)]
  const wanted = [...changes('unit', first.units, second.units), ...changes('place', first.places, second.places)]
  const told = corrections.filter(({ of, figure }) => of !== 'city' && isKept(String(figure)))
    .map(({ of, subject, figure, frozen, now: is, difference }) => [of, subject, figure, frozen, is, difference].join(' '))
  const again = await db.inSnapshot((tx) => draftOf(tx, asked, known))
  const counted = await db.inSnapshot((tx) => draftOf(tx, asked, now))
  const unitsOf = (figures: DayFigures) => Object.entries(figures.units).map(([unit, own]) => ({ unit, name: own.name, ...own.figures }))
  return {
    count: corrections.length,
    found: [
      ...differs(`${report.id} as it was frozen`, still, then), ...differs(`${report.id} corrections`, told.sort(), wanted.sort()),
      ...differs(`${report.id} the difference of two counts`, corrections, correctionsOf(again.figures, counted.figures)),
      ...differs(`${report.id} the city, counted again as it was known`, again.figures.city, report.city),
      ...differs(`${report.id} the units, counted again as it was known`, unitsOf(again.figures), report.units),
    ],
  }
}

type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>
const changes = (of: string, was: Figures, is: Figures): string[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((subject) => {
    const [a, b] = [was[subject] ?? {}, is[subject] ?? {}]
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((figure) => {
      const [x, y] = [a[figure] ?? 0, b[figure] ?? 0]
      return x === y ? [] : [[of, subject, figure, x, y, y - x].join(' ')]
    })
  })
