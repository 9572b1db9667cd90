import { machine } from '../../src/app/machine.js'
import type { DatabaseName } from '../support/databases.js'
import databaseSetup from '../support/databaseSetup.js'
import { stockRun, stockStage } from './stockPlay.js'

/** What a campaign has to have met: every deed, and every way in which it is refused. */
export const STOCK_TO_MEET = [
  'receipt kept', 'receipt wrongTime', 'receipt figureIsOlder', 'consumption kept', 'consumption notEnoughStock', 'consumption wrongReference', 'consumption figureIsOlder',
  'consumption wrongTime', 'return kept', 'loss kept', 'damage kept', 'expiry kept', 'expiry notEnoughStock', 'stocktake kept', 'stocktake wrongReference', 'stocktake figureIsOlder',
  'reversal kept', 'reversal stepOutOfOrder', 'reversal notEnoughStock', 'reversal figureIsOlder', 'quarantine 200', 'lock away 200', 'lock away stepOutOfOrder', 'order kept', 'order notEnoughStock', 'order wrongReference', 'ship kept', 'ship stepOutOfOrder',
  'ship doesNotAddUp', 'ship breaksMust', 'receive kept', 'receive stepOutOfOrder', 'receive doesNotAddUp', 'receive forbidden', 'lose kept', 'lose forbidden', 'cancel kept', 'stocktake doesNotAddUp',
  'order wrongFigure', 'ask kept', 'ask alreadyExists', 'approve kept', 'approve wrongFigure', 'approve stepOutOfOrder', 'refuse kept', 'refuse stepOutOfOrder',
  'plan kept', 'plan planIsStale', 'withdraw kept', 'withdraw planIsDecided', 'withdraw ordersAreOut',
]
const STEPS_TO_MEET_ALL = 4000

const print = (line: string) => process.stdout.write(`${line}\n`)

/** `model --only stock --database embedded|postgres --steps 20000 --seed 1`: stock beside its model. */
export async function stockCampaign({ name, steps, seed, only }: { name: DatabaseName; steps: number; seed: number; only: number | null }): Promise<number> {
  const cleared = await databaseSetup()
  const stage = await stockStage(name)
  try {
    const from = machine.stopwatch()
    const outcome = await stockRun(stage, { seed, steps, only })
    const seconds = (machine.stopwatch() - from) / 1000
    for (const [what, times] of [...outcome.met].sort(([a], [b]) => (a < b ? -1 : 1))) print(`${String(times).padStart(8)}  ${what}`)
    print(`${name}, seed ${seed}: ${seconds.toFixed(1)} s, ${Math.round(outcome.steps / seconds)} steps a second`)
    if (outcome.failure !== null) {
      const { sequence, step, found, requests } = outcome.failure
      print(`found at step ${step} of sequence ${sequence}:\n  ${found.join('\n  ')}\nafter\n  ${requests.slice(-12).join('\n  ')}`)
      print(`again: npm run -s campaign -- model --only stock --database ${name} --seed ${seed} --sequence ${sequence}`)
      return 1
    }
    const missed = steps < STEPS_TO_MEET_ALL ? [] : STOCK_TO_MEET.filter((what) => !outcome.met.has(what))
    for (const what of missed) print(`never reached: ${what}`)
    if (missed.length > 0) return 1
    print(`${outcome.steps} steps, ${outcome.sequences} sequences, 0 differences, integrity empty`)
    return 0
  } finally {
    await stage.close()
    await cleared()
  }
}
