import { closeSolvers } from '../../src/planning/solve/thread.js'
import { allCorruptions } from './allCorruptions.js'
import { whyNotRefused } from './corruption.js'

/** Prints each corruption with the rule that refuses it; exit 1 when one is not refused, or for another reason. */
let refused = 0
for (const corruption of allCorruptions) {
  const { name, rule } = corruption
  const failed = await whyNotRefused(corruption)
  if (failed === null) refused += 1
  process.stdout.write(failed === null ? `refused ${name}: ${rule}\n` : `NOT refused ${name}: ${failed}\n`)
}
await closeSolvers()
const of = allCorruptions.length
process.stdout.write(`${refused} of ${of} refused${refused === of ? ', the true plan accepted' : ''}\n`)
if (refused < of) process.exitCode = 1
