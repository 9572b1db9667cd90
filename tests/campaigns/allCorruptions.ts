import type { Corruption } from './corruption.js'
import { CORRUPTIONS_OF_CREWS } from './corruptionsOfCrews.js'
import { CORRUPTIONS_OF_EDITS } from './corruptionsOfEdits.js'
import { CORRUPTIONS_OF_FIGURES } from './corruptionsOfFigures.js'
import { CORRUPTIONS_OF_PEOPLE } from './corruptionsOfPeople.js'
import { CORRUPTIONS_OF_PLACES } from './corruptionsOfPlaces.js'
import { CORRUPTIONS_OF_TRIPS } from './corruptionsOfTrips.js'
import { CORRUPTIONS_OF_WAYS_OUT } from './corruptionsOfWaysOut.js'
import { CORRUPTIONS_OF_WORDS } from './corruptionsOfWords.js'

export const allCorruptions: readonly Corruption[] = [
  ...CORRUPTIONS_OF_PEOPLE, ...CORRUPTIONS_OF_PLACES, ...CORRUPTIONS_OF_TRIPS, ...CORRUPTIONS_OF_CREWS,
  ...CORRUPTIONS_OF_FIGURES, ...CORRUPTIONS_OF_WORDS, ...CORRUPTIONS_OF_WAYS_OUT,
  ...CORRUPTIONS_OF_EDITS,
]
