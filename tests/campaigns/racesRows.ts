/** Bodies of records as the API takes them, with as little in them as it allows. */
const source = { source: 'race', assumed: [], asOf: null }

export const unitBody = (name: string) =>
  ({ name: { zh: name, en: name }, gbt2260: null as string | null, aliases: [], longitude: null, latitude: null, ...source })

export const placeBody = (unit: string) => ({
  name: { zh: '医院', en: 'Hospital' }, kind: 'centralisedTreatmentHospital', unit, underCommand: true, longitude: null,
  latitude: null, arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', ...source,
})

export const poolBody = (place: string) => ({
  place, block: null, careLevel: 'ordinary', attributes: [], protected: 0, oxygenBeds: 'notTracked', ...source,
})

export const personBody = (unit: string) => ({
  unit, status: 'confirmed', severity: 'ordinary', waitingSince: null, fitness: 'unknown', fitnessAssessedAt: null,
  fitnessValidUntil: null, needs: [], sex: 'unknown', ageBand: 'unknown', companion: null, dischargeDue: null,
  travelExceptionUntil: null, ...source,
})

export const fitBody = (unit: string) => ({ ...personBody(unit), fitness: 'fit', fitnessAssessedAt: '2020-01-30T00:00:00+08:00' })

/** Somebody whose isolation could have ended already, had it begun. */
export const noticeBody = (unit: string) => ({ unit, kind: 'closeContact', lastExposure: '2020-01-10', expectedOn: '2020-01-30', site: null, source: 'race' })
