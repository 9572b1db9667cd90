import { asSchema, asSchemas, type Document, propertiesOf, type Schema } from './fuzzDocument.js'

/** What says nothing of a value; any other word that is not read below is a fault of the document's reader. */
const SILENT = new Set([
  'description', 'default', 'example', 'examples', 'title', 'deprecated', 'format', '$ref', 'anyOf', 'allOf',
  'oneOf',
])
const READ = new Set([
  'type', 'enum', 'const', 'minLength', 'maxLength', 'pattern', 'minimum', 'maximum',
  'exclusiveMinimum', 'exclusiveMaximum', 'items', 'minItems', 'maxItems',
  'properties', 'required', 'additionalProperties', 'propertyNames',
])
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/
const FAULTS_MAX = 5

/** Where a value is not what the schema says, as sentences; empty: it is. Says so too when it cannot read the schema. */
export function faultsOf(document: Document, given: Schema, value: unknown, at = ''): string[] {
  const schema = document.resolved(given)
  const unread = Object.keys(schema).filter((word) => !SILENT.has(word) && !word.startsWith('x-') && !READ.has(word))
  const kinds = [...asSchemas(schema['anyOf']), ...asSchemas(schema['oneOf'])]
  const isOfKind = kinds.some((one) => faultsOf(document, one, value, at).length === 0)
  const faults = [
    ...unread.map((word) => `${at}: nobody reads ${word}`),
    ...asSchemas(schema['allOf']).flatMap((one) => faultsOf(document, one, value, at)),
    ...(kinds.length === 0 || isOfKind ? [] : [`${at}: is of no kind that is allowed: ${brief(value)}`]),
    ...typeFaults(schema, value, at),
    ...plainFaults(schema, value, at),
  ]
  if (Array.isArray(value)) faults.push(...arrayFaults(document, schema, value, at))
  else if (typeof value === 'object' && value !== null) faults.push(...objectFaults(document, schema, value, at))
  return faults.slice(0, FAULTS_MAX)
}

const brief = (value: unknown): string => JSON.stringify(value)?.slice(0, 80) ?? 'nothing'

function typeOf(value: unknown): string[] {
  if (value === null) return ['null']
  if (Array.isArray(value)) return ['array']
  if (typeof value === 'number') return Number.isInteger(value) ? ['number', 'integer'] : ['number']
  return [typeof value]
}

function typeFaults({ type }: Schema, value: unknown, at: string): string[] {
  if (type === undefined) return []
  const types = Array.isArray(type) ? type : [type]
  return typeOf(value).some((one) => types.includes(one)) ? [] : [`${at}: is ${typeOf(value)[0]}, not ${types.join(' or ')}`]
}

function plainFaults(schema: Schema, value: unknown, at: string): string[] {
  const faults: string[] = []
  const number = (word: string): number | null => (typeof schema[word] === 'number' ? schema[word] : null)
  const must = (holds: boolean, what: string) => {
    if (!holds) faults.push(`${at}: ${what}: ${brief(value)}`)
  }
  if (Array.isArray(schema['enum'])) must(schema['enum'].includes(value), 'is none of the words')
  if ('const' in schema) must(schema['const'] === value, 'is another value')
  if (typeof value === 'string') {
    must([...value].length >= (number('minLength') ?? 0), 'is too short')
    must([...value].length <= (number('maxLength') ?? Infinity), 'is too long')
    if (typeof schema['pattern'] === 'string') must(new RegExp(schema['pattern'], 'u').test(value), 'has another form')
    if (schema['format'] === 'date-time') must(INSTANT.test(value) && !Number.isNaN(Date.parse(value)), 'is no time')
  }
  if (typeof value === 'number') {
    must(value >= (number('minimum') ?? -Infinity) && value > (number('exclusiveMinimum') ?? -Infinity), 'is too small')
    must(value <= (number('maximum') ?? Infinity) && value < (number('exclusiveMaximum') ?? Infinity), 'is too large')
  }
  if (Array.isArray(value)) {
    must(value.length >= (number('minItems') ?? 0) && value.length <= (number('maxItems') ?? Infinity), 'has another length')
  }
  return faults
}

const arrayFaults = (document: Document, schema: Schema, value: readonly unknown[], at: string): string[] =>
  (schema['items'] === undefined ? [] : value.flatMap((item, index) => faultsOf(document, asSchema(schema['items']), item, `${at}/${index}`)))

function objectFaults(document: Document, schema: Schema, value: object, at: string): string[] {
  const properties = propertiesOf(schema)
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : []
  const more = schema['additionalProperties']
  const faults = required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${at}: has no ${name}`)
  for (const [name, member] of Object.entries(value)) {
    const own = properties[name]
    if (own !== undefined) faults.push(...faultsOf(document, own, member, `${at}/${name}`))
    else if (more === false) faults.push(`${at}: has ${name}, which is not told of`)
    else if (typeof more === 'object' && more !== null) faults.push(...faultsOf(document, asSchema(more), member, `${at}/${name}`))
    if (schema['propertyNames'] !== undefined) faults.push(...faultsOf(document, asSchema(schema['propertyNames']), name, `${at}/${name} (name)`))
  }
  return faults
}
