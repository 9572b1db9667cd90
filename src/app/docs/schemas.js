import { told, textOf, word } from './words.js'

/** An element with its properties and children; text is always text, never markup. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

const REFERENCE = /^#\/components\/schemas\/(.+)$/
export const schemaId = (name) => `schema-${name}`

const nameIn = (schema) => REFERENCE.exec(schema?.$ref ?? '')?.[1] ?? null
const link = (name) => h('a', { href: `#${schemaId(name)}`, class: 'schema' }, name)

/** A type in one line, as pieces of text and links. */
export function typeOf(schema) {
  if (schema === undefined || schema === null || Object.keys(schema).length === 0) return ['…']
  const name = nameIn(schema)
  if (name !== null) return [link(name)]
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives !== undefined) return joined(alternatives.map(typeOf))
  if (schema.allOf !== undefined) return schema.allOf.flatMap(typeOf)
  if (Array.isArray(schema.type)) return joined(schema.type.map((type) => typeOf({ ...schema, type })))
  if (schema.enum !== undefined) return schema['x-words'] === undefined && schema.enum.length <= 3 ? joined(schema.enum.map((value) => [code(value)])) : [word('oneOf'), ' …']
  if (schema.const !== undefined) return [code(schema.const)]
  if (schema.type === 'array') return [word('listOf'), ...typeOf(schema.items)]
  if (schema.type === 'object' && schema.properties === undefined && schema.additionalProperties) {
    return [word('record'), ...typeOf(schema.additionalProperties)]
  }
  return [schema.type === 'string' ? schema.format ?? 'string' : schema.type ?? '…']
}

const code = (value) => h('code', {}, JSON.stringify(value))
const joined = (parts) => parts.flatMap((part, i) => (i === 0 ? part : [` ${word('or')} `, ...part]))

/** What limits a value, in one line. */
function limitsOf(schema) {
  const { minimum, maximum, minLength, maxLength, maxItems, pattern } = schema
  const parts = []
  if (minimum !== undefined || maximum !== undefined) parts.push(`${minimum ?? ''}…${maximum ?? ''}`)
  if (maxLength !== undefined) parts.push(`${word('letters')} ${minLength ?? 0}…${maxLength}`)
  else if (minLength === 1) parts.push(word('notEmpty'))
  if (maxItems !== undefined) parts.push(`≤ ${maxItems}`)
  if (pattern !== undefined) parts.push(pattern)
  if (schema.default !== undefined) parts.push(`${word('fallback')} ${JSON.stringify(schema.default)}`)
  return parts
}

/** Every limit of a schema and of its alternatives, and what its words mean. */
export function detailsOf(schema = {}) {
  const alternatives = schema.anyOf ?? schema.oneOf ?? []
  const limits = [schema, ...alternatives.filter((one) => nameIn(one) === null)].flatMap(limitsOf)
  const items = schema.type === 'array' && schema.items !== undefined ? schema.items : schema
  return [
    schema.description === undefined ? null : h('span', {}, told(schema.description)),
    limits.length === 0 ? null : h('span', { class: 'limits' }, limits.join(' · ')),
    ...[items, ...alternatives].map(wordsOf),
  ]
}

/** A closed list of words with what each means. */
function wordsOf(schema) {
  if (schema.enum === undefined) return null
  const meanings = schema['x-words']
  if (meanings === undefined) return schema.enum.length > 3 ? h('span', { class: 'words' }, ...schema.enum.map(code)) : null
  return h('ul', { class: 'words' }, ...schema.enum.map((value) => h('li', {}, code(value), ` ${textOf(meanings[value] ?? { zh: '', en: '' })}`)))
}

/** The fields of an object; of a list, those of what it lists. */
export function fieldsOf(schema) {
  if (schema === undefined) return null
  const name = nameIn(schema)
  if (name !== null) return h('p', {}, link(name))
  if (schema.type === 'array') return h('div', {}, h('p', {}, ...typeOf(schema)), nameIn(schema.items) === null ? fieldsOf(schema.items) : null)
  const fields = Object.entries(schema.properties ?? {})
  if (fields.length === 0) return h('p', {}, ...typeOf(schema), ...detailsOf(schema))
  const required = new Set(schema.required ?? [])
  return h('div', { class: 'scroll' },
    h('table', { class: 'fields' },
      h('thead', {}, h('tr', {}, ...['name', 'type', 'meaning'].map((title) => h('th', { scope: 'col' }, word(title))))),
      h('tbody', {}, ...fields.map(([field, of]) => row(field, of, required.has(field))))),
    schema.additionalProperties === false ? h('p', { class: 'note' }, word('otherFields')) : null)
}

function row(field, schema, isRequired) {
  const inner = schema.type === 'array' ? schema.items : schema
  const hasFields = inner?.properties !== undefined
  return h('tr', {},
    h('th', { scope: 'row' }, h('code', {}, field), isRequired ? h('span', { class: 'required', title: word('required') }, '＊', h('span', { class: 'hidden' }, word('required'))) : null),
    h('td', { class: 'type' }, ...typeOf(schema)),
    h('td', {}, ...detailsOf(schema), hasFields ? h('details', {}, h('summary', {}, '{ … }'), fieldsOf(inner)) : null))
}
