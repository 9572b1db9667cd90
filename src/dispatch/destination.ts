import { refuseAt } from '../kernel/refusal.js'
import type { Destined } from './stepBodies.js'

/** Beds of this system, or a hospital or city outside of it by name, with the minutes of the road there if anybody knows. */
export type Destination = { readonly pool: string; readonly outside: null } | Outside
export interface Outside {
  readonly pool: null
  readonly outside: string
  readonly travelMinutes: number | null
}

type Place = Pick<Destined, 'pool' | 'outside'> & { readonly travelMinutes?: number | null | undefined }

/** Refuses with invalidInput unless it is one of the two. `vehicle`: one that has to be planned with. */
export function destinationOf({ pool, outside, travelMinutes = null }: Place, vehicle: string | null): Destination {
  if (pool !== undefined && outside === undefined) {
    if (travelMinutes !== null) throw refuseAt('/travelMinutes', '系统内的路程以路程表为准，不另填', 'the road to a place of this system stands in the table of travel times; leave it out')
    return { pool, outside: null }
  }
  if (outside === undefined || pool !== undefined) {
    throw refuseAt('/pool', '去处填一个：系统内的床位（pool），或系统外的机构或城市（outside）', 'name one place: beds of this system (pool), or a hospital or city outside of it (outside)')
  }
  if (vehicle !== null && travelMinutes === null) {
    throw refuseAt('/travelMinutes', '用本系统的车转往系统外，请填行车分钟数，以便安排车辆、班组', 'a vehicle of this system drives: say how many minutes the road takes, so that vehicle and crew can be planned with')
  }
  return { pool: null, outside, travelMinutes }
}
