import { scenarioZip } from '../../src/interop/scenarioOut.js'
import { remembered } from '../../src/kernel/remembered.js'
import { BOMBS, type Hostile, HOSTILE } from '../scenarioZipHostile.js'
import { story } from './given.js'
import type { Chance } from './racesChance.js'

/** One that is taken. */
export const SMALL = Buffer.from(scenarioZip(story('one-full-one-empty')))

/** Some take long to make; each is made once. */
const made = new Map<string, Buffer>()
const zipOf = ({ what, zip }: Hostile): Buffer => remembered(made, what, () => Buffer.from(zip()))

/** A scenario's zip, mostly spoilt: bytes turned or cut, or one of those made to do harm. */
export function zipFor(chance: Chance): Buffer {
  const dice = chance.below(20)
  if (dice < 5) return SMALL
  if (dice < 9) return zipOf(chance.one(HOSTILE))
  // A bomb takes time to refuse.
  if (dice === 9 && chance.below(8) === 0) return zipOf(chance.one(BOMBS))
  if (dice < 12) return SMALL.subarray(0, chance.below(SMALL.length))
  if (dice === 12) return Buffer.alloc(chance.below(2000), chance.below(256))
  const bytes = Buffer.from(SMALL)
  for (let turned = 1 + chance.below(12); turned > 0; turned -= 1) bytes[chance.below(bytes.length)] = chance.below(256)
  return bytes
}
