import { type Language, type Text, text } from '../kernel/text.js'
import { keysOf, type Vocabulary } from '../kernel/vocabulary.js'
import type { Described } from './described.js'
import { FIELD_NOTES } from './fieldNotes.js'

/** As much of a schema as is looked at here. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
  readonly anyOf?: readonly Shape[]
  readonly type?: string | readonly string[]
  readonly $ref?: string
  readonly description?: string
  readonly 'x-words'?: Vocabulary<string>
}

/** A column: whence in a row its value comes, what people call it, and, where the value is a code, the words for it. */
export interface ListColumn {
  readonly path: readonly string[]
  readonly note: Text | null
  readonly words: Vocabulary<string> | null
}

/** A list as a table: under which name its rows stand in the answer, whether it comes by pages, and its columns. */
export interface ListTable { readonly rows: string; readonly isPaged: boolean; readonly columns: readonly ListColumn[] }

/** A field that holds fields is a column for each, and so are those; what lies deeper stands in one cell. */
const DEEPEST = 3

/**
 * The table of each list, by `GET` and its address, from the documentation: an empty list has its titles too. A list has
 * pages of `items`, or is an answer of nothing but rows, all on one page.
 */
export function listTables({ paths = {}, components }: Described): ReadonlyMap<string, ListTable> {
  const shapes: Shapes = (components?.schemas ?? {}) as Shapes
  const found = new Map<string, ListTable>()
  for (const [path, item] of Object.entries(paths)) {
    const page = item.get?.responses?.['200'] as { content?: Record<string, { schema?: Shape }> } | undefined
    const list = named(shapes, page?.content?.['application/json']?.schema)
    const fields = list.shape.properties ?? {}
    const [only, ...others] = Object.keys(fields)
    const rows = 'items' in fields ? 'items' : others.length === 0 ? only : undefined
    const row = named(shapes, named(shapes, fields[rows ?? '']).shape.items, `${list.name}.${rows ?? ''}`)
    if (rows === undefined || row.shape.properties === undefined) continue
    const isPaged = item.get?.parameters?.some((parameter) => 'name' in parameter && parameter.name === 'limit') ?? false
    found.set(`GET ${path}`, { rows, isPaged, columns: columnsOf(shapes, row) })
  }
  return found
}

type Shapes = Readonly<Record<string, Shape>>
interface Named { readonly name: string; readonly shape: Shape }

/** What a schema is and what it is called, whether or not it may also be null; one without a name of its own has that of where it stands. */
function named(shapes: Shapes, shape: Shape = {}, where = ''): Named {
  const [one, ...others] = shape.anyOf?.filter(({ type }) => type !== 'null') ?? []
  if (one !== undefined && others.length === 0) return named(shapes, one, where)
  const name = shape.$ref?.split('/').at(-1)
  return name === undefined ? { name: where, shape } : { name, shape: shapes[name] ?? {} }
}

/** What is said in either language has a column for each. */
const LANGUAGES = { zh: text('中文', 'Chinese'), en: text('英文', 'English') } as const satisfies Vocabulary<Language>
const isInBoth = ({ properties = {} }: Shape): boolean => Object.keys(properties).sort().join() === keysOf(LANGUAGES).toSorted().join()
const inLanguage = (note: Text, language: Language): Text => text(`${note.zh}（${LANGUAGES[language].zh}）`, `${note.en} (${LANGUAGES[language].en})`)

interface Within { readonly path: readonly string[]; readonly note: Text | null }

function columnsOf(shapes: Shapes, row: Named, within: Within = { path: [], note: null }): ListColumn[] {
  return Object.entries(row.shape.properties ?? {}).flatMap(([field, of]): ListColumn[] => {
    const one = named(shapes, of, `${row.name}.${field}`)
    const path = [...within.path, field]
    const own = describedBy(of) ?? noteOf(`${row.name}.${field}`) ?? noteOf(field)
    const note = within.note === null || own === null ? own ?? within.note : text(`${within.note.zh}：${own.zh}`, `${within.note.en}: ${own.en}`)
    if (isInBoth(one.shape)) return keysOf(LANGUAGES).map((language) => ({ path: [...path, language], note: note === null ? null : inLanguage(note, language), words: null }))
    if (one.shape.properties !== undefined && path.length < DEEPEST) return columnsOf(shapes, one, { path, note })
    const words = one.shape['x-words'] ?? named(shapes, one.shape.items).shape['x-words'] ?? null
    return [{ path, note, words }]
  })
}

/** What a field says of itself: Chinese, then English on a line of its own. */
function describedBy({ description = '' }: Shape): Text | null {
  const [zh, en] = description.split('\n')
  return zh === undefined || en === undefined ? null : text(zh, en)
}

/** What a field means, by its own name or by that of its row and its own, as the documentation has it. */
const noteOf = (key: string): Text | null => (Object.hasOwn(FIELD_NOTES, key) ? FIELD_NOTES[key] ?? null : null)
