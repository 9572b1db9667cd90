import { dirname, join } from 'node:path'
import { POLICY_FIELDS, policySchema } from '../../src/planning/policy.js'
import type { Source } from './source.js'

export interface Project {
  /** Files of src and tests. */
  readonly sources: readonly Source[]
  readonly dependencies: readonly string[]
  readonly devDependencies: readonly string[]
  readonly readme: string | null
  /** Folders of src, and how much each holds. */
  readonly folders: readonly { readonly path: string; readonly entries: number }[]
}

/** A rule of style: everything that breaks it, as sentences that begin with the file. */
export type TidyRule = (project: Project) => string[]

/** From left to right; a room imports only from itself and from rooms to its left. */
const ROOMS: readonly (readonly string[])[] = [
  ['kernel'], ['db'], ['http'], ['access'], ['ledger'], ['facilities'], ['cases'], ['supplies'], ['stays'], ['planning'],
  ['dispatch'], ['day'], ['interop'], ['app'], ['main', 'worker', 'cli'],
]
const LINES_MAX = 300
/** Tables of rows are longer than code that one has to follow. */
const TEST_LINES_MAX = 350
const FOLDERS_MAX = 3

export const inSrc = ({ sources }: Project) => sources.filter(({ path }) => path.startsWith('src/'))
export const inTests = ({ sources }: Project) => sources.filter(({ path }) => path.startsWith('tests/'))
const isUnder = (path: string, places: readonly string[]): boolean =>
  places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place))
const resolved = (path: string, from: string): string => join(dirname(path), from).replace(/\.js$/, '.ts')

/** `src/cli/help.ts` and `src/cli.ts` are both of the room cli. */
const roomOf = (path: string): string => path.split('/')[1]?.replace(/\.ts$/, '') ?? ''
const rankOf = (room: string): number => ROOMS.findIndex((rooms) => rooms.includes(room))

export const importsGoLeft: TidyRule = (project) =>
  inSrc(project).flatMap(({ path, imports }) => {
    const room = roomOf(path)
    if (rankOf(room) < 0) return [`${path}: no room is called ${room}`]
    return imports.filter(({ from }) => from.startsWith('.')).flatMap(({ from }) => {
      const target = resolved(path, from)
      if (!target.startsWith('src/')) return [`${path} imports ${target}, outside src`]
      const other = roomOf(target)
      const isLeft = other === room || (rankOf(other) >= 0 && rankOf(other) < rankOf(room))
      return isLeft ? [] : [`${path} imports ${target}: ${other} is not to the left of ${room}`]
    })
  })

/** What README.md draws and says of the rooms is what there is; where it says nothing there is nothing to compare. */
export const readmeRooms: TidyRule = (project) => {
  const readme = project.readme ?? ''
  const there = new Set(inSrc(project).map(({ path }) => roomOf(path)))
  const drawn = drawnBelowSrc(readme) ?? there
  const inOrder = ROOMS.flat().filter((room) => there.has(room)).join(' · ')
  const said = readme.match(/^Imports go only to the left: `([^`]*)`/m)?.[1] ?? inOrder
  return [
    ...[...there].filter((room) => !drawn.has(room)).map((room) => `README.md does not draw src/${room}`),
    ...[...drawn].filter((room) => !there.has(room)).map((room) => `README.md draws src/${room}, which is empty`),
    ...(said === inOrder ? [] : [`README.md says ${said}, the rooms are ${inOrder}`]),
  ]
}

/** Rooms one step below `src/` in the first fenced tree that has it, folders and files; null: there is none. */
export function drawnBelowSrc(readme: string): ReadonlySet<string> | null {
  const columnOf = (line: string) => line.search(/[^\s│├└─|`+-]/)
  for (const [, fence = ''] of readme.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)) {
    const lines = fence.split('\n')
    const start = lines.findIndex((line) => /^[\s│├└─|`+-]*src\/(?:\s|$)/.test(line))
    if (start < 0) continue
    const src = columnOf(lines[start] ?? '')
    const after = lines.slice(start + 1)
    const end = after.findIndex((line) => columnOf(line) >= 0 && columnOf(line) <= src)
    const below = (end < 0 ? after : after.slice(0, end)).filter((line) => columnOf(line) > src)
    const column = Math.min(...below.map(columnOf))
    const children = below.filter((line) => columnOf(line) === column).map((line) => line.slice(column))
    return new Set(children.flatMap((line) => line.match(/^([\w-]+)(?:\/|\.ts\b)/)?.[1] ?? []))
  }
  return null
}

const SOLVER_MODULES = ['highs', 'javascript-lp-solver', 'node:worker_threads', 'node:perf_hooks']
const SOLVER_PLACES = ['src/planning/solve/', 'src/app/machine.ts']
const ENGINE_ROOM = /^src\/planning\/solve\/(?:machine|thread|solverThread|worker|highs|lpSolver|libraries)\.ts$/

/** Planning is pure: only solve/ knows solvers, threads and clocks, and only run.ts takes the machine from it. */
export const solversStayInSolve: TidyRule = (project) =>
  inSrc(project).filter(({ path }) => !isUnder(path, SOLVER_PLACES)).flatMap(({ path, imports }) => {
    const isPure = path.startsWith('src/planning/') && path !== 'src/planning/run.ts'
    const wrong = imports.filter(({ from, isType }) =>
      SOLVER_MODULES.includes(from) || (isPure && !isType && ENGINE_ROOM.test(resolved(path, from))))
    return wrong.map(({ from }) => `${path} imports ${from}`)
  })

/** Files of a slice that know the store, HTTP or both; the others say what things mean, and are pure. */
const STORE_FILES = /(?:^|\/)(?:store|[a-z]+Store|tables)\.ts$/
const ROUTE_FILES = /(?:^|\/)(?:routes|\w+Routes)\.ts$/

/** SQL and drizzle stand in stores and in db/ only. */
export const sqlStaysInStores: TidyRule = (project) =>
  inSrc(project).filter(({ path }) => !path.startsWith('src/db/') && !STORE_FILES.test(path)).flatMap(({ path, imports }) =>
    imports.filter(({ from }) => /^(?:drizzle-orm|postgres$|@electric-sql\/)/.test(from)).map(({ from }) => `${path} imports ${from}`))

/** Only routes and the app know HTTP: what they call can be called from elsewhere too. */
export const httpStaysAtTheDoor: TidyRule = (project) =>
  inSrc(project).filter(({ path }) => !/^src\/(?:http|app)\/|^src\/main\.ts$/.test(path) && !ROUTE_FILES.test(path)).flatMap(({ path, imports }) =>
    imports.filter(({ from }) => /^(?:hono$|hono\/|@hono\/)/.test(from) || resolved(path, from).startsWith('src/http/'))
      .map(({ from }) => `${path} imports ${from}`))

/** The rest of planning knows neither store nor door: a scenario goes in, a plan comes out. */
const PLANNING_DOORS = /^src\/planning\/(?:store|tables|routes|draftRoutes|materialRoutes|snapshot|runLoop|news)\.ts$/
export const planningIsPure: TidyRule = (project) =>
  inSrc(project).filter(({ path }) => path.startsWith('src/planning/') && !PLANNING_DOORS.test(path)).flatMap(({ path, imports }) =>
    imports.filter(({ from }) => from.startsWith('.') && (STORE_FILES.test(resolved(path, from)) || resolved(path, from).startsWith('src/db/')))
      .map(({ from }) => `${path} imports ${from}`))

const TIME_AND_CHANCE = /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b/
const MACHINE = new RegExp(`${TIME_AND_CHANCE.source}|\\bprocess\\b|\\bconsole\\b`, 'g')
/** Where the machine may be asked for time, chance, its environment and its screen. */
const MACHINE_PLACES = [
  'src/main.ts', 'src/worker.ts', 'src/cli.ts', 'src/cli/', 'src/app/machine.ts', 'src/app/process.ts', 'src/db/dataLock.ts',
  'src/planning/solve/machine.ts', 'src/planning/solve/worker.ts',
]

export const noMachineElsewhere: TidyRule = (project) =>
  inSrc(project).filter(({ path }) => !isUnder(path, MACHINE_PLACES)).flatMap(({ path, code }) =>
    [...code.matchAll(MACHINE)].map(([word]) => `${path} asks the machine: ${word}`))

/** An exception for a file that is gone would guard nothing. */
export const exceptionsExist: TidyRule = (project) =>
  [...MACHINE_PLACES, 'src/planning/solve/', 'src/planning/run.ts']
    .filter((place) => !inSrc(project).some(({ path }) => isUnder(path, [place])))
    .map((place) => `${place} has an exception, but no file`)

export const noAny: TidyRule = ({ sources }) =>
  sources.flatMap(({ path, code }) =>
    [...code.matchAll(/(?<![.\w$])any\b(?!\s*[:(])/g)].map(() => `${path} has the type any`))

const SUPPRESSED = /@ts-(?:ignore|expect-error|nocheck)|\b(?:eslint|biome|prettier|oxlint)-(?:disable|ignore)/g
export const nothingSuppressed: TidyRule = ({ sources }) =>
  sources.flatMap(({ path, comments }) =>
    [...comments.matchAll(SUPPRESSED)].map(([mark]) => `${path} suppresses: ${mark}`))

const UNFINISHED = /\b(?:TODO|FIXME|XXX|HACK)\b|\b[Nn]ot (?:yet )?implemented\b|尚未实现/g
export const nothingUnfinished: TidyRule = ({ sources }) =>
  sources.flatMap(({ path, text, code, comments }) => {
    // Words of comments and of strings; the pattern above is neither.
    const strings = [...code.matchAll(/(['"`])(\s*)\1/g)].map(({ index, 0: { length } }) =>
      text.slice(index, index + length))
    return [...[comments, ...strings].join('\n').matchAll(UNFINISHED)].map(([mark]) => `${path} is unfinished: ${mark}`)
  })

export const foldersAreShallow: TidyRule = (project) =>
  inSrc(project).filter(({ path }) => path.split('/').length - 2 > FOLDERS_MAX)
    .map(({ path }) => `${path} lies more than ${FOLDERS_MAX} folders deep`)

/** An empty folder passes for a room that rules could guard. */
export const noFolderIsEmpty: TidyRule = ({ folders }) =>
  folders.filter(({ entries }) => entries === 0).map(({ path }) => `${path} is empty`)

export const filesAreShort: TidyRule = ({ sources }) =>
  sources.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length
    return lines > (path.startsWith('tests/') ? TEST_LINES_MAX : LINES_MAX) ? [`${path} has ${lines} lines`] : []
  })

/** A field of the policy that nothing in planning reads would be accepted, validated and ignored. */
export const everyPolicyFieldIsUsed: TidyRule = (project) => {
  const planning = inSrc(project).filter(({ path }) => path.startsWith('src/planning/'))
  const code = planning.map((source) => source.code).join('\n')
  return POLICY_PATHS.filter((path) => !isRead(code, path)).map((path) => `policy field ${path.join('.')} is not read`)
}

const { timetable, travelEstimate } = policySchema.shape
const POLICY_PATHS: readonly (readonly [string, string?])[] = [
  ...POLICY_FIELDS.map((field) => [field] as const),
  ...Object.keys(timetable.shape).map((name) => ['timetable', name] as const),
  ...Object.keys(travelEstimate.unwrap().shape).map((name) => ['travelEstimate', name] as const),
]

/** `policy.a`, `policy.a.b`, `{ a } = … policy`, or `{ b } = … policy.a`; an estimate is `policy.travelEstimate`. */
function isRead(code: string, [field, inner]: readonly [string, string?]): boolean {
  const holders = [`policy\\.${field}`, ...(field === 'travelEstimate' ? ['estimate'] : [])]
  const holder = inner === undefined ? 'policy' : `(?:${holders.join('|')})`
  const name = inner ?? field
  const taken = `\\{[^{}]*\\b${name}\\b[^{}]*\\}\\s*=\\s*[\\w.]*\\b${holder}\\b`
  return new RegExp(`\\b${holder}\\.${name}\\b|${taken}`).test(code)
}

const EXPORTED = /^export\s+(?:async\s+)?(?:const|let|function\*?|type|interface|(?:abstract\s+)?class)\s+([\w$]+)/gm
const EXPORTED_LIST = /^export\s+(?:const\s+)?\{([^}]*)\}/gm

/** A function, constant, class or type that is exported and that nothing names, here or elsewhere. */
export const noDeadExports: TidyRule = (project) => {
  const uses = new Map<string, number>()
  for (const { code } of project.sources) {
    for (const [word] of code.matchAll(/[\p{L}\w$]+/gu)) uses.set(word, (uses.get(word) ?? 0) + 1)
  }
  return inSrc(project).flatMap(({ path, code }) =>
    exportedNames(code).filter((name) => uses.get(name) === 1).map((name) => `${path} exports ${name}, used by nobody`))
}

function exportedNames(code: string): string[] {
  const listed = [...code.matchAll(EXPORTED_LIST)].flatMap(([, list = '']) => list.split(','))
  const values = listed.map((part) => part.trim()).filter((part) => part !== '' && !part.startsWith('type '))
  return [
    ...[...code.matchAll(EXPORTED)].map(([, name = '']) => name),
    ...values.map((part) => part.split(/\s+as\s+|\s*:\s*/).at(-1) ?? part),
  ]
}

export const importsAreDeclared: TidyRule = (project) =>
  project.sources.flatMap(({ path, imports }) => imports.flatMap(({ from, isType }) => {
    if (from.startsWith('.') || from.startsWith('node:')) return []
    const name = from.split('/').slice(0, from.startsWith('@') ? 2 : 1).join('/')
    const isTool = path.startsWith('tests/') || isType
    const declared = [...project.dependencies, ...(isTool ? project.devDependencies : [])]
    return declared.includes(name) ? [] : [`${path} imports ${from}, which package.json does not declare`]
  }))

/** What a relative import names is there. */
export const importsExist: TidyRule = (project) => {
  const paths = new Set(project.sources.map(({ path }) => path))
  return project.sources.flatMap(({ path, imports }) => imports
    .filter(({ from }) => from.startsWith('.') && from.endsWith('.js') && !paths.has(resolved(path, from)))
    .map(({ from }) => `${path} imports ${from}, which is not there`))
}
