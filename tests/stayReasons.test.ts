import { describe, expect, test } from 'vitest'
import { unplacedOf } from '../src/planning/explain/stays.js'
import { CENTRALISED, type CityPatch, city, people } from './support/city.js'
import { onPaper } from './support/planning.js'

const reasonsOf = (patch: CityPatch): Record<string, string> =>
  Object.fromEntries(unplacedOf(onPaper(city(patch), {})).map(({ patient, rule, reason }) => [patient, `${rule}: ${reason.en}`]))

describe('why somebody stays', () => {
  test('unfit, expired and never assessed read differently', () => {
    const severe = { severity: 'severe' } as const
    expect(reasonsOf({
      pools: { 'hub/severe': {} },
      cases: {
        'south-1': { ...severe, fitness: 'unfit' },
        'south-2': { ...severe, fitnessAssessedAt: '2020-01-28T12:00:00+08:00' },
        'south-3': { ...severe, fitness: 'unknown', fitnessAssessedAt: null },
      },
    })).toEqual({
      'south-1': 'fitness: assessed as not fit to travel, so stays for now',
      'south-2': 'fitness: the fitness-to-travel assessment has expired and has to be made again, so stays for now',
      'south-3': 'fitness: no fitness-to-travel assessment, so stays for now',
    })
  })

  const two: CityPatch = {
    places: { a: CENTRALISED, hub: CENTRALISED }, travel: { 'dist→a': 99, 'dist→hub': 37 },
    pools: { 'a/ordinary': {}, 'hub/ordinary': {} }, cases: people(1),
  }
  test('without an ambulance the nearest hospital is named, not the first', () => {
    expect(reasonsOf({ ...two, fleet: 'listed', vehicles: { V1: { fleet: 'north' } } })).toEqual({
      'south-1': 'vehicleMinutes: the hub has a bed, but no ambulance may carry this case',
    })
  })

  test('where nobody is taken in, that is said, ambulances unlimited or not', () => {
    const shut = { ...two, places: { a: { ...CENTRALISED, underCommand: false }, hub: { ...CENTRALISED, arrivalsPerHour: 'unknown' as const } } }
    const said = { 'south-1': 'arrivalsPerHour: the hub takes no arrivals, or did not say how many an hour' }
    expect(reasonsOf(shut)).toEqual(said)
    expect(reasonsOf({ ...shut, fleet: 'listed', vehicles: { V1: {} } })).toEqual(said)
  })
})
