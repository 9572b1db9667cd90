import { describe, expect, test } from 'vitest'
import { ATTACKS } from './campaigns/sessionAttacks.js'
import { attacked } from './campaigns/sessionCampaign.js'
import { guessed } from './campaigns/sessionGuesses.js'
import { ON_A_SERVER } from './support/databases.js'

const GUESSES = 300

describe('who must not get in', () => {
  test.each(ATTACKS)('$name', async (attack) => {
    const { tried, wrong } = await attacked('embedded', attack)
    expect([wrong, tried > 0]).toEqual([[], true])
  }, 60_000)

  test(`${GUESSES} wrong passwords neither get in nor keep the rightful holder out`, async () => {
    expect(await guessed('embedded', GUESSES)).toEqual({ tried: GUESSES, wrong: [] })
  }, 60_000)

  test.each(ON_A_SERVER)('on %s too', async () => {
    for (const attack of ATTACKS.filter(({ name }) => /signing out|changed|taken away|before the last/.test(name))) {
      expect((await attacked('postgres', attack)).wrong).toEqual([])
    }
  }, 120_000)
})
