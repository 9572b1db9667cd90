import { closeSolvers } from '../../src/planning/solve/thread.js'
import { allCorruptions } from './allCorruptions.js'
import { whyNotRefused } from './corruption.js'
import { CORRUPTIONS_OF_MATERIAL, whyMaterialNotRefused } from './corruptionsOfMaterial.js'

interface Judged {
  readonly name: string
  readonly rule: string
  readonly whyNot: () => Promise<string | null>
}

const OF_TRANSFERS = allCorruptions.map((one): Judged => ({ name: one.name, rule: one.rule, whyNot: () => whyNotRefused(one) }))
const OF_MATERIAL = CORRUPTIONS_OF_MATERIAL.map((one): Judged => ({ name: one.name, rule: one.rule, whyNot: () => whyMaterialNotRefused(one) }))
const ASKED: Readonly<Record<string, readonly Judged[]>> = { transfers: OF_TRANSFERS, material: OF_MATERIAL, all: [...OF_TRANSFERS, ...OF_MATERIAL] }

/** Prints each corruption with the rule that refuses it; exit 1 when one is not refused, or for another reason. */
const [what = 'all'] = process.argv.slice(2)
const asked = Object.hasOwn(ASKED, what) ? ASKED[what] : undefined
if (asked === undefined) {
  process.stderr.write(`usage: corruptions [-- ${Object.keys(ASKED).join('|')}]\n`)
  process.exitCode = 2
} else {
  let refused = 0
  for (const { name, rule, whyNot } of asked) {
    const failed = await whyNot()
    if (failed === null) refused += 1
    process.stdout.write(failed === null ? `refused ${name}: ${rule}\n` : `NOT refused ${name}: ${failed}\n`)
  }
  process.stdout.write(`${refused} of ${asked.length} refused${refused === asked.length ? ', the true plan accepted' : ''}\n`)
  if (refused < asked.length) process.exitCode = 1
}
await closeSolvers()
