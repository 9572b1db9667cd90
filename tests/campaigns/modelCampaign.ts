import { parseArgs } from 'node:util'
import { machine } from '../../src/app/machine.js'
import type { DatabaseName } from '../support/databases.js'
import databaseSetup from '../support/databaseSetup.js'
import { newStages, play, type Sequence, type Stage, STEPS_OF_SEQUENCE, Tally, type Trouble } from './modelPlay.js'

/** What has to be met in a campaign of some length: a model that is never put to the question proves nothing. */
const SITUATIONS = [
  'overfull pool', 'census below the named', 'unknown, then known again', 'arrival counted by an earlier census',
  'departure counted by an earlier census', 'departure of one whom the census missed', 'arrival where nobody counted', 'arrival behind a census that missed somebody',
  'the last bed is promised',
  'success replayed', 'refusal replayed', 'key reused for something else', 'key of another post', 'stale If-Match', 'missing If-Match',
  'late report', 'report of before the last change', 'report of before somebody came or left', 'effective time does not go back', 'lying where only the place is known',
  'move inside one pool', 'move between places whose pools nobody knows', 'back in the very moment of leaving', 'stay of no length', 'companion',
  'past read without knownAt', 'past read with knownAt', 'past read of the present as it was known', 'page behind a cursor',
  'scenario of somebody', 'past scenario of somebody', 'past scenario that does not fit together',
  'past scenario of nobody',
  ...[
    'alreadyExists', 'alreadyInCare', 'changedMeanwhile', 'figureIsOlder', 'invalidInput', 'keyMissing', 'keyReused', 'noFreeBed', 'notFound',
    'notInCare', 'runIsOver', 'scenarioRefused', 'storeNotEmpty', 'unknownReference', 'versionMissing', 'wrongFigure', 'wrongReference', 'wrongTime',
  ].map((code) => `refusal: ${code}`),
]

export interface Outcome {
  readonly steps: number
  readonly sequences: number
  readonly tally: Tally
  readonly failure: { readonly sequence: number; readonly trouble: Trouble } | null
  /** Situations that were not met. */
  readonly missed: readonly string[]
}

const allSteps = (count: number) => Array.from({ length: count }, (_, step) => step)

/**
 * So many commands beside the model, in sequences that each begin with an empty store; the stages play them side by
 * side. The first difference ends it.
 */
export async function modelRun(
  stages: readonly Stage[], { seed, steps, only = null }: { seed: number; steps: number; only?: number | null },
): Promise<Outcome> {
  const tally = new Tally()
  const numbers = allSteps(Math.ceil(steps / STEPS_OF_SEQUENCE))
  let played = 0
  let sequences = 0
  let failure: Outcome['failure'] = null
  await Promise.all(stages.map(async (stage) => {
    for (let index = numbers.shift(); index !== undefined && failure === null; index = numbers.shift()) {
      const number = (only ?? 1) + index
      const count = Math.min(STEPS_OF_SEQUENCE, steps - index * STEPS_OF_SEQUENCE)
      const { steps: done, trouble } = await play(stage, { seed, number, steps: allSteps(count) }, tally)
      played += done
      sequences += 1
      if (trouble !== null) failure = { sequence: number, trouble }
    }
  }))
  return { steps: played, sequences, tally, failure, missed: SITUATIONS.filter((situation) => !tally.met.has(situation)) }
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

/** `model --database embedded|postgres --steps 20000 --seed 1`; `--sequence K` plays that one alone. */
export async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: { database: { type: 'string', default: 'embedded' }, steps: { type: 'string' }, seed: { type: 'string', default: '1' }, sequence: { type: 'string' } },
  })
  const name: DatabaseName = values.database === 'postgres' ? 'postgres' : 'embedded'
  const only = values.sequence === undefined ? null : Number(values.sequence)
  const asked = { seed: Number(values.seed), steps: Number(values.steps ?? (only === null ? 20_000 : STEPS_OF_SEQUENCE)), only }
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
    const isShort = outcome.steps < STEPS_OF_SEQUENCE * 20
    for (const situation of isShort ? [] : outcome.missed) print(`never reached: ${situation}`)
    if (!isShort && outcome.missed.length > 0) return 1
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
