import { afterAll, describe, expect, it } from 'vitest'
import { MATERIAL_MUSTS, ORDER } from '../src/planning/material/rules/musts.js'
import { MUSTS } from '../src/planning/rules/musts.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { allCorruptions } from './campaigns/allCorruptions.js'
import { whyNotRefused } from './campaigns/corruption.js'
import { CORRUPTIONS_OF_MATERIAL, whyMaterialNotRefused } from './campaigns/corruptionsOfMaterial.js'

describe('a corrupted plan', () => {
  afterAll(closeSolvers)

  for (const corruption of allCorruptions) {
    it(`with ${corruption.name} is refused by ${corruption.rule}`, async () => {
      expect(await whyNotRefused(corruption)).toBeNull()
    })
  }

  it('every must refuses at least one', () => {
    const rules = new Set(allCorruptions.map(({ rule }) => rule))
    expect(MUSTS.map(({ name }) => name).filter((name) => !rules.has(name))).toEqual([])
  })
  for (const corruption of CORRUPTIONS_OF_MATERIAL) {
    it(`of material with ${corruption.name} is refused by ${corruption.rule}`, async () => {
      expect(await whyMaterialNotRefused(corruption)).toBeNull()
    })
  }

  it('every must of material refuses one', () => {
    expect(CORRUPTIONS_OF_MATERIAL.map(({ rule }) => rule).sort()).toEqual([...MATERIAL_MUSTS, ORDER].map(({ name }) => name).sort())
  })
})
