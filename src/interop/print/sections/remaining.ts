import type { Text } from '../../../kernel/text.js'
import { TABLE_TITLES } from '../../../planning/faults/faultList.js'
import type { Plan, Unplaced } from '../../../planning/plan.js'
import { fieldTitle } from '../../../planning/fieldTitles.js'
import { type Line, labelled, paragraph, section, table } from '../layout.js'
import { groupBy, illnessOf, isLong, isOpenedBy, nameOf, type PlanView, ruleTitle, say } from '../planView.js'
import { COLUMNS, HEADINGS, PHRASES, POINTERS, WORDS } from '../words.js'

const FOUND_SHOWN = 20

/** Expert teams that the plan would send. */
export function teamsSection(view: PlanView): Line[] {
  const { patient, team, from, to, minutes, why } = COLUMNS
  const rows = view.plan.teams.map((one) => [
    one.patient,
    one.team === null ? say(view, WORDS.noTeam) : nameOf(view, one.team),
    one.from === null ? '—' : nameOf(view, one.from),
    nameOf(view, one.to),
    one.travelMinutes === null ? '—' : String(one.travelMinutes),
    say(view, one.reason),
  ])
  const header = [patient, team, from, to, minutes, why].map((column) => say(view, column))
  return section(say(view, HEADINGS.teams), table({ header, rows }))
}

/** Who stays where they are although a need is not met, and why. */
export function staysSection(view: PlanView): Line[] {
  const { unplaced } = view.plan
  const { patient, people, severity, at, why } = COLUMNS
  const isMerged = isLong(view, unplaced)
  const rows = isMerged
    ? [...groupBy(unplaced, alike(view)).values()].flatMap((group) => stayRow(view, group, String(group.length)))
    : unplaced.flatMap((one) => stayRow(view, [one], one.patient))
  const header = [isMerged ? people : patient, severity, at, why].map((column) => say(view, column))
  return section(say(view, HEADINGS.stays), table({ header, rows }))
}

const alike = (view: PlanView) => (one: Unplaced): string => JSON.stringify([one.at, illnessOf(view, one), one.rule, one.reason.zh])

const stayRow = (view: PlanView, [first]: readonly Unplaced[], who: string): string[][] =>
  first === undefined
    ? []
    : [[who, illnessOf(view, first), nameOf(view, first.at), say(view, first.reason)]]

export function reservesSection(view: PlanView): Line[] {
  const { place, block, decision, why } = COLUMNS
  const rows = view.plan.reserves.map((one) => [
    nameOf(view, one.place),
    one.block,
    say(view, isOpenedBy(view, one) ? WORDS.opened : WORDS.notOpened),
    say(view, one.opened && !isOpenedBy(view, one) ? WORDS.neededByStruck : one.reason),
  ])
  return section(
    say(view, HEADINGS.reserves),
    table({ header: [place, block, decision, why].map((c) => say(view, c)), rows }),
  )
}

/** What was already broken before the plan. */
export function asFoundSection(view: PlanView): Line[] {
  const { asFound } = view.plan
  const hidden = isLong(view, asFound, FOUND_SHOWN) ? asFound.length - FOUND_SHOWN : 0
  const lines = asFound.slice(0, asFound.length - hidden).flatMap((one) => bullet(view, one.text))
  return section(say(view, HEADINGS.asFound), hidden > 0 ? [...lines, ...bullet(view, PHRASES.more(hidden, POINTERS[view.medium].all))] : lines)
}

/** Everyone to be called: never shortened, since it is a list of things to do. */
export const callListSection = (view: PlanView): Line[] =>
  section(
    say(view, HEADINGS.callList),
    view.plan.callList.flatMap((one) => bullet(view, one.text)),
  )

/** Figures that are older than the policy allows, each of them: behind each stands a call too. */
export const staleSection = (view: PlanView): Line[] =>
  section(
    say(view, HEADINGS.stale),
    view.plan.stale.flatMap((one) => bullet(view, one.text)),
  )

export function startPreparingSection(view: PlanView): Line[] {
  const { startPreparing } = view.plan
  return section(
    say(view, HEADINGS.startPreparing),
    startPreparing === null ? [] : paragraph(say(view, startPreparing), { indent: 2 }),
  )
}

/** Fields that no source states, a line for each table, with the number of rows in which each is assumed. */
export function assumedSection(view: PlanView): Line[] {
  const { assumed } = view.plan
  const lines = [...groupBy(assumed, (one) => one.table).values()].flatMap((group) => assumedLines(view, group))
  const note = paragraph(say(view, PHRASES.assumed(POINTERS[view.medium].each)), { indent: 2 })
  return section(say(view, HEADINGS.assumed), lines.length === 0 ? [] : [...lines, ...note])
}

function assumedLines(view: PlanView, group: Plan['assumed']): Line[] {
  const [first] = group
  if (first === undefined) return []
  const fields = [...groupBy(group, (one) => one.field)].map(([field, rows]) => {
    return `${fieldTitle(field, view.language, first.table)} ${new Set(rows.flatMap((one) => one.ids)).size}`
  })
  const label = `${say(view, TABLE_TITLES[first.table])}${say(view, WORDS.colon)}`
  return labelled(label, fields.join(say(view, WORDS.comma)), 2)
}

/** How far another solver confirms the values. */
export function secondOpinionSection(view: PlanView): Line[] {
  const { engine, levels } = view.plan.secondOpinion
  if (levels.length === 0) return []
  const differing = levels.filter((level) => level.agrees === false)
  const carried = levels.filter((level) => level.carried).length
  const sentence =
    carried === 0
      ? PHRASES.noLevelConfirmed(engine)
      : PHRASES.secondOpinion({ engine, carried, levels: levels.length, differ: differing.length })
  return section(say(view, HEADINGS.secondOpinion), [
    ...paragraph(say(view, sentence), { indent: 2 }),
    ...differing.flatMap((level) =>
      paragraph(say(view, PHRASES.differs(say(view, PHRASES.rank(level.rank, ruleTitle(view, level.rule))))), {
        indent: 2,
      }),
    ),
  ])
}

const bullet = (view: PlanView, text: Text): Line[] => paragraph(`- ${say(view, text)}`, { indent: 2, hang: 2 })
