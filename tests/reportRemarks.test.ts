import { expect, test } from 'vitest'
import { remarksOn } from '../src/facilities/reportRemarks.js'
import type { Figure } from '../src/kernel/quantity.js'

const said = (of: { physical?: Figure; staffed?: Figure; occupied?: Figure; named?: number; promised?: number }): string[] => {
  const { physical = 60, staffed = 48, occupied = 9, named = 7, promised = 0 } = of
  return remarksOn({ figures: { physical, staffed, occupied }, named, held: promised }).map(({ kind, count, text: { en } }) => `${kind} ${count}: ${en}`)
}

test.each([
  ['nothing stands out', {}, []],
  ['more people than beds stand there', { occupied: 63 }, ['overPhysical 3: 63 occupied are more than the 60 beds that stand there: look again; where beds were added, report physical as well']],
  ['as many as stand there, beyond what is staffed', { occupied: 60 }, ['overStaffed 12: 60 occupied are 12 more than the 48 staffed beds']],
  ['one below the named', { occupied: 6 }, ['belowNamed 1: the count is 1 below the 7 who are named there: they still count as present; put down each one who has left']],
  ['as many promised as are free', { promised: 39 }, []],
  ['one more promised than is free', { promised: 40 }, ['promisedWithoutBed 1: promised beds: 40, free beds: 39; 1 of the promised are not there; look again, and where there is no bed ask for relief (ask-relief)']],
  ['the named fill more than was counted', { staffed: 9, occupied: 2, named: 8, promised: 2 }, [
    'belowNamed 6: the count is 6 below the 8 who are named there: they still count as present; put down each one who has left',
    'promisedWithoutBed 1: promised beds: 2, free beds: 1; 1 of the promised are not there; look again, and where there is no bed ask for relief (ask-relief)',
  ]],
  ['full, with beds promised', { staffed: 52, occupied: 52, promised: 23 }, ['promisedWithoutBed 23: promised beds: 23, free beds: 0; 23 of the promised are not there; look again, and where there is no bed ask for relief (ask-relief)']],
  ['nobody knows', { physical: 'unknown', staffed: 'unknown', occupied: 'unknown', promised: 5 }, []],
] as const)('%s', (_, figures, remarks) => {
  expect(said(figures)).toEqual(remarks)
})
