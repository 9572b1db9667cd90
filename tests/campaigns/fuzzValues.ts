import type { Chance } from './racesChance.js'
import { asSchema, asSchemas, type Document, propertiesOf, type Schema } from './fuzzDocument.js'
import type { Found } from './fuzzFound.js'

/** The collection whose ids a field of this name refers to. */
const REFERS: Readonly<Record<string, string>> = {
  unit: 'reporting-units', fleet: 'reporting-units', place: 'places', station: 'places', base: 'places', from: 'places', to: 'places',
  block: 'reserve-blocks', patient: 'cases', vehicle: 'vehicles', pool: 'pools', case: 'cases/free', companion: 'cases',
  item: 'items', substitute: 'items', lot: 'lots', onLoanFrom: 'places', earmark: 'places', suppliedBy: 'reporting-units',
}
export const INSTANTS = [
  '2020-01-30T00:00:00+08:00', '2020-01-30T07:07:07+08:00', '2020-02-01T00:00:00Z', '2024-02-29T23:59:59.999+08:00', '2019-12-01T00:00:00Z',
  '2020-03-01T00:00:00-11:30',
]
const SPECIMENS = ['500101', '06:30', '24:00', '2020-01-30', 'fuzz-1', 'a', '渝中区', '0-14', 'x'.repeat(60)]

/** Draws values that a schema takes, at its edges as often as not. */
export class Values {
  constructor(private readonly document: Document, private readonly found: Found, private readonly chance: Chance) {}

  /** A value for a field of this name. */
  of(given: Schema, name: string): unknown {
    const schema = this.document.resolved(given)
    const kinds = [...asSchemas(schema['anyOf']), ...asSchemas(schema['oneOf'])]
    if (kinds.length > 0) return this.of(this.chance.one(kinds), name)
    if (Array.isArray(schema['enum'])) return this.chance.one(schema['enum'])
    if ('const' in schema) return schema['const']
    const types = Array.isArray(schema['type']) ? schema['type'].map(String) : [String(schema['type'])]
    const type = types.includes('null') && this.chance.below(3) > 0 ? 'null' : this.chance.one(types.filter((one) => one !== 'null'))
    return this.ofType(type, schema, name)
  }

  /** An object with what it must have, and each of the rest half of the time. */
  object(schema: Schema): Record<string, unknown> {
    const required = Array.isArray(schema['required']) ? schema['required'].map(String) : []
    const members = Object.entries(propertiesOf(schema))
      .filter(([name]) => required.includes(name) || this.chance.below(2) === 0)
      .map(([name, inner]) => [name, this.of(inner, name)] as const)
    return Object.fromEntries(members)
  }

  private ofType(type: string, schema: Schema, name: string): unknown {
    if (type === 'null') return null
    if (type === 'boolean') return this.chance.below(2) === 0
    if (type === 'integer' || type === 'number') return this.number(schema, type === 'integer')
    if (type === 'string') return this.text(schema, name)
    if (type === 'array') {
      const most = typeof schema['maxItems'] === 'number' ? schema['maxItems'] : 3
      return Array.from({ length: this.chance.below(most + 1) }, () => this.of(asSchema(schema['items'] ?? {}), name))
    }
    if (type === 'object') return this.object(schema)
    return this.chance.one<unknown>([7, 'words', null, { a: [1] }])
  }

  private number(schema: Schema, isWhole: boolean): number {
    const low = typeof schema['minimum'] === 'number' ? schema['minimum'] : 0
    const high = typeof schema['maximum'] === 'number' ? schema['maximum'] : 1_000_000
    const somewhere = low + this.chance.next() * Math.min(high - low, 90)
    return this.chance.one([low, high, isWhole ? Math.floor(somewhere) : somewhere, Math.min(high, low + 7)])
  }

  private text(schema: Schema, name: string): string {
    const shortest = typeof schema['minLength'] === 'number' ? schema['minLength'] : 0
    const longest = typeof schema['maxLength'] === 'number' ? Math.min(schema['maxLength'], 400) : 60
    if (schema['format'] === 'date-time') return this.chance.one(INSTANTS)
    if (schema['format'] === 'date') return `202${this.chance.below(6)}-0${1 + this.chance.below(9)}-1${this.chance.below(10)}`
    if (typeof schema['pattern'] === 'string') {
      const pattern = new RegExp(schema['pattern'], 'u')
      const fitting = SPECIMENS.filter((word) => pattern.test(word))
      return fitting.length === 0 ? 'fuzz' : this.chance.one(fitting)
    }
    const collection = Object.hasOwn(REFERS, name) ? REFERS[name] : undefined
    const referred = collection !== undefined && this.chance.below(10) > 0 ? this.found.one(collection, this.chance) : null
    // Where less room is than for an id, another number of the same name is meant: that of a lot on its packing.
    if (referred !== null && referred.length <= longest) return referred
    return this.chance.one(['测', 'word', 'x'.repeat(longest), '=1+1', '‘quoted’', 'a|b', '#', '\u202Eturned', 'zero\u200Bwidth', 'ﾊﾝ', '🛏️'])
      .slice(0, longest).padEnd(shortest, 'x')
  }
}
