import { oneMorePatient } from './cityProperty.js'
import { editProperties } from './editProperties.js'
import { allocationProperties } from './allocationProperties.js'
import { everyFieldMatters } from './policyProperty.js'
import type { Property } from './property.js'
import { tinyProperties } from './tinyProperties.js'
import { twoPlanProperties } from './twoPlanProperties.js'

export const allProperties: readonly Property[] = [
  ...tinyProperties, ...twoPlanProperties, ...editProperties, oneMorePatient, everyFieldMatters, ...allocationProperties,
]
