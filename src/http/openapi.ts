import { z } from '@hono/zod-openapi'

/** The body of every answer that is not what was asked for (RFC 9457). */
export const problemSchema = z.object({
  type: z.string(),
  code: z.string().describe('One of the closed list of codes'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What stands in the way, and what would be right, in the language of Accept-Language'),
  instance: z.string(),
  errors: z.array(z.object({ pointer: z.string().describe('JSON Pointer into the body, or query:/…, param:/…'), detail: z.string() })).optional(),
}).meta({ id: 'Problem' })

const problem = (description: string) => ({ description, content: { 'application/problem+json': { schema: problemSchema } } })

export const jsonBody = <S extends z.ZodType>(schema: S, description: string) => ({
  description, content: { 'application/json': { schema } },
})

/** What reading can be refused with. */
export const reads = {
  400: problem('The address or the query is not right'),
  404: problem('There is no such thing'),
  503: problem('The database is not available; Retry-After says when to try again'),
} as const

/** What a request that changes data can be refused with. */
export const writes = {
  ...reads,
  400: problem('The body, or the Idempotency-Key, is not right; `errors` names each place'),
  409: problem('It contradicts what is so now'),
  412: problem('It was changed meanwhile'),
  413: problem('The body is too large'),
  415: problem('The content type is not supported'),
  422: problem('It refers to something that does not fit, or the key was used for another request'),
  428: problem('If-Match is missing'),
} as const

/** Headers of every request that changes data. */
export const unsafeHeaders = z.object({
  'idempotency-key': z.string().optional().describe('Required: 8 to 200 visible ASCII characters, new for each thing done, the same for a retry'),
  'if-match': z.string().optional().describe('ETag of the version that was read'),
})
