import { parseArgs } from 'node:util'
import { machine } from '../../src/app/machine.js'
import type { DatabaseName } from '../support/databases.js'
import databaseSetup from '../support/databaseSetup.js'
import { missedIn } from './modelCoverage.js'
import { play, type Sequence, STEPS_OF_SEQUENCE, Tally, type Trouble } from './modelPlay.js'
import { newStages, type Stage } from './modelStage.js'
import { stockCampaign } from './stockCampaign.js'

export interface Outcome {
  readonly steps: number
  readonly sequences: number
  readonly tally: Tally
  readonly failure: { readonly sequence: number; readonly trouble: Trouble } | null
  /** Operations, refusals and situations that were not met. */
  readonly missed: readonly string[]
}

const allSteps = (count: number) => Array.from({ length: count }, (_, step) => step)

/** From so many steps on a campaign has to meet everything; a shorter one cannot. */
const STEPS_TO_MEET_ALL = 4000

/**
 * So many commands beside the model, in sequences that each begin with an empty store; the stages play them side by
 * side. Where something was not met by then, more sequences follow, up to as many again. The first difference ends it.
 */
export async function modelRun(
  stages: readonly Stage[], { seed, steps, only = null }: { seed: number; steps: number; only?: number | null },
): Promise<Outcome> {
  const tally = new Tally()
  const planned = Math.ceil(steps / STEPS_OF_SEQUENCE)
  let begun = 0
  let played = 0
  let sequences = 0
  let failure: Outcome['failure'] = null
  const goesOn = () => begun < planned || (steps >= STEPS_TO_MEET_ALL && begun < 2 * planned && missedIn(tally.met, steps).length > 0)
  await Promise.all(stages.map(async (stage) => {
    while (failure === null && goesOn()) {
      const index = begun
      begun += 1
      const number = (only ?? 1) + index
      const count = index < planned ? Math.min(STEPS_OF_SEQUENCE, steps - index * STEPS_OF_SEQUENCE) : STEPS_OF_SEQUENCE
      const { steps: done, trouble } = await play(stage, { seed, number, steps: allSteps(count) }, tally)
      played += done
      sequences += 1
      if (trouble !== null) failure = { sequence: number, trouble }
    }
  }))
  return { steps: played, sequences, tally, failure, missed: missedIn(tally.met, steps) }
}

const TRIES_OF_SHRINKING = 150

/** The same trouble with fewer steps: halves, quarters and so on are left out as long as there is trouble still. */
export async function shrunk(stage: Stage, sequence: Sequence, first: Trouble): Promise<Trouble> {
  let steps = sequence.steps.filter((step) => step <= first.step)
  let trouble = first
  let tries = 0
  for (let size = Math.ceil(steps.length / 2); size >= 1 && tries < TRIES_OF_SHRINKING; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = steps.length - size; from > -size && tries < TRIES_OF_SHRINKING; from -= size) {
      tries += 1
      const fewer = steps.filter((_, index) => index < from || index >= from + size)
      const { trouble: still } = await play(stage, { ...sequence, steps: fewer }, new Tally())
      if (still === null) continue
      trouble = still
      steps = fewer.filter((step) => step <= still.step)
    }
  }
  return trouble
}

/** `model --database embedded|postgres --steps 20000 --seed 1`; `--sequence K` plays that one alone, `--only stock` plays stock. */
export async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: { database: { type: 'string', default: 'embedded' }, steps: { type: 'string' }, seed: { type: 'string', default: '1' }, sequence: { type: 'string' }, only: { type: 'string' } },
  })
  const name: DatabaseName = values.database === 'postgres' ? 'postgres' : 'embedded'
  const only = values.sequence === undefined ? null : Number(values.sequence)
  const asked = { seed: Number(values.seed), steps: Number(values.steps ?? (only === null ? 20_000 : STEPS_OF_SEQUENCE)), only }
  if (values.only !== undefined && values.only !== 'stock') {
    process.stderr.write('usage: model [--only stock] [--database embedded|postgres] [--steps <whole>] [--seed <whole>] [--sequence <whole>]\n')
    return 2
  }
  if (values.only === 'stock') return stockCampaign({ name, ...asked })
  const cleared = await databaseSetup()
  const stages = await newStages(name)
  try {
    const from = machine.stopwatch()
    const outcome = await modelRun(stages, asked)
    const seconds = (machine.stopwatch() - from) / 1000
    print(reportOf(outcome))
    print(`${name}, seed ${asked.seed}: ${seconds.toFixed(1)} s, ${Math.round(outcome.steps / seconds)} steps a second`)
    const [stage] = stages
    if (outcome.failure !== null && stage !== undefined) return await failed(stage, { ...asked, name }, outcome.failure)
    const missed = outcome.steps < STEPS_TO_MEET_ALL ? [] : outcome.missed
    for (const what of missed) print(`never reached: ${what}`)
    if (missed.length > 0) return 1
    print(`${outcome.steps} steps, ${outcome.sequences} sequences, 0 differences, integrity empty`)
    return 0
  } finally {
    for (const stage of stages) await stage.close()
    await cleared()
  }
}

const print = (line: string) => process.stdout.write(`${line}\n`)

const reportOf = ({ tally }: Outcome): string =>
  [...tally.met].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, times]) => `${String(times).padStart(8)}  ${what}`).join('\n')

async function failed(stage: Stage, { seed, name }: { seed: number; name: string }, { sequence, trouble }: NonNullable<Outcome['failure']>): Promise<number> {
  const least = await shrunk(stage, { seed, number: sequence, steps: allSteps(STEPS_OF_SEQUENCE) }, trouble)
  print(`found at step ${trouble.step} of sequence ${sequence}:\n  ${trouble.found.join('\n  ')}`)
  print(`with fewer steps:\n  ${least.requests.join('\n  ')}\n  ${least.found.join('\n  ')}`)
  print(`again: npm run -s campaign -- model --database ${name} --seed ${seed} --sequence ${sequence}`)
  return 1
}
