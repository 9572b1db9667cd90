import { curlOf } from './curl.js'
import { detailsOf, fieldsOf, h, schemaId, typeOf } from './schemas.js'
import { signInForm } from './signIn.js'
import { tryForm } from './try.js'
import { chooseLanguage, currentLanguage, place, tagName, textOf, told, word } from './words.js'

const METHODS = ['get', 'put', 'post', 'delete', 'patch']
const main = document.getElementById('main')
const contents = document.getElementById('contents')
const search = document.getElementById('search')

let api = null
let problems = []

const operationId = ({ operationId: id }) => `op-${id}`

function operationsOf(of) {
  return Object.entries(of.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method] !== undefined).map((method) => ({ path, method, ...item[method] })))
}

const resolved = (parameter) => (parameter.$ref === undefined ? parameter : api.components.parameters[parameter.$ref.split('/').at(-1)])
const isCommon = (parameter) => parameter.$ref !== undefined

/** Everything anew in the chosen language; what was open stays open. */
function render() {
  const open = [...document.querySelectorAll('details.op[open], details.schema-box[open]')].map(({ id }) => id)
  document.documentElement.lang = currentLanguage() === 'zh' ? 'zh-CN' : 'en'
  document.getElementById('skip').textContent = word('skip')
  document.getElementById('search-label').textContent = word('search')
  search.placeholder = word('search')
  for (const button of document.querySelectorAll('[data-language]')) button.setAttribute('aria-pressed', String(button.dataset.language === currentLanguage()))
  if (api === null) return
  document.getElementById('version').textContent = api.info.version
  const operations = operationsOf(api)
  const tags = api.tags.map((tag) => ({ ...tag, operations: operations.filter(({ tags: [own] }) => own === tag.name) }))
  contents.setAttribute('aria-label', word('contents'))
  contents.replaceChildren(...contentsOf(tags))
  main.replaceChildren(guide(), ...tags.map(tagSection), schemaSection(), problemSection())
  for (const id of open) document.getElementById(id)?.setAttribute('open', '')
  narrow()
}

function contentsOf(tags) {
  const group = (title, links) => h('section', {}, h('h2', {}, title), h('ul', {}, ...links))
  const item = (href, ...label) => h('li', {}, h('a', { href }, ...label))
  return [
    group(word('guide'), api.info['x-guide'].map(({ id, title }) => item(`#${id}`, textOf(title)))),
    ...tags.map((tag) => group(tagName(tag.name), tag.operations.map((operation) =>
      h('li', { class: 'find', 'data-find': findable(operation) },
        h('a', { href: `#${operationId(operation)}` }, badge(operation.method), h('span', {}, told(operation.summary))))))),
    group(word('schemas'), [item('#schemas', `${word('schemas')} (${Object.keys(api.components.schemas).length})`)]),
    group(word('problems'), [item('#problems', `${word('problems')} (${problems.length})`)]),
    h('p', {}, h('a', { href: '/openapi.json' }, word('document'))),
  ]
}

const badge = (method) => h('span', { class: `method ${method}` }, method.toUpperCase())
const findable = ({ path, method, summary, operationId: id }) => `${method} ${path} ${summary} ${id}`.toLowerCase()

const guide = () => h('section', { class: 'guide' },
  h('h1', {}, api.info.title),
  signInForm(api.components.schemas.DemonstrationRole.properties.role['x-words']),
  ...api.info['x-guide'].map(({ id, title, says, sample }) => h('section', { id },
    h('h2', {}, textOf(title)), h('p', {}, textOf(says)), sample === null ? null : sampleBox(sample))))

function sampleBox(sample) {
  const copy = h('button', { type: 'button', class: 'copy', onclick: () => void navigator.clipboard?.writeText(sample).then(() => { copy.textContent = word('copied') }) }, word('copy'))
  return h('div', { class: 'sample' }, h('pre', { tabindex: '0' }, sample), copy)
}

const tagSection = (tag) => h('section', { class: 'tag' },
  h('h2', {}, tagName(tag.name)), h('p', { class: 'note' }, told(tag.description)), ...tag.operations.map(operationBox))

/** Drawn when it is opened: most are never read. */
function lazily(details, draw) {
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(...draw())
  })
  return details
}

const operationBox = (operation) => lazily(
  h('details', { class: `op ${operation.method}`, id: operationId(operation), 'data-find': findable(operation) },
    h('summary', {}, badge(operation.method), h('code', { class: 'path' }, operation.path), h('span', { class: 'says' }, told(operation.summary)))),
  () => operationParts(operation))

function operationParts(operation) {
  const all = operation.parameters ?? []
  const own = all.filter((parameter) => !isCommon(parameter))
  const [type, body] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  return [h('div', { class: 'inside' },
    h('p', {}, told(operation.description)),
    own.length === 0 ? null : h('h3', {}, word('parameters')), own.length === 0 ? null : parameterTable(own),
    h('details', { class: 'minor' }, h('summary', {}, `${word('parameters')}: ${word('common')}`), parameterTable(all.filter(isCommon).map(resolved))),
    body === undefined ? null : h('h3', {}, word('body'), ' ', h('small', {}, type)),
    body === undefined || type !== 'application/json' ? null : bodyFields(body.schema),
    body?.example === undefined ? null : h('h3', {}, word('example')),
    body?.example === undefined ? null : sampleBox(JSON.stringify(body.example, null, 2)),
    h('h3', {}, word('answers')), answers(operation.responses),
    h('h3', {}, word('curl')), sampleBox(curlOf(operation, { parameters: own, type, body, origin: location.origin })),
    operation.method === 'get' ? h('h3', {}, word('try')) : null,
    operation.method === 'get' ? tryForm(operation.path, own) : null)]
}

/** A body is shown where it is sent, under the name it has elsewhere. */
function bodyFields(schema) {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? fieldsOf(schema) : [h('p', {}, ...typeOf(schema)), fieldsOf(api.components.schemas[name])]
}

const table = (titles, rows) => h('div', { class: 'scroll' }, h('table', {},
  h('thead', {}, h('tr', {}, ...titles.map((title) => h('th', { scope: 'col' }, title)))), h('tbody', {}, ...rows)))

const parameterTable = (parameters) => table(['name', 'type', 'meaning'].map(word), parameters.map((parameter) => h('tr', {},
  h('th', { scope: 'row' }, h('code', {}, parameter.name), parameter.required ? h('span', { class: 'required', title: word('required') }, '＊') : null, h('small', {}, ` ${place(parameter.in)}`)),
  h('td', { class: 'type' }, ...typeOf(parameter.schema)),
  h('td', {}, ...detailsOf({ ...parameter.schema, description: parameter.description })))))

function answers(responses) {
  return table([word('status'), word('type'), word('meaning')], Object.entries(responses).map(([status, { description, content }]) => {
    const [type, of] = Object.entries(content ?? {})[0] ?? []
    const isProblem = type === 'application/problem+json'
    return h('tr', { class: isProblem ? 'problem' : null },
      h('th', { scope: 'row' }, h('span', { class: `status ${/^2/.test(status) ? 'good' : 'bad'}` }, status === 'default' ? '…' : status)),
      h('td', { class: 'type' }, ...(type === 'application/json' || isProblem ? typeOf(of.schema) : [type ?? ''])),
      h('td', {}, told(description), type === 'application/json' && of.schema.properties !== undefined ? h('details', {}, h('summary', {}, '{ … }'), fieldsOf(of.schema)) : null))
  }))
}

const schemaSection = () => h('section', { id: 'schemas' }, h('h2', {}, word('schemas')),
  ...Object.entries(api.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => lazily(
    h('details', { class: 'schema-box', id: schemaId(name) }, h('summary', {}, h('code', {}, name))),
    () => [h('div', { class: 'inside' }, fieldsOf(schema))])))

const problemSection = () => h('section', { id: 'problems' }, h('h2', {}, word('problems')), h('p', { class: 'note' }, word('problemsSay')),
  table([word('status'), word('code'), word('meaning')], problems.map(({ code, status, title }) => h('tr', { id: `problem-${code}` },
    h('th', { scope: 'row' }, h('span', { class: 'status bad' }, String(status))), h('td', {}, h('code', {}, code)),
    h('td', {}, textOf(title), h('small', { class: 'other' }, ` ${currentLanguage() === 'zh' ? title.en : title.zh}`))))))

/** Shows only what the search asks for. */
function narrow() {
  const wanted = search.value.trim().toLowerCase().split(/\s+/)
  const fits = (element) => wanted.every((part) => element.dataset.find.includes(part))
  for (const element of document.querySelectorAll('[data-find]')) element.hidden = !fits(element)
  for (const section of document.querySelectorAll('section.tag, #contents section')) {
    const found = [...section.querySelectorAll('[data-find]')]
    section.hidden = search.value !== '' && !found.some(({ hidden }) => !hidden)
  }
  document.querySelector('.guide').hidden = search.value !== ''
}

/** What the address names is opened and shown. */
function goToAddress() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (target === null) return
  if (target instanceof HTMLDetailsElement) {
    target.open = true
    target.querySelector('summary').focus({ preventScroll: true })
  }
  requestAnimationFrame(() => target.scrollIntoView())
}

for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => {
    chooseLanguage(button.dataset.language)
    render()
  })
}
search.addEventListener('input', () => {
  if (api !== null) narrow()
})
addEventListener('hashchange', goToAddress)
addEventListener('keydown', (event) => {
  const isTyping = /^(?:INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '')
  if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
    event.preventDefault()
    search.focus()
  }
})

const read = async (address) => (await fetch(address)).json()
render()
try {
  [api, problems] = await Promise.all([read('/openapi.json'), read('/docs/problems.json')])
  render()
  goToAddress()
} catch {
  main.replaceChildren(h('p', { class: 'bad' }, word('failed')))
}
