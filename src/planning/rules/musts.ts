import { forbiddenByHand, placedByHand } from './edits.js'
import { careLevel, dischargeDue, fitness, inpatients, onePlace, ordersStand, placeNeeds, together } from './people.js'
import { arrivalsPerHour, lawfulPlace, reserveReady, singleRoom, underCommand, usableBedsRule, ventilators } from './places.js'
import type { Must } from './rule.js'
import { crewHours, decontamination, lifeSupport, onePatientATrip, travelLimit, vehicleMinutes } from './transport.js'

/** Everything that must hold, in the order in which a refusal is explained. */
export const MUSTS: readonly Must[] = [
  onePlace, together, ordersStand, placedByHand, forbiddenByHand, underCommand, lawfulPlace, careLevel, placeNeeds, singleRoom, inpatients, dischargeDue,
  fitness, travelLimit, usableBedsRule, ventilators, reserveReady, arrivalsPerHour, vehicleMinutes, lifeSupport, onePatientATrip,
  decontamination, crewHours,
]
