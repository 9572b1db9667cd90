import type { Fields } from './modelWords.js'

/** A row of which nobody stated anything is one of which all is assumed. */
const ALL_FIELDS = {
  cases: [
    'unit', 'status', 'severity', 'place', 'pool', 'waitingSince', 'fitness', 'fitnessAssessedAt', 'fitnessValidUntil', 'needs', 'sex', 'ageBand', 'companion',
    'dischargeDue', 'travelExceptionUntil',
  ],
  pools: ['place', 'block', 'careLevel', 'attributes', 'physical', 'staffed', 'occupied', 'held', 'protected', 'oxygenBeds'],
}

/** A record once somebody has said some of it: what was assumed is not, once somebody says it. */
export function stated(body: Fields, said: Fields, kind: keyof typeof ALL_FIELDS = 'cases'): Fields {
  const before = body['assumed'] as string[]
  const fields = before.includes('*') ? ALL_FIELDS[kind] : before
  const left = fields.filter((field) => !(field in said))
  return { ...body, ...said, assumed: left.length === fields.length ? before : left }
}
