import { planFor } from '../../src/planning/run.js'
import { closeSolvers } from '../../src/planning/solve/thread.js'
import { shipped } from './load.js'

/** Plans one scenario as the command does, second opinion included, and prints the peak of its memory in KiB. */
await planFor(shipped(process.argv[2] ?? ''), { engine: 'highs', milliseconds: 60_000, secondOpinion: true })
await closeSolvers()
console.log(process.resourceUsage().maxRSS)
