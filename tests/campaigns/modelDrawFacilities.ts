import type { Draw } from './modelChance.js'
import { blockRow, placeRow, PLACE_KINDS, poolRow, POOLS, roadRow, roadsOf, vehicleRow, VEHICLES } from './modelCity.js'
import { asks, type DrawCommand } from './modelDrawCommon.js'
import { present } from './modelState.js'
import type { Fields } from './modelWords.js'

const SOURCE = { source: 'register' }
const perhaps = (draw: Draw, percent: number, other: Fields): Fields => (draw.chance(percent) ? other : {})

export const putPlace: DrawCommand = (draw) => {
  const id = draw.of(Object.keys(PLACE_KINDS))
  const [kind, unit] = PLACE_KINDS[id] ?? ['home', 'U1']
  return asks('putPlace', id, { ...placeRow(draw, id, kind, unit), ...SOURCE, ...perhaps(draw, 12, { unit: 'U9' }), ...perhaps(draw, 6, { kind: 'home' }), ...perhaps(draw, 25, { underCommand: false }) })
}
/** Now and then at another place, where somebody lies or has lain, or is on the way to. */
export const putPool: DrawCommand = (draw) => {
  const id = draw.of([...Object.keys(POOLS), 'hubB/new', 'hubB/new', 'hubB/new'])
  return asks('putPoolOfBeds', id, { ...poolRow(draw, id), ...SOURCE, ...(id === 'hubB/new' ? { place: draw.of(['hubB', 'hubB', 'rsv', 'rsv', 'nowhere']), block: null } : {}), ...perhaps(draw, 15, { place: draw.of(['dist', 'hubA', 'inn', 'nowhere', 'rsv', 'rsv']), block: null }), ...perhaps(draw, 5, { block: 'rsv#9' }), ...perhaps(draw, 8, { careLevel: 'severe' }) })
}
export const putBlock: DrawCommand = (draw, state) => {
  const id = draw.of(['rsv#1', 'rsv#2', 'rsv#3', 'rsv#3'])
  const opened = present(state, 'reserve-blocks', id)?.body['opened'] === true
  const sequence = id === 'rsv#3' ? { sequence: draw.of([2, 3]) } : {}
  return asks('putReserveBlock', id, { ...blockRow(draw, id, draw.chance(80) ? opened : !opened), ...SOURCE, ...sequence, ...perhaps(draw, id === 'rsv#3' ? 60 : 8, { place: draw.of(['hubA', 'nowhere']) }) })
}
export const putVehicle: DrawCommand = (draw) => {
  const id = draw.of([...VEHICLES, 'v4'])
  return asks('putVehicle', id, { ...vehicleRow(draw, id), ...SOURCE, ...perhaps(draw, 10, { base: 'nowhere' }), ...perhaps(draw, 10, { availableFrom: '22:00', availableTo: '06:00' }) })
}
/** Under an id of any kind: what counts is from where to where. */
export const putTravel: DrawCommand = (draw) => {
  const [from, to, minutes] = draw.of(roadsOf())
  const road = draw.chance(20) ? roadRow(draw, 'rsv', 'inn', 55) : draw.chance(10) ? roadRow(draw, to, from, minutes) : roadRow(draw, from, to, minutes)
  const id = draw.chance(30) ? 'a-road' : `${String(road['from'])}→${String(road['to'])}`
  return asks('putTravelTime', id, { ...road, ...SOURCE, ...perhaps(draw, 18, { to: 'nowhere' }) })
}
export const putTeam: DrawCommand = (draw) =>
  asks('putExpertTeam', draw.of(['hubA-team', 'team-2']), { name: { zh: '组', en: 'team' }, station: draw.of(['hubA', 'hubB', 'nowhere']), underCommand: draw.chance(80), ...SOURCE })
export const putUnit: DrawCommand = (draw) =>
  asks('putReportingUnit', draw.of(['U1', 'U2', 'U3']), { name: { zh: '区', en: 'unit' }, gbt2260: draw.of([null, '500101', '500101']), longitude: null, latitude: null, ...SOURCE })
