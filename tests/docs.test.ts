import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { REFUSALS } from '../src/kernel/refusal.js'
import { freshDatabase } from './support/databases.js'
import { ask, type Served, serving } from './support/serving.js'

/** From the compiled tests to the page's own files. */
const FOLDER = fileURLToPath(new URL('../../src/app/docs/', import.meta.url))
const FILES = readdirSync(FOLDER)
const textOf = (file: string): string => readFileSync(join(FOLDER, file), 'utf8')

let served: Served
let end: () => Promise<void>
beforeAll(async () => {
  const fresh = await freshDatabase('embedded')
  end = fresh.end
  served = await serving(fresh.database)
})
afterAll(async () => {
  expect(served.bugs).toEqual([])
  await served.close()
  await end()
})
const get = (path: string, headers: Readonly<Record<string, string>> = {}) => ask(served.address, path, { headers })

describe('the page', () => {
  const rows: readonly (readonly [path: string, type: RegExp])[] = [
    ['/docs', /^text\/html; charset=utf-8$/],
    ['/docs/docs.css', /^text\/css; charset=utf-8$/],
    ['/docs/docs.js', /^text\/javascript; charset=utf-8$/],
    ['/docs/schemas.js', /^text\/javascript; charset=utf-8$/],
    ['/docs/try.js', /^text\/javascript; charset=utf-8$/],
    ['/docs/words.js', /^text\/javascript; charset=utf-8$/],
    ['/docs/icon.svg', /^image\/svg\+xml$/],
    ['/docs/problems.json', /^application\/json; charset=utf-8$/],
    ['/openapi.json', /^application\/json; charset=utf-8$/],
  ]
  test.each(rows)('%s is itself, and is not sent twice', async (path, type) => {
    const first = await get(path)
    expect([first.status, first.headers.get('content-type')]).toEqual([200, expect.stringMatching(type)])
    expect(first.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; .*frame-ancestors 'none'$/)
    expect(first.headers.get('cache-control')).toBe('no-cache')
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/)
    for (const seen of [etag, `"other", W/${etag}`]) {
      expect(await get(path, { 'if-none-match': seen })).toMatchObject({ status: 304, text: '' })
    }
    expect(await get(path, { 'if-none-match': '"other"' })).toMatchObject({ status: 200, text: first.text })
  })

  test('is where one comes first', async () => {
    const { status, headers } = await fetch(`${served.address}/`, { redirect: 'manual' })
    expect([status, headers.get('location')]).toEqual([302, '/docs'])
  })

  test('says at every field that takes a post what one looks like', async () => {
    interface Field { readonly pattern?: string; readonly anyOf?: readonly Field[]; readonly description?: string }
    const { components } = (await get('/openapi.json')).json as { components: { schemas: Readonly<Record<string, { readonly properties?: Readonly<Record<string, Field>> }>> } }
    const fields = Object.entries(components.schemas).flatMap(([name, { properties = {} }]) => Object.entries(properties).map(([field, of]) => ({ name: `${name}.${field}`, of })))
    const posts = fields.filter(({ of }) => [of, ...of.anyOf ?? []].some(({ pattern }) => pattern?.startsWith('^[A-Za-z0-9][A-Za-z0-9._-]{0,63}') === true))
    for (const name of ['Release.signedBy', 'OnBehalf.calledPost', 'ByPhone.answeredPost', 'SymptomsRuledOut.physician']) expect(posts.map((one) => one.name)).toContain(name)
    expect(posts.filter(({ of: { description = '' } }) => !description.includes('英文字母、数字和 . _ -') || !description.includes('ASCII letters'))).toEqual([])
  })

  test('has every code of a problem in both languages', async () => {
    expect((await get('/docs/problems.json')).json).toEqual(Object.entries(REFUSALS).map(([code, [status, title]]) => ({ code, status, title })))
  })
})

describe('the files of the page', () => {
  const [page, scripts] = [textOf('index.html'), FILES.filter((file) => file.endsWith('.js'))]

  test('are all served, and no other is asked for', async () => {
    for (const file of FILES) expect([file, (await get(file === 'index.html' ? '/docs' : `/docs/${file}`)).text]).toEqual([file, textOf(file)])
    const asked = FILES.filter((file) => !file.endsWith('.svg')).flatMap((file) =>
      [...textOf(file).matchAll(/(?:src|href)="(\/[^"#]*)"|from '\.(\/[^']*)'|await (?:fetch|read)\('([^']*)'\)|read\('([^']*)'\)/g)]
        .map(([, a, b, c, d]) => a ?? c ?? d ?? `/docs${b ?? ''}`))
    expect(asked.length).toBeGreaterThan(8)
    for (const path of new Set(asked)) expect([path, (await get(path)).status]).toEqual([path, 200])
  })

  test('keep to their policy: nothing inline, nothing from elsewhere, text never as markup', () => {
    expect(page).not.toMatch(/ style=| on\w+=|javascript:|https?:|<style|<script(?![^>]* src=")/i)
    for (const file of [...scripts, 'docs.css']) {
      expect([file, textOf(file).match(/\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function)\b|https?:|@import|url\(|'style'/)?.[0]]).toEqual([file, undefined])
    }
  })

  test('ask by word only for words that there are', () => {
    const words = textOf('words.js')
    const known = new Set([...words.matchAll(/^ {2}(\w+): [[{]/gm)].map(([, name]) => name))
    const said = new Set(scripts.flatMap((file) => [...textOf(file).matchAll(/\bword\('(\w+)'\)/g)].map(([, name]) => name)))
    expect([...said].filter((name) => !known.has(name))).toEqual([])
    // `where` is asked by place(), these three by a list of titles.
    const others = ['where', 'name', 'type', 'meaning']
    expect([...known].filter((name) => !said.has(name) && !others.includes(String(name)))).toEqual([])
  })
})

describe('every answer', () => {
  test.each(['/docs', '/api/places', '/api/places/none', '/nothing', '/healthz', '/metrics', '/openapi.json'])('is sealed: %s', async (path) => {
    const { headers } = await get(path)
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/)
    expect(['x-content-type-options', 'x-frame-options', 'referrer-policy', 'cross-origin-resource-policy'].map((name) => headers.get(name)))
      .toEqual(['nosniff', 'DENY', 'no-referrer', 'same-origin'])
    expect(headers.get('cache-control')).toBe(/docs|openapi/.test(path) ? 'no-cache' : 'no-store')
  })

  test('is sealed when the host is wrong', async () => {
    const { status, headers } = await get('/docs', { origin: 'http://elsewhere.example' })
    expect([status, headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual([421, 'nosniff', 'no-store'])
  })
})
