import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { check } from '../planning/check.js'
import { type Plan, planSchema } from '../planning/plan.js'
import { planJson } from '../planning/planJson.js'
import type { Scenario } from '../planning/scenario.js'
import { SolverFault } from '../planning/solve/engine.js'
import { blocksOpened, differences, type Expected, expectedSchema, shareOf } from './expected.js'
import { readJsonFile } from './jsonFile.js'
import type { PlanFor } from './planCommand.js'
import { readFolder } from './scenarioInput.js'
import { areasAddUp, needMoved } from './verifyMaterial.js'
import { tryWaysOut, type Verdict, VERIFY_OPTIONS } from './verifyWays.js'

/** `<name>: facts: ok`, or what differs. */
export async function verifyLine(folder: string, planFor: PlanFor): Promise<{ line: string; ok: boolean }> {
  const name = basename(resolve(folder))
  const { facts, faults } = await verdictOn(folder, planFor).catch(failure)
  const outcome = faults.length === 0 ? 'ok' : `FAILED: ${faults.join('; ')}`
  return {
    line: [name, ...(facts.length === 0 ? [] : [facts.join(', ')]), outcome].join(': '),
    ok: faults.length === 0,
  }
}

/** A solver or the program failed: this scenario's verdict, not the end of the others. */
function failure(error: unknown): Verdict {
  if (error instanceof SolverFault) return { facts: [], faults: [`solver: ${error.text.en}`] }
  return { facts: [], faults: [error instanceof Error ? `${error.name}: ${error.message}` : String(error)] }
}

async function verdictOn(folder: string, planFor: PlanFor): Promise<Verdict> {
  const input = readFolder(folder)
  if (!input.ok) return { facts: [], faults: input.sentences.map((sentence) => sentence.en) }
  const expected = readExpected(join(folder, 'expected.json'))
  if (typeof expected === 'string') return { facts: [], faults: [expected] }
  const { scenario } = input
  const first = await planFor(scenario, VERIFY_OPTIONS)
  const second = await planFor(scenario, VERIFY_OPTIONS)
  const isRepeated = planJson(first.plan) === planJson(second.plan) && first.exit === second.exit
  const repeated: Verdict = isRepeated
    ? { facts: ['same bytes'], faults: [] }
    : { facts: ['other bytes'], faults: ['the second run gave another plan'] }
  const ways = await tryWaysOut(scenario, first, planFor)
  // Where orders and musts clash there is no plan to check; where a demand fails there is one, and it is checked.
  const isPlanned = first.plan.levels.length > 0 || first.exit !== 3
  const checked = isPlanned ? planVerdict(scenario, first.plan) : { facts: [], faults: [] }
  const material = materialVerdict(first.plan)
  const moved = needMoved(scenario, first.plan)
  const areas = areasAddUp(first.plan)
  const shown = first.exit === 3 ? [ways] : [checked, repeated, shares(first.plan), ways, material, moved]
  return {
    facts: [`exit ${first.exit}`, ...shown.flatMap((verdict) => verdict.facts)],
    faults: [
      ...[checked, repeated, ways, material, moved, areas].flatMap((verdict) => verdict.faults),
      ...differences(expected, { exit: first.exit, plan: first.plan, scenario }),
    ],
  }
}

function readExpected(file: string): Expected | string {
  if (!existsSync(file)) return 'there is no expected.json'
  const json = readJsonFile(file)
  if (!json.ok) return json.sentence.en
  const parsed = expectedSchema.safeParse(json.value)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim())
  return `expected.json: ${faults.join(', ')}`
}

/** Counts, the check of the plan as it is read back, and how far the second opinion went. */
function planVerdict(scenario: Scenario, plan: Plan): Verdict {
  const readBack = planSchema.parse(JSON.parse(JSON.stringify(plan)))
  const violations = check(scenario, readBack)
  const { levels, agrees } = plan.secondOpinion
  const differing = levels.filter((level) => level.agrees === false)
  const carried = levels.filter((level) => level.carried).length
  return {
    facts: [
      `${plan.moves.length} moves`,
      `${plan.unplaced.length} unplaced`,
      `${blocksOpened(plan)} blocks opened`,
      `${violations.length} violations`,
      `second opinion ${carried} of ${levels.length} levels carried`,
      `${differing.length} differ`,
    ],
    faults: [
      ...violations.map((one) => `violation ${one.rule}@${one.subject}`),
      ...differing.map((level) => `second opinion differs on ${level.rule}`),
      ...(agrees || differing.length > 0 ? [] : ['second opinion does not agree']),
    ],
  }
}

/** What leaves and what stays short of material. */
function materialVerdict({ material }: Plan): Verdict {
  if (material === null) return { facts: [], faults: [] }
  const short = material.levels.filter(({ level }) => level === 'need').map(({ value }) => value)
  const isProved = material.levels.every(({ optimal }) => optimal)
  return {
    facts: [
      `material ${material.shipments.length} shipments`,
      `short ${short.join(' ')} by band and tier`,
      isProved ? 'every level proved' : `${material.levels.filter(({ optimal }) => !optimal).length} levels not proved`,
    ],
    faults: material.violations.map((one) => `violation ${one.rule}@${one.subject}`),
  }
}

function shares(plan: Plan): Verdict {
  const { before, after } = plan.concentration
  const facts = [`${shareOf(before.patients.inCentralised)} before`, `${shareOf(after.patients.inCentralised)} after`]
  return { facts, faults: [] }
}
