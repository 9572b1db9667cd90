import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Context, Hono } from 'hono'
import { MIGRATIONS } from '../db/migrations.js'
import type { Env } from '../http/service.js'
import { sha256 } from '../kernel/canonical.js'
import { STAMP } from '../kernel/drill.js'
import { remembered } from '../kernel/remembered.js'
import { REFUSALS } from '../kernel/refusal.js'
import { ADDRESS } from './samples.js'

/** The page is files for a browser, which no compiler carries along: they are read where they lie. */
const FOLDER = join(dirname(MIGRATIONS), 'src', 'app', 'docs')

/** A page that may load and ask only what comes from here. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const FILES: readonly (readonly [path: string, file: string, type: string])[] = [
  ['/docs', 'index.html', 'text/html; charset=utf-8'],
  ['/docs/docs.js', 'docs.js', 'text/javascript; charset=utf-8'],
  ['/docs/schemas.js', 'schemas.js', 'text/javascript; charset=utf-8'],
  ['/docs/words.js', 'words.js', 'text/javascript; charset=utf-8'],
  ['/docs/signIn.js', 'signIn.js', 'text/javascript; charset=utf-8'],
  ['/docs/curl.js', 'curl.js', 'text/javascript; charset=utf-8'],
  ['/docs/try.js', 'try.js', 'text/javascript; charset=utf-8'],
  ['/docs/docs.css', 'docs.css', 'text/css; charset=utf-8'],
  ['/docs/icon.svg', 'icon.svg', 'image/svg+xml'],
]

/** The closed list of codes, for the page. */
const problems = (): string => JSON.stringify(Object.entries(REFUSALS).map(([code, [status, title]]) => ({ code, status, title })))

interface Page { readonly body: string; readonly etag: string }
const etagFor = (words: string): string => `"${sha256(words).slice(0, 32)}"`
const withEtag = (body: string): Page => ({ body, etag: etagFor(body) })

/** The same page where it says at which address it was asked for: kept once for all addresses, and another at each. */
const at = (address: string, { body, etag }: Page): Page => ({ get body() { return body.replaceAll(ADDRESS, address) }, etag: etagFor(etag + address) })

/** In a drill the page says so above everything else, script or no script. */
const banner = (page: string, isDrill: boolean): string =>
  (isDrill ? page.replace('<title>', `<title>${STAMP} · `).replace('<body>', `<body>\n  <p class="drill">${STAMP}</p>`) : page)

/** The documentation: the document, and a page that shows it, all from here. `document` is asked once. */
export function docsRoutes(document: () => object, { isDrill, addressAt }: { isDrill: boolean; addressAt: (c: Context<Env>) => string }) {
  const app = new Hono<Env>()
  const found = new Map<string, Page>()
  const serve = (path: string, type: string, read: () => string, isOfAddress = false) => {
    app.get(path, (c) => {
      const kept = remembered(found, path, () => withEtag(read()))
      const page = isOfAddress ? at(addressAt(c), kept) : kept
      const { etag } = page
      c.header('Content-Security-Policy', PAGE_POLICY)
      c.header('Cache-Control', 'no-cache')
      c.header('ETag', etag)
      const seen = (c.req.header('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
      return seen.includes(etag) ? c.body(null, 304) : c.body(page.body, 200, { 'content-type': type })
    })
  }
  for (const [path, file, type] of FILES) serve(path, type, () => banner(readFileSync(join(FOLDER, file), 'utf8'), isDrill && path === '/docs'))
  serve('/docs/problems.json', 'application/json; charset=utf-8', problems)
  serve('/openapi.json', 'application/json; charset=utf-8', () => JSON.stringify(document()), true)
  return app
}
