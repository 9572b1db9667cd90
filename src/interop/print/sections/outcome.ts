import { inNumber } from '../../../kernel/text.js'
import type { Concentration, PlanLevel } from '../../../planning/plan.js'
import { blank, heading, type Line, labelled, paragraph, section, table } from '../layout.js'
import { fullTime, type PlanView, say } from '../planView.js'
import { CONCENTRATIONS, DAYS_OF_COVER, HEADINGS, PHRASES, SITES_TREATING, STATUSES, WORDS } from '../words.js'

const HASH_SHOWN = 12

/** What was asked, what came of it, and what it rests on. */
export function headSection(view: PlanView): Line[] {
  const { plan } = view
  const { edition, title, effectiveFrom, overridden } = plan.policyEdition
  const facts = [
    `${say(view, WORDS.asOf)} ${fullTime(view, plan.asOf)}`,
    say(view, PHRASES.edition({ title: say(view, title), edition, from: effectiveFrom })),
    `${say(view, WORDS.snapshot)} ${plan.snapshotHash.slice(0, HASH_SHOWN)}`,
    say(view, PHRASES.seed(plan.lotSeed)),
  ]
  return [
    heading(`${say(view, WORDS.perPlan)}  ${plan.scenario}  ${plan.planDay}`),
    ...paragraph(say(view, plan.summary)),
    ...carriedOutLines(view),
    blank,
    ...labelled(say(view, WORDS.status), `${say(view, STATUSES[plan.status])} (${plan.engine})`),
    ...paragraph(facts.join(say(view, WORDS.semicolon))),
    ...(overridden.length === 0 ? [] : labelled(say(view, WORDS.overridden), overridden.join(say(view, WORDS.comma)))),
  ]
}

/** Both totals, where an approval has struck lines. */
function carriedOutLines(view: PlanView): Line[] {
  const { plan: { moves, trips }, fate: { struck } } = view
  if (struck.size === 0) return []
  const driven = trips.filter(({ patients }) => patients.some((patient) => !struck.has(patient))).length
  return paragraph(say(view, PHRASES.carriedOut({ people: moves.length, trips: trips.length, struck: struck.size, kept: moves.length - struck.size, driven })))
}

/** The needs and wishes in their order, with an honest word on each value. */
export function levelsSection(view: PlanView): Line[] {
  const rows = view.plan.levels.map((level) => [
    String(level.rank),
    say(view, WORDS[level.level]),
    say(view, level.title),
    String(level.value),
    view.language === 'en' ? inNumber(level.value, level.unit.en) : level.unit.zh,
    honestWord(view, level),
  ])
  const lines = table({ rows, align: ['right', 'left', 'left', 'right'] })
  return section(
    say(view, HEADINGS.levels),
    lines.length > 0 ? lines : paragraph(say(view, WORDS.noLevels), { indent: 2 }),
  )
}

/** Whether a value is proved, and what is known where it is not. */
export function honestWord(view: PlanView, level: Pick<PlanLevel, 'optimal' | 'bound' | 'note'>): string {
  const unproved = level.bound === null ? WORDS.notProved : PHRASES.notProved(level.bound)
  const word = say(view, level.optimal ? WORDS.proved : unproved)
  return level.note === null ? word : `${word}${say(view, WORDS.semicolon)}${say(view, level.note)}`
}

/** The four concentrations, before and after. */
export function concentrationSection(view: PlanView): Line[] {
  const { before, after } = view.plan.concentration
  const row = (title: string, of: string, figure: (concentration: Concentration) => string) => [
    title,
    of,
    figure(before),
    '→',
    figure(after),
  ]
  const titled = (name: keyof Concentration, figure: (concentration: Concentration) => string) =>
    row(say(view, CONCENTRATIONS[name].title), say(view, CONCENTRATIONS[name].of), figure)
  const rows = [
    titled('patients', (c) => share(c.patients.inCentralised)),
    row('', say(view, SITES_TREATING), (c) => String(c.patients.sitesTreating)),
    titled('experts', (c) => share(c.experts)),
    titled('resources', (c) => share(c.resources.beds)),
    ...(before.resources.daysOfCover === null && after.resources.daysOfCover === null
      ? []
      : [row('', say(view, DAYS_OF_COVER), (c) => shareOrUnknown(view, c.resources.daysOfCover))]),
    titled('treatment', (c) => String(c.treatment.patientDaysOutside)),
  ]
  const header = ['', '', say(view, WORDS.before), '', say(view, WORDS.after)]
  const lines = table({ header, rows, align: ['left', 'left', 'right', 'left', 'right'] })
  return section(say(view, HEADINGS.concentration), lines)
}

const share = ({ part, of }: { part: number; of: number }): string => `${part}/${of}`

const shareOrUnknown = (view: PlanView, of: { part: number; of: number } | null): string =>
  of === null ? say(view, WORDS.unknown) : share(of)
