import { h } from './schemas.js'
import { currentLanguage, place, word } from './words.js'

const SHOWN_MAX = 200_000

/** A form that asks a reading operation, and shows what it answers. */
export function tryForm(path, parameters) {
  const inputs = new Map()
  const out = h('div', { class: 'answer', 'aria-live': 'polite' })
  let running = null
  const button = h('button', { type: 'submit' }, word('send'))
  const form = h('form', {
    class: 'try',
    novalidate: true,
    onsubmit: (event) => {
      event.preventDefault()
      if (running === null) void send()
      else running.abort()
    },
  }, h('div', { class: 'inputs' }, ...parameters.map((parameter) => {
    const input = inputOf(parameter)
    inputs.set(parameter, input)
    const required = parameter.required ? h('span', { class: 'required' }, '＊') : null
    return h('label', {}, h('span', {}, h('code', {}, parameter.name), required, h('small', {}, ` ${place(parameter.in)}`)), input)
  })), button, out)

  async function send() {
    const missing = [...inputs].find(([parameter, input]) => parameter.required && input.value === '')
    if (missing !== undefined) {
      out.replaceChildren(h('p', { class: 'bad' }, `${word('missing')} ${missing[0].name}`))
      missing[1].focus()
      return
    }
    const { address, headers } = requestOf(path, inputs)
    running = new AbortController()
    button.textContent = word('stop')
    out.replaceChildren(h('p', {}, h('code', {}, `GET ${address}`)), h('p', { class: 'note' }, word('sending')))
    try {
      await show(await fetch(address, { headers, signal: running.signal }), { address, out })
    } catch (error) {
      if (error.name !== 'AbortError') out.append(h('p', { class: 'bad' }, word('unreachable')))
    }
    running = null
    button.textContent = word('send')
  }
  return form
}

function inputOf({ schema = {}, example, name }) {
  const values = schema.enum ?? (schema.type === 'boolean' ? ['true', 'false'] : null)
  if (values !== null) return h('select', { name }, h('option', { value: '' }, ''), ...values.map((value) => h('option', { value }, value)))
  const hint = schema.default ?? (schema.format === 'date-time' ? '2020-01-30T08:00:00+08:00' : '')
  return h('input', { name, value: example ?? '', placeholder: hint, autocomplete: 'off', spellcheck: 'false' })
}

/** What the filled-in form asks for. */
function requestOf(path, inputs) {
  let address = path
  const query = new URLSearchParams()
  const headers = { 'Accept-Language': currentLanguage() }
  for (const [parameter, { value }] of inputs) {
    if (value === '') continue
    if (parameter.in === 'path') address = address.replace(`{${parameter.name}}`, encodeURIComponent(value))
    else if (parameter.in === 'query') query.append(parameter.name, value)
    else headers[parameter.name] = value
  }
  const asked = query.toString()
  return { address: asked === '' ? address : `${address}?${asked}`, headers }
}

async function show(response, { address, out }) {
  const type = response.headers.get('content-type') ?? ''
  const told = ['etag', 'content-type', 'x-request-id'].flatMap((name) => {
    const value = response.headers.get(name)
    return value === null ? [] : [h('div', {}, h('dt', {}, name), h('dd', {}, value))]
  })
  out.replaceChildren(
    h('p', {}, h('span', { class: response.ok ? 'status good' : 'status bad' }, String(response.status)), ' ', h('code', {}, `GET ${address}`)),
    h('dl', {}, ...told))
  if (type.startsWith('text/event-stream')) return showStream(response, out)
  if (/json|text\//.test(type)) {
    out.append(h('pre', { tabindex: '0' }, pretty(await response.text(), type)))
    return
  }
  const content = await response.blob()
  out.append(h('p', {}, `${word('file')}: ${content.size} ${word('bytes')} `, h('a', { href: address, download: '' }, word('save'))))
}

async function showStream(response, out) {
  const lines = h('pre', { tabindex: '0' })
  out.append(lines)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    lines.append(value)
  }
}

function pretty(body, type) {
  const shown = type.includes('json') ? indented(body) : body
  return shown.length > SHOWN_MAX ? `${shown.slice(0, SHOWN_MAX)}\n…` : shown
}

function indented(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
