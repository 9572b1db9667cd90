import { z } from 'zod'
import { provenanceShape } from '../kernel/provenance.js'
import { clockSchema } from '../kernel/time.js'

/** One ambulance (辆) with its crews. */
export const vehicleSchema = z.strictObject({
  /** Whose it is: a reporting unit, or a receiving hospital. */
  fleet: z.string().min(1),
  /** Where it starts and returns: a place, or a reporting unit's seat. */
  base: z.string().min(1),
  negativePressure: z.boolean(),
  lifeSupport: z.boolean(),
  crews: z.int().min(0).max(20),
  availableFrom: clockSchema,
  availableTo: clockSchema,
  ...provenanceShape,
})
export type Vehicle = z.infer<typeof vehicleSchema>

/** Road minutes between two locations, each a place or a unit's seat. */
export const travelSchema = z.strictObject({
  from: z.string().min(1),
  to: z.string().min(1),
  minutes: z.int().min(0).max(2880),
  ...provenanceShape,
})
export type Travel = z.infer<typeof travelSchema>
