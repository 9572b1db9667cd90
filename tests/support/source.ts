import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file as the style test reads it: `code` is as long as `text`, its comments, strings and patterns blanked out. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly code: string
  readonly comments: string
  readonly imports: readonly Import[]
}

export interface Import {
  readonly from: string
  /** Only types: nothing is left of it at run time. */
  readonly isType: boolean
}

export function sourceOf(path: string, text: string): Source {
  const { code, comments } = parted(text)
  return { path, text, code, comments, imports: importsOf(text, code) }
}

/** Every TypeScript file below a folder of the project, by path. */
export function sourcesBelow(root: string, folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')))
}

export const foldersBelow = (root: string, folder: string): { path: string; entries: number }[] => {
  const inside = readdirSync(join(root, folder), { withFileTypes: true })
  const deeper = inside.filter((entry) => entry.isDirectory()).map((entry) => `${folder}/${entry.name}`)
  return [{ path: folder, entries: inside.length }, ...deeper.flatMap((path) => foldersBelow(root, path))]
}

const STATEMENT = /\b(?:import|export)\s+(type\s+)?([\w*$\s,]*(?:\{[^}]*\})?)\s*from\s*['"]/g
const OTHER_IMPORT = /\bimport\s*\(?\s*['"]|\bnew URL\(\s*['"]/g

function importsOf(text: string, code: string): Import[] {
  return [...code.matchAll(STATEMENT), ...code.matchAll(OTHER_IMPORT)].flatMap((match) => {
    const start = match.index + match[0].length
    const listed = /^\s*\{([^}]*)\}\s*$/.exec(match[2] ?? '')?.[1] ?? 'a value'
    const onlyTypes = listed.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '))
    const from = text.slice(start, code.indexOf(code[start - 1] ?? '', start))
    // A URL may be of anything; only one of a module is an import.
    if (match[0].startsWith('new') && !/^\.{1,2}\/.*\.js$/.test(from)) return []
    return [{ from, isType: match[1] !== undefined || onlyTypes }]
  })
}

/** A slash begins a regular expression where no value stands before it. */
const VALUE_BEFORE = /(?:[\w$)\]}]|['"`])$/
const WORD_BEFORE = /\b(?:return|typeof|case|in|of|new|delete|void|await|yield)$/

/** Splits a file into code and comments; what is neither is blanked, lines and columns are kept. */
function parted(text: string): { code: string; comments: string } {
  let code = ''
  let comments = ''
  // For each `${` that is open: how many braces are open inside it.
  const braces: number[] = []
  const blank = (part: string) => part.replace(/[^\n]/g, ' ')
  let i = 0
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = i
    return pattern.exec(text)?.[0] ?? ''
  }
  const string = (part: string) => {
    code += part.length < 2 ? part : part.charAt(0) + blank(part.slice(1, -1)) + part.charAt(part.length - 1)
    i += part.length
  }
  /** Text of a template up to its end or the next expression. */
  const template = () => {
    const part = take(/(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)?/y)
    const opens = part.endsWith('${')
    code += blank(part.slice(0, opens ? -2 : -1)) + (opens ? ' {' : '`')
    i += part.length
    if (opens) braces.push(0)
  }
  while (i < text.length) {
    const letter = text.charAt(i)
    const comment = letter === '/' ? take(/\/\/[^\n]*|\/\*[\s\S]*?\*\//y) : ''
    const before = code.trimEnd()
    if (comment !== '') {
      comments += `${comment}\n`
      code += blank(comment)
      i += comment.length
    } else if (letter === '/' && (!VALUE_BEFORE.test(before) || WORD_BEFORE.test(before))) {
      string(take(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/|\//y))
    } else if (letter === '\'' || letter === '"') {
      string(take(letter === '"' ? /"(?:[^"\\\n]|\\.)*"?/y : /'(?:[^'\\\n]|\\.)*'?/y))
    } else if (letter === '`') {
      code += letter
      i += 1
      template()
    } else if (letter === '}' && braces.at(-1) === 0) {
      braces.pop()
      code += letter
      i += 1
      template()
    } else {
      const depth = braces.pop()
      if (depth !== undefined) braces.push(depth + (letter === '{' ? 1 : letter === '}' ? -1 : 0))
      code += letter
      i += 1
    }
  }
  return { code, comments }
}
