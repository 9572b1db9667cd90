import { OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi'
import type { Database, Tx } from '../db/database.js'
import type { Clock } from '../kernel/clock.js'
import { type Detail, Refused } from '../kernel/refusal.js'
import type { Principal, Reach } from '../kernel/roles.js'
import type { Day } from '../kernel/time.js'
import { type Language, type Text, text } from '../kernel/text.js'
import type { About, Guards } from './problem.js'
import { detailsOf } from './wanted.js'

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
    /** Who asks, asked again by the same cookie or key, for an answer that goes on; null: they may not any more. */
    whoNow: () => Promise<Principal | null>
    /** What the address is about, where it names one thing. */
    about: About | undefined
  }
}

/** A hono app whose doors refuse with every mistake at once. */
export function routesOf({ wantOf }: Pick<Service, 'wantOf'>) {
  const app = new OpenAPIHono<Env>()
  const { openapi } = app
  // Each door says what it takes: which fields there are, and where nothing is an answer, stands in its own schema only.
  app.openapi = ((route, handler, hook) => openapi(route, handler, hook ?? ((result) => {
    if (result.success) return undefined
    const { target, data, error } = result as Mistaken
    const sent = { part: target === 'json' ? '' : `${target}:`, data, schema: schemaOf(route, target) }
    throw new Refused({
      code: 'invalidInput',
      text: text('请按所列各处改正后再提交', 'mend the places listed and send it again'),
      details: detailsOf(sent, error.issues, wantOf),
    })
  }))) as typeof openapi
  return app
}

/** What the framework says of a request that its door does not take; it passes on what was sent, too. */
interface Mistaken {
  readonly target: string
  readonly data?: unknown
  readonly error: z.ZodError
}

function schemaOf({ request }: RouteConfig, target: string): z.core.$ZodType | null {
  const content = request?.body?.content['application/json']
  const body: unknown = content === undefined || !('schema' in content) ? null : content.schema
  const schema = { json: body, query: request?.query, param: request?.params, header: request?.headers }[target]
  return schema instanceof z.ZodType ? schema : null
}
