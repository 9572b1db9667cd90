import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const CLI = fileURLToPath(new URL('../src/cli.js', import.meta.url))
const run = (...words: string[]) => spawnSync(process.execPath, [CLI, ...words], { encoding: 'utf8' })

const home = mkdtempSync(join(tmpdir(), 'sijizhong-process-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('the process', () => {
  test.each<[string[], number, RegExp, RegExp]>([
    [[], 2, /^$/, /^没有写命令.*\nNo command was given\. Commands: plan, verify, check, schema/],
    [['planx'], 2, /^$/, /There is no command "planx"/],
    [['--help'], 0, /plan \[scenario folder\]/, /^$/],
    [['schema', 'plan'], 0, /^\{\n {2}"\$schema"/, /^$/],
    [['plan', '--json', '--csv'], 2, /^$/, /--csv must be followed by a folder/],
    [['check', 'scenarios/nothing-to-do', 'no-plan.json'], 2, /^$/, /no-plan\.json: there is no such file/],
  ])('%j', (words, status, out, err) => {
    const ended = run(...words)
    expect(ended.stdout).toMatch(out)
    expect(ended.stderr).toMatch(err)
    expect(ended.status).toBe(status)
  })

  test('a reader who leaves early is no error', () => {
    const piped = `"${process.execPath}" "${CLI}" schema scenario | head -n 1`
    const ended = spawnSync('sh', ['-c', piped], { encoding: 'utf8' })
    expect(ended).toMatchObject({ status: 0, stdout: '{\n', stderr: '' })
  })

  test('a plan that must not be carried out is not called right, however right its sums are', () => {
    const folder = 'scenarios/impossible-demand'
    const planned = run('plan', folder, '--json', '--no-second-opinion')
    const file = join(home, 'impossible.json')
    writeFileSync(file, planned.stdout)
    const checked = run('check', folder, file, '--lang', 'en')
    expect(checked).toMatchObject({ status: 3, stdout: '0 violations\nthe plan says of itself: impossible; it is not to be carried out as it stands\n' })
  })

  test('a plan goes out whole, comes back, and is checked without a solver; a changed one is caught', () => {
    const folder = 'scenarios/one-full-one-empty'
    const planned = run('plan', folder, '--json', '--no-second-opinion')
    expect(planned.stderr).toBe('')
    expect(planned.status).toBe(0)
    const file = join(home, 'plan.json')
    writeFileSync(file, planned.stdout)
    expect(run('check', folder, file, '--lang', 'en')).toMatchObject({ status: 0, stdout: '0 violations\n' })
    writeFileSync(file, planned.stdout.replace('"travelMinutes": ', '"travelMinutes": 9'))
    expect(run('check', folder, file).status).toBe(3)
  })
})
