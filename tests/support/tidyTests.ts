import { inTests, type TidyRule } from './tidyRules.js'

const LEFT_OUT = /\b(?:describe|it|test)(?:\.\w+)*\.(?:skip|only|todo|fails|skipIf|runIf)\b|\b[xf](?:it|describe)\(/g

export const noTestLeftOut: TidyRule = (project) =>
  inTests(project).flatMap(({ path, code }) =>
    [...code.matchAll(LEFT_OUT)].map(([call]) => `${path} leaves tests out: ${call}`))

/** Within one file every test has a name of its own. A name that is all template has its rows for names. */
export const testNamesAreDistinct: TidyRule = (project) =>
  inTests(project).flatMap(({ path, text, code }) => {
    const names = testNames(text, code).filter((name) => !/(?:^|> )(?:%[a-z]|\$\w+|\W)+$/.test(name))
    const twice = new Set(names.filter((name, i) => names.indexOf(name) !== i))
    return [...twice].map((name) => `${path} has two tests called "${name}"`)
  })

interface Call {
  readonly word: string
  readonly title: string
  readonly from: number
  readonly to: number
}

/** `group > inner group > test`, for every test of a file. */
function testNames(text: string, code: string): string[] {
  const calls = [...code.matchAll(/(?:\b(describe|it|test)(?:\.\w+)*|\))\(\s*(['"`])/g)].flatMap((match): Call[] => {
    const quote = match.index + match[0].length
    const title = text.slice(quote, code.indexOf(match[2] ?? '', quote))
    const word = match[1] ?? wordBefore(code, match.index)
    return word === null ? [] : [{ word, title, from: match.index, to: closing(code, quote) }]
  })
  const groupsOf = ({ from }: Call) =>
    calls.filter((outer) => outer.word === 'describe' && outer.from < from && from < outer.to)
  return calls.filter(({ word }) => word !== 'describe')
    .map((call) => [...groupsOf(call), call].map(({ title }) => title).join(' > '))
}

/** `test.each(rows)('…'` : the word before the parentheses that close at `index`. */
function wordBefore(code: string, index: number): string | null {
  let depth = 0
  for (let i = index; i >= 0; i -= 1) {
    depth += code[i] === ')' ? 1 : code[i] === '(' ? -1 : 0
    if (depth === 0) return code.slice(0, i).match(/\b(describe|it|test)\.\w+(?:<[^()]*>)?$/)?.[1] ?? null
  }
  return null
}

/** Where the call closes in whose parentheses `index` lies. */
function closing(code: string, index: number): number {
  let depth = 1
  for (let i = index; i < code.length; i += 1) {
    depth += code[i] === '(' ? 1 : code[i] === ')' ? -1 : 0
    if (depth === 0) return i
  }
  return code.length
}
