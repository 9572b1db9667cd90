import { OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import type { Database, Tx } from '../db/database.js'
import type { Clock } from '../kernel/clock.js'
import { type Detail, DETAILS_MAX, Refused } from '../kernel/refusal.js'
import type { Principal, Reach } from '../kernel/roles.js'
import type { Day } from '../kernel/time.js'
import { type Language, type Text, text } from '../kernel/text.js'
import type { Guards } from './problem.js'

/** What routes need of the world. */
export interface Service {
  readonly db: Database
  readonly clock: Clock
  /** The store is for a drill: everything that leaves it says so. */
  readonly isDrill: boolean
  /** What the database's own guards say. */
  readonly guards: Guards
  /** Everything that contradicts itself in the picture of the city, as it stands in this transaction. */
  readonly faultsOf: (tx: Tx, now: Date) => Promise<readonly Contradiction[]>
  /** What of a diagnosis the edition in force on that day does not know; null: nothing, or that day has none. */
  readonly diagnosisFault: (tx: Tx, diagnosis: Diagnosis) => Promise<Detail | null>
  /** What would be right where zod says what is wrong. */
  readonly wantOf: (issue: z.core.$ZodIssue) => Text
}

/** How ill somebody is, and on which day that was judged. */
export interface Diagnosis {
  readonly day: Day
  readonly status: string
  readonly severity: string
}

/** One place where the picture contradicts itself. `key`: what it is, whatever other rows its words name today. */
export interface Contradiction {
  readonly key: string
  readonly detail: () => Detail
}

/** What a request carries on its way through the routes. */
export interface Env {
  Variables: {
    requestId: string
    language: Language
    /** Who asks. */
    who: Principal
    /** Where they may do what they ask for. */
    reach: Reach
    /** The same, asked again by the same cookie or key, for an answer that goes on; null: they may not any more. */
    reachNow: () => Promise<Reach | null>
  }
}

/** A hono app whose doors refuse with every mistake at once. */
export function routesOf({ wantOf }: Pick<Service, 'wantOf'>) {
  return new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (result.success) return undefined
      const part = result.target === 'json' ? '' : `${result.target}:`
      throw new Refused({
        code: 'invalidInput',
        text: text('请按所列各处改正后再提交', 'mend the places listed and send it again'),
        details: result.error.issues.slice(0, DETAILS_MAX).map((issue) => detailOf(part, issue, wantOf)),
      })
    },
  })
}

function detailOf(part: string, issue: z.core.$ZodIssue, wantOf: Service['wantOf']): Detail {
  const keys = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
  const want = issue.code === 'unrecognized_keys'
    ? text(`没有此字段：${issue.keys.slice(0, 5).join('、')}`, `there is no such field: ${issue.keys.slice(0, 5).join(', ')}`)
    : withPlus(part, wantOf(issue))
  return { pointer: part + pointerTo(keys), want }
}

/** In a query a + is a space, which nobody sees who looks at the time that they sent. */
const withPlus = (part: string, want: Text): Text =>
  (part === 'query:' && want.en.includes('+08:00') ? text(`${want.zh}；查询中的 + 写作 %2B`, `${want.en}; a + in a query is written %2B`) : want)

/** JSON Pointer, RFC 6901. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
