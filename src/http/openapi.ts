import { z } from '@hono/zod-openapi'
import { type Text, text } from '../kernel/text.js'

/** A text in a place of the document that has room for one string: Chinese, then English on a line of its own. */
export const both = (zh: string, en: string): string => `${zh}\n${en}`

/** What an operation does, in a line and in a paragraph. */
export const told = (summary: Text, description: Text) =>
  ({ summary: `${summary.zh} · ${summary.en}`, description: both(description.zh, description.en) })

/** Said only by a store that is for a drill. */
export const drillNote = z.string().optional().describe(both('只有演练库才有：演练 DRILL', 'Only from a store that is for a drill: “演练 DRILL”'))

/** The body of every answer that is not what was asked for (RFC 9457). */
export const problemSchema = z.object({
  type: z.string(),
  code: z.string().describe(both('代码，全部列在本页“问题代码”', 'One of the closed list of codes')),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe(both('卡在哪里、怎样才对；语言随 Accept-Language', 'What stands in the way, and what would be right, in the language of Accept-Language')),
  instance: z.string().describe(both('请求编号', 'The number of the request')),
  drill: drillNote,
  errors: z.array(z.object({
    pointer: z.string().describe(both('请求内容里的 JSON Pointer，或 query:/…、param:/…', 'JSON Pointer into the body, or query:/…, param:/…')),
    detail: z.string(),
  })).optional(),
}).meta({ id: 'Problem' })

const problem = ({ zh, en }: Text) => ({ description: both(zh, en), content: { 'application/problem+json': { schema: problemSchema } } })

export const jsonBody = <S extends z.ZodType>(schema: S, { zh, en }: Text) => ({
  description: both(zh, en), content: { 'application/json': { schema } },
})

/** A JSON body that has to be there, with one that would be taken. */
export const jsonRequest = <S extends z.ZodType>(schema: S, example: z.input<S>) =>
  ({ content: { 'application/json': { schema, example } }, required: true })

/** An answer that is no JSON, in one form or in each of several. */
export const otherBody = (types: string | readonly string[], { zh, en }: Text) =>
  ({ description: both(zh, en), content: Object.fromEntries([types].flat().map((type) => [type, { schema: z.string().meta({ format: 'binary' }) }])) })

/** What only some operations are refused with: each names its own, since a document that says too much says nothing. */
export const refused = {
  401: problem(text('账号、密码或口令不对', 'The account, the password or the word is not right')),
  429: problem(text('尝试过于频繁；何时再试见 Retry-After', 'Too many tries; Retry-After says when to try again')),
  403: problem(text('无此权限', 'This is not for the asker to do')),
  404: problem(text('没有这一项', 'There is no such thing')),
  409: problem(text('与现状矛盾', 'It contradicts what is so now')),
  412: problem(text('已被他人改动', 'It was changed meanwhile')),
  415: problem(text('内容类型不对', 'The content type is not supported')),
  422: problem(text('所指不相符，或此键已用于另一请求', 'It refers to something that does not fit, or the key was used for another request')),
  428: problem(text('缺少 If-Match', 'If-Match is missing')),
} as const

/** What any reading can be refused with. */
export const reads = {
  400: problem(text('地址或查询有误', 'The address or the query is not right')),
  503: problem(text('数据库暂不可用；何时再试见 Retry-After', 'The database is not available; Retry-After says when to try again')),
} as const

/** What reading one thing can be refused with. */
export const readsOne = { ...reads, 404: refused[404] } as const

/** What any request that changes data can be refused with. */
export const writes = {
  400: problem(text('请求内容或 Idempotency-Key 有误；errors 逐处列出', 'The body, or the Idempotency-Key, is not right; `errors` names each place')),
  413: problem(text('请求过大', 'The body is too large')),
  422: refused[422],
  503: reads[503],
} as const

/** The same where it brings a body. */
export const writesBody = { ...writes, 415: refused[415] } as const

/** The same where it changes what is there, unless somebody else has. */
export const changes = { ...writesBody, 404: refused[404], 409: refused[409], 412: refused[412] } as const

// The command itself asks for the key, so that its absence has a code of its own; to a reader it is required all the same.
const key = z.string().optional().describe(both(
  '8 至 200 个可见 ASCII 字符；每件事一个新键，重试用原键',
  '8 to 200 visible ASCII characters: a new one for each thing done, the same one for a retry',
)).openapi({ param: { required: true }, example: '20200130-0915-phc-severe' })

/** Headers of a request that begins something new. */
export const keyHeaders = z.object({ 'idempotency-key': key })

/** Headers of a request that changes what is there. */
export const unsafeHeaders = z.object({
  'idempotency-key': key,
  'if-match': z.string().optional().describe(both('读到这一项时的 ETag', 'ETag of the version that was read')),
})
