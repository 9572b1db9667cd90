import { planTables } from '../interop/planCsv.js'
import { invariant } from '../kernel/invariant.js'
import { type Text, text } from '../kernel/text.js'
import type { Plan } from '../planning/plan.js'
import { planJson } from '../planning/planJson.js'
import type { PlanOutcome, RunOptions } from '../planning/run.js'
import type { Scenario } from '../planning/scenario.js'
import { type Applied, chosenWays, readPatchFile, sortApplied, type Way } from './applying.js'
import { checkCsvFolder, writeCsvFolder } from './csvFolder.js'
import { helpText } from './help.js'
import { paragraph } from '../interop/print/layout.js'
import { planLines } from '../interop/print/planText.js'
import { UNDECIDED } from '../interop/print/planView.js'
import { type PlanOptions, readPlanOptions } from './planOptions.js'
import { startProgress } from './progress.js'
import { readFolder, type ScenarioRead, withAsked, withPatch } from './scenarioInput.js'
import { complain, type ExitCode, printed, type Screen } from './screen.js'

/** The planner as a command sees it; handed in, so that a command can be tried without a solver. */
export type PlanFor = (scenario: Scenario, options: RunOptions) => Promise<Pick<PlanOutcome, 'exit' | 'plan'>>

interface Planned {
  readonly exit: 0 | 3 | 4
  readonly plan: Plan
  readonly scenario: Scenario
  readonly ways: readonly Way[]
}
type PlannedRead =
  { readonly ok: true; readonly planned: Planned } | { readonly ok: false; readonly sentences: readonly Text[] }

/** `plan`: what a planner reads at two in the morning. */
export async function planCommand(words: readonly string[], screen: Screen, planFor: PlanFor): Promise<ExitCode> {
  const read = readPlanOptions(words)
  if (!read.ok) return refuse(screen, [read.sentence], null)
  const options = read.value
  if (options.help) {
    screen.out(helpText('plan', options.language))
    return 0
  }
  const free = options.csv === null ? null : checkCsvFolder(options.csv)
  if (free !== null && !free.ok) return refuse(screen, [free.sentence], null)
  const made = await planned(options, screen, planFor)
  if (!made.ok) return refuse(screen, made.sentences, options.language)
  const { exit, plan, scenario } = made.planned
  invariant(exit !== 0 || plan.violations.length === 0, 'a plan that is shown keeps every must')
  const written = options.csv === null ? null : writeCsvFolder(options.csv, planTables(plan, scenario))
  if (written !== null && !written.ok) return refuse(screen, [written.sentence], null)
  screen.out(options.json ? planJson(plan) : shownPlan(made.planned, options, screen))
  return exit
}

function refuse(screen: Screen, sentences: readonly Text[], language: PlanOptions['language'] | null): ExitCode {
  for (const sentence of sentences) complain(screen, sentence, language)
  return 2
}

function shownPlan({ plan, scenario, ways }: Planned, { language }: PlanOptions, { bold }: Screen): string {
  const applied = ways.map((way) =>
    text(`已照出路 ${way.id}：${way.text.zh}`, `With way out ${way.id}: ${way.text.en}`),
  )
  const lines = planLines({ plan, scenario, language, showsApply: ways.length === 0, medium: 'terminal', fate: UNDECIDED })
  return printed([...applied.flatMap((one) => paragraph(one[language])), ...lines], { bold })
}

async function planned(options: PlanOptions, screen: Screen, planFor: PlanFor): Promise<PlannedRead> {
  const applied = sortApplied(options.apply)
  const input = readInput(options, applied)
  if (!input.ok) return input
  const progress = startProgress(screen, options.language)
  const run = (scenario: Scenario, secondOpinion: boolean) =>
    planFor(scenario, {
      engine: options.engine,
      milliseconds: options.seconds * 1000,
      secondOpinion,
      onProgress: progress.report,
    })
  try {
    // The ways out are those of the plan that would be made without them, which nobody is shown.
    const base = applied.ids.length === 0 ? null : await run(input.scenario, false)
    const chosen = base === null ? { ok: true as const, value: [] } : chosenWays(base.plan, applied.ids)
    if (!chosen.ok) return { ok: false, sentences: [chosen.sentence] }
    const scenario = chosen.value.reduce(withWay, input.scenario)
    return { ok: true, planned: { ...(await run(scenario, options.secondOpinion)), scenario, ways: chosen.value } }
  } finally {
    progress.end()
  }
}

function readInput(options: PlanOptions, applied: Applied): ScenarioRead {
  const folder = readFolder(options.folder)
  if (!folder.ok) return folder
  let read = withAsked(folder.scenario, options)
  for (const file of applied.files) {
    if (!read.ok) return read
    const patch = readPatchFile(file)
    read = patch.ok ? withPatch(read.scenario, patch.value) : { ok: false, sentences: [patch.sentence] }
  }
  return read
}

/** A way out that does not fit the scenario it was found for is the program's fault, not the reader's. */
function withWay(scenario: Scenario, way: Way): Scenario {
  const read = withPatch(scenario, way.patch)
  invariant(read.ok, `way out ${way.id} makes a valid scenario${read.ok ? '' : `: ${read.sentences[0]?.en ?? ''}`}`)
  return read.scenario
}
