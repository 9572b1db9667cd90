import { sourceOf } from './source.js'
import * as rules from './tidyRules.js'
import * as testRules from './tidyTests.js'

type Files = Readonly<Record<string, string>>

/** A project that is not there: what its files say, and what else is asked of it. */
export const invented = (files: Files, readme: string | null = null): rules.Project => ({
  sources: Object.entries(files).map(([path, text]) => sourceOf(path, text)),
  dependencies: ['zod'], devDependencies: ['vitest'], readme, folders: [],
})
const src = (name: string, ...lines: string[]) => invented({ [`src/${name}`]: lines.join('\n') })
const inTest = (...lines: string[]) => invented({ 'tests/a.test.ts': lines.join('\n') })

/** Put together here, so that this file does not carry the mark itself. */
const mark = (...parts: readonly string[]) => parts.join('')

export const TREE = `\`\`\`
src/
  cli.ts        from a terminal
  kernel/       ids
  planning/
    solve/
tests/
\`\`\`
`
const DRAWN = { 'src/cli.ts': '', 'src/kernel/a.ts': '', 'src/planning/a.ts': '' }

/** A rule of style, its sentence, and small projects that break it: each must be found, or the rule guards nothing. */
export const RULES: [string, rules.TidyRule, [string, rules.Project][]][] = [
  ['rooms import only to the left', rules.importsGoLeft, [
    ['to the right', src('kernel/time.ts', "import { World } from '../planning/world.js'")],
    ['types too', src('facilities/beds.ts', "import type { Case } from '../cases/cases.js'")],
    ['from the terminal', src('interop/a.ts', "export { b } from '../cli/b.js'")],
    ['from a test', src('kernel/a.ts', "import { b } from '../b.js'")],
    ['from a room of the same rank', src('worker.ts', "import './cli/b.js'")],
    ['a room that nobody named', src('helpers/a.ts')],
  ]],
  ['README.md draws and says which rooms there are', rules.readmeRooms, [
    ['a room that is not drawn', invented({ ...DRAWN, 'src/cases/a.ts': '' }, TREE)],
    ['a room that is not there', invented({ 'src/cli.ts': '', 'src/kernel/a.ts': '' }, TREE)],
    ['a file that is not drawn', invented({ ...DRAWN, 'src/main.ts': '' }, TREE)],
    ['another order of imports', invented(DRAWN, 'Imports go only to the left: `planning · kernel · cli`.')],
  ]],
  ['solvers, threads and stopwatches stay in planning/solve', rules.solversStayInSolve, [
    ['a solver in a rule', src('planning/rules/a.ts', "import loader from 'highs'")],
    ['the other solver', src('planning/check.ts', "const s = await import('javascript-lp-solver')")],
    ['a thread', src('planning/model.ts', "import { Worker } from 'node:worker_threads'")],
    ['a stopwatch', src('planning/run.ts', "import { performance } from 'node:perf_hooks'")],
    ['the machine', src('planning/levels.ts', "import { type Machine, thisMachine } from './solve/machine.js'")],
    ['an engine', src('planning/explain/a.ts', "import '../solve/highs.js'")],
  ]],
  ['SQL stays in stores', rules.sqlStaysInStores, [
    ['in a route', src('stays/routes.ts', "import { eq } from 'drizzle-orm'")],
    ['a driver', src('planning/runLoop.ts', "import postgres from 'postgres'")],
    ['the embedded one', src('app/app.ts', "import { PGlite } from '@electric-sql/pglite'")],
  ]],
  ['HTTP stays at the door', rules.httpStaysAtTheDoor, [
    ['in a command', src('stays/commands.ts', "import { send } from '../http/records.js'")],
    ['a type of it', src('stays/store.ts', "import type { Context } from 'hono'")],
    ['in the core', src('planning/check.ts', "import { z } from '@hono/zod-openapi'")],
  ]],
  ['planning knows neither store nor database', rules.planningIsPure, [
    ['its own store', src('planning/check.ts', "import { planOf } from './store.js'")],
    ['another slice', src('planning/rules/places.ts', "import type { Stay } from '../../stays/store.js'")],
    ['the database', src('planning/run.ts', "import type { Tx } from '../db/database.js'")],
  ]],
  ['only the terminal and solve/ ask the machine for time, chance, environment or screen', rules.noMachineElsewhere, [
    ['the clock', src('kernel/time.ts', 'const now = Date.now()')],
    ['the date', src('planning/world.ts', 'const now = new Date( )')],
    ['a stopwatch', src('planning/run.ts', 'performance.now()')],
    ['chance', src('kernel/canonical.ts', 'Math.random()')],
    ['the environment', src('interop/a.ts', "process.env['LANG']")],
    ['the screen', src('planning/solve/thread.ts', 'console.error(1)')],
    ['inside a template', src('planning/world.ts', 'const a = `at ${Date.now()}`')],
  ]],
  ['every file with an exception is there', rules.exceptionsExist, [['none of them', src('kernel/a.ts')]]],
  ['nothing has the type any', rules.noAny, [
    ['an argument', src('a.ts', 'const f = (x: any) => x')],
    ['an element', src('a.ts', 'const x: Record<string, any> = {}')],
    ['a list', inTest('let x: any[]')],
    ['a cast', inTest('const y = x as any')],
  ]],
  ['nothing is suppressed', rules.nothingSuppressed, [
    ['an error of the compiler', src('a.ts', '// @ts-expect-error it works', 'f()')],
    ['a whole file', inTest('/* @ts-nocheck */')],
    ['a rule of a linter', src('a.ts', '// eslint-disable-next-line', 'f()')],
    ['another linter', src('a.ts', '// biome-ignore lint: no', 'f()')],
  ]],
  ['nothing is unfinished', rules.nothingUnfinished, [
    ['a mark', src('a.ts', `// ${mark('TO', 'DO')} later`)],
    ['a mark inside a longer comment', src('a.ts', '/** Counts.', ` * ${mark('FIX', 'ME')}: wrong`, ' */')],
    ['a sentence', src('a.ts', `throw new Error('${mark('not imple', 'mented')}')`)],
    ['a mark in a template', src('a.ts', `const a = \`${mark('XX', 'X')}\``)],
  ]],
  ['no test is left out', testRules.noTestLeftOut, [
    ['skipped', inTest("it.skip('counts', () => {})")],
    ['alone', inTest("describe.only('beds', () => {})")],
    ['rows skipped', inTest("test.skip.each([1])('%i', () => {})")],
    ['promised', inTest("test.todo('counts')")],
    ['under a condition', inTest("test.runIf(false)('counts', () => {})")],
  ]],
  ['folders are at most three deep below src', rules.foldersAreShallow, [
    ['four deep', src('planning/rules/places/beds/a.ts')],
  ]],
  ['no folder of src is empty', rules.noFolderIsEmpty, [
    ['a room without files', { ...src('kernel/a.ts'), folders: [{ path: 'src/db', entries: 0 }] }],
  ]],
  ['no file is longer than 300 lines', rules.filesAreShort, [
    ['301 lines', src('a.ts', ...Array.from({ length: 301 }, (_, i) => `const a${i} = ${i}`))],
  ]],
  ['every field of the policy is read in planning', rules.everyPolicyFieldIsUsed, [
    ['named only in its schema, a string and a comment', invented({
      'src/planning/policy.ts': "const schema = { waysOut: z.array() } // policy.waysOut\nconst a = 'policy.waysOut'",
    })],
    ['read only at the edge', src('interop/a.ts', 'policy.waysOut')],
  ]],
  ['nothing is exported that nobody uses', rules.noDeadExports, [
    ['a function', src('a.ts', 'export function lost(): void {}')],
    ['a type', src('a.ts', 'export type Lost = string')],
    ['an interface', src('a.ts', 'export interface Lost {}')],
    ['a constant named only in a comment and a string', invented({
      'src/a.ts': 'export const lost = 1', 'src/b.ts': "// lost\nconst a = 'lost'",
    })],
    ['one of a list', invented({ 'src/a.ts': 'export const { lost, used } = both', 'src/b.ts': 'used' })],
  ]],
  ['tests of one file have names of their own', testRules.testNamesAreDistinct, [
    ['twice in one group', inTest("describe('beds', () => {", "  it('count', f)", "  test('count', f(1))", '})')],
    ['twice the same rows', inTest("test.each(rows(1))('bed %s', f)", "test.each<[string]>([['(']])('bed %s', f)")],
  ]],
  ['every import is declared in package.json', rules.importsAreDeclared, [
    ['a package that came along', src('a.ts', "import fc from 'pure-rand'")],
    ['a scoped one', inTest("import { x } from '@vitest/expect/y'")],
    ['a tool of the tests in the program', src('a.ts', "import { expect } from 'vitest'")],
    ['a part of Node without its prefix', src('a.ts', "import { readFileSync } from 'fs'")],
  ]],
  ['every import leads to a file', rules.importsExist, [
    ['a file that is gone', src('a.ts', "import { b } from './b.js'")],
    ['the file of a thread that is gone', src('a.ts', "new Worker(new URL('./b.js', import.meta.url))")],
  ]],
]
