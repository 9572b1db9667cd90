import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { foldersBelow, sourcesBelow } from './support/source.js'
import { invented, RULES, TREE } from './support/tidyBreaches.js'
import { drawnBelowSrc, everyPolicyFieldIsUsed, type Project } from './support/tidyRules.js'

/** The tests run from dist/, so the project is where package.json is. */
const rootAbove = (folder: string): string =>
  existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder))
const ROOT = rootAbove(dirname(fileURLToPath(import.meta.url)))
const packages = z.record(z.string(), z.string())
const manifest = z.object({ dependencies: packages, devDependencies: packages })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))
const README = join(ROOT, 'README.md')
const PROJECT: Project = {
  sources: ['src', 'tests'].flatMap((folder) => sourcesBelow(ROOT, folder)),
  dependencies: Object.keys(manifest.dependencies), devDependencies: Object.keys(manifest.devDependencies),
  readme: existsSync(README) ? readFileSync(README, 'utf8') : null, folders: foldersBelow(ROOT, 'src'),
}

describe('the style of the house', () => {
  test.each(RULES)('%s', (_, rule) => expect(rule(PROJECT)).toEqual([]))
})

describe('a rule of style', () => {
  const breaches = RULES.flatMap(([says, rule, projects]) =>
    projects.map(([how, project]) => [`${says}: ${how}`, rule, project] as const))
  test.each(breaches)('finds when broken: %s', (_, rule, project) => expect(rule(project)).not.toEqual([]))

  test('reads the files that there are', () => {
    const imports = PROJECT.sources.find(({ path }) => path === 'src/planning/run.ts')?.imports ?? []
    expect(imports.map(({ from }) => from)).toContain('./solve/machine.js')
    expect(imports.find(({ from }) => from === './plan.js')?.isType).toBe(true)
    expect(PROJECT.sources.some(({ path }) => path === 'tests/tidy.test.ts')).toBe(true)
  })

  test('lets pass what is right', () => {
    const project = invented({
      'src/cli.ts': `import { a } from './kernel/a.js'
        import type { World } from './planning/world.js'
        process.env
        export const b = [a, World]`,
      'src/kernel/a.ts': `import { z } from 'zod'
        // many companies, any of them
        export const a = expect.any(z) / 2 / 1, c = /[/'"]any/.test(\`any \${{ a: '}' }.a} performance\`) ? 1 : c`,
      'src/planning/world.ts': "import type { Machine } from './solve/machine.js'\nexport type World = Machine",
      'src/planning/run.ts': "import { thisMachine } from './solve/machine.js'\nthisMachine",
      'src/planning/solve/worker.ts': '',
      'src/planning/solve/machine.ts': `import { performance } from 'node:perf_hooks'
        export const thisMachine = performance`,
      'src/cli/b.ts': "import { b } from '../cli.js'\nb",
      'src/main.ts': '', 'src/worker.ts': '', 'src/app/machine.ts': '', 'src/app/process.ts': '', 'src/db/dataLock.ts': '',
      'tests/a.test.ts': `import { test } from 'vitest'
        test('a', f)
        describe('b', () => {
          test('a', f)
        })
        describe('c', () => {
          test('a', f)
          test.each(x)('%s', f)
          test.each(y)('%s', f)
        })`,
    }, `# Project\n\n${TREE.replace('src/\n', 'src/\n  main.ts\n  worker.ts\n  app/\n  db/\n')}\nImports go only to the left: \`kernel · db · planning · app · main · worker · cli\`.\n`)
    const others = RULES.filter(([, rule]) => rule !== everyPolicyFieldIsUsed)
    expect(others.flatMap(([, rule]) => rule(project))).toEqual([])
  })
})

describe('a tree in README.md', () => {
  const rows: [string, string, string[] | null][] = [
    ['indented by spaces', TREE, ['cli', 'kernel', 'planning']],
    ['drawn with branches', `\`\`\`text
.
├── src/
│   ├── kernel/   ids
│   │   └── inner/
│   └── main.ts  web
└── tests/
\`\`\``, ['kernel', 'main']],
    ['the last in its fence', '```\nREADME.md\nsrc/\n  kernel/\n```\n', ['kernel']],
    ['that draws something else', '```\nnpm test\n```', null],
    ['that is none', '# Words\nsrc/ holds the code', null],
  ]
  test.each(rows)('%s', (_, text, names) => {
    const drawn = drawnBelowSrc(text)
    expect(drawn === null ? null : [...drawn].sort()).toEqual(names)
  })
})
