import { POLICY } from '../access/policy.js'
import { SESSION_COOKIE } from '../access/tokens.js'
import { both } from '../http/openapi.js'
import { isPostPattern, POST_FORMAT } from '../kernel/ids.js'
import { stamped } from '../kernel/drill.js'
import { rolesNamed } from './authorise.js'
import type { Described } from './described.js'
import { FIELD_NOTES } from './fieldNotes.js'
import { GUIDE } from './guide.js'

type PathItem = NonNullable<Described['paths']>[string]
type Schema = NonNullable<NonNullable<Described['components']>['schemas']>[string]

const header = (name: string, description: string, example: string) =>
  ({ name, in: 'header' as const, required: false, description, schema: { type: 'string' as const }, example })

/** Headers that every operation takes. */
const COMMON_PARAMETERS = {
  Language: header('Accept-Language', both('问题说明、CSV 表头与文字的语言：zh（默认）或 en', 'The language of problems, and of titles and words of CSV tables: zh, unless en is wanted more'), 'zh'),
  RequestId: header('X-Request-Id', both(
    '请求编号，8 至 64 个字母、数字、- 或 _；不填则由服务编号。答复里同名的头给出它',
    'The number of the request, 8 to 64 letters, digits, - or _; the service gives one when left out. The answer bears it under the same name',
  ), 'ward-7-000123'),
}
const problemAnswer = (zh: string, en: string) =>
  ({ description: both(zh, en), content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } })
const COMMON_ANSWERS = {
  421: problemAnswer('不是本服务的地址', 'Not the service’s own address'),
  default: problemAnswer('其他问题，见问题代码', 'Any other problem, by its code'),
}
export const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const

const TAGS = [
  { name: 'Access 登录与权限', description: both('登录、账号与密钥', 'Signing in, accounts and keys') },
  { name: 'Places 场所', description: both('医院、隔离点、分区、专家组、车辆与行车时间', 'Hospitals, isolation sites, blocks, teams, ambulances and travel times') },
  { name: 'Beds 床位', description: both('一组床位是什么，清点出多少', 'What a pool of beds is, and what was counted in it') },
  { name: 'Cases 病例', description: both('需要救治的人，以代号登记', 'People who need care, under pseudonyms') },
  { name: 'Stays 住院', description: both('一人一处', 'One person, one place') },
  { name: 'Isolation 隔离', description: both('密接等隔离人员：预告、入住、观察、解除或转为阳性', 'Contacts kept apart: announced, checked in, observed, released or turned positive') },
  { name: 'Material 物资', description: both('品目及其编码、包装、替代与定额；谁受领、谁供货、在岗与用量、设备', 'Items with their codes, packings, substitutes and norms; who receives and gives out, staff and use, equipment') },
  { name: 'Stock 库存', description: both('批次、现存与单据：入库、消耗、盘点、冲销', 'Lots, what lies where, and notes of stock: receipts, use, counts, reversals') },
  { name: 'Plans 方案', description: both('求方案、看进展、取方案', 'Asking for plans, watching them, reading them') },
  { name: 'Orders 转运指令', description: both('一人一份、编号的指令，从下达到交接、洗消', 'Numbered orders, one a person, from issue to handover and a clean vehicle') },
  { name: 'Allocations 调拨', description: both('方案物资的批准，编号的调拨单，从下达、发运到签收', 'Material of plans approved, and numbered allocation orders, from issue to the door of the receiver') },
  { name: 'Day 日报与交接班', description: both('冻结的日报及其订正，交接班，逾期各项', 'Daily reports as frozen with their corrections, shifts handed over, and what is overdue') },
  { name: 'Scenarios 情景', description: both('整个库的进与出', 'The whole picture, in and out') },
  { name: 'Oversight 监督', description: both('日志与自检', 'The journal, and whether the store is sound') },
]

/** What the service offers, for readers and for machines (OpenAPI 3.1). */
export function documentOf(described: Described, { version, isDrill }: { version: string; isDrill: boolean }): Described {
  const document = {
    ...described,
    info: {
      title: stamped('四集中 Sijizhong', isDrill), version,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      description: GUIDE.map(({ title, says, sample }) =>
        [`## ${title.zh} · ${title.en}`, says.zh, says.en, ...(sample === null ? [] : [`\`\`\`\n${sample}\n\`\`\``])].join('\n\n')).join('\n\n'),
      'x-guide': GUIDE,
    },
    servers: [{ url: '/' }],
    tags: TAGS,
  }
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => [path, withCommon(item)])
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [name, withNotes(name, schema)])
  const components = { ...document.components, schemas: Object.fromEntries(schemas), parameters: COMMON_PARAMETERS, securitySchemes: SECURITY_SCHEMES }
  return withPatterns({ ...document, paths: Object.fromEntries(paths), components })
}

/** The generator writes a pattern with flags as `…/u`; a pattern of JSON Schema has none, and is read as Unicode anyway. */
const withPatterns = (document: Described): Described => JSON.parse(JSON.stringify(document, (key, value: unknown) =>
  (key === 'pattern' && typeof value === 'string' ? value.replace(/\/[a-z]+$/, '') : value))) as Described

const REFERENCES = Object.keys(COMMON_PARAMETERS).map((name) => ({ $ref: `#/components/parameters/${name}` }))

/** Who may call an operation, in words, and what it is refused with otherwise. */
function mayCall(operationId: string): { says: string; roles: readonly string[]; answers: Record<string, object>; security: object[] } {
  const rule = POLICY[operationId] ?? 'anyone'
  if (rule === 'anyone') return { says: both('任何人可调用。', 'Anybody may call it.'), roles: [], answers: {}, security: [{}] }
  const signedIn = { 401: problemAnswer('尚未登录，或密钥无效', 'Not signed in, or the key is none') }
  const security = [{ session: [] }, { key: [] }]
  if (rule === 'signedIn') return { says: both('登录者均可调用。', 'Whoever has signed in may call it.'), roles: [], answers: signedIn, security }
  const names = rolesNamed(rule)
  return {
    says: both(
      `可调用：${names.zh}${rule.ofCity ? '，权限须为全市' : '；只管若干处者只见其处'}。`,
      `May be called by: ${names.en}${rule.ofCity ? ', with the whole city in reach' : '; whoever looks after some places only sees those'}.`,
    ),
    roles: rule.roles, security,
    answers: { ...signedIn, 403: problemAnswer('无此权限', 'Not allowed') },
  }
}

const SECURITY_SCHEMES = {
  session: { type: 'apiKey' as const, in: 'cookie' as const, name: SESSION_COOKIE, description: both('登录后的会话', 'The session of whoever signed in') },
  key: { type: 'http' as const, scheme: 'bearer', description: both('别的系统的密钥', 'The key of another system') },
}

function withCommon(item: PathItem): PathItem {
  const operations = METHODS.flatMap((method) => {
    const operation = item[method]
    if (operation === undefined) return []
    const own = (operation.parameters ?? []).map((parameter) => ('name' in parameter ? noted(ownKey(parameter, operation.operationId ?? ''), [parameter.name]) : parameter))
    const parameters = [...own, ...REFERENCES]
    const { says, roles, answers, security } = mayCall(operation.operationId ?? '')
    const [zh, en] = [operation.description ?? '', says].map((told) => told.split('\n')).reduce(([a = '', b = ''], [c = '', d = '']) => [a + c, `${b} ${d}`])
    return [[method, {
      ...operation, description: both(zh ?? '', en ?? ''), 'x-roles': roles, security, parameters,
      responses: { ...answers, ...operation.responses, ...COMMON_ANSWERS },
    }]]
  })
  return { ...item, ...Object.fromEntries(operations) }
}

/** Two samples that are copied one after the other are two things done: each has a key of its own. */
const ownKey = <T extends { readonly name: string }>(parameter: T, operationId: string): T =>
  (parameter.name === 'idempotency-key' ? { ...parameter, example: `20200130-0915-${operationId}` } : parameter)

/** With what the table says of it, unless it says something itself. */
function noted<T extends { readonly description?: string }>(one: T, names: readonly string[]): T {
  const note = names.map((name) => (Object.hasOwn(FIELD_NOTES, name) ? FIELD_NOTES[name] : undefined)).find((found) => found !== undefined)
  return one.description !== undefined || note === undefined ? one : { ...one, description: both(note.zh, note.en) }
}

/** A field that takes a post says what one looks like. */
function withPostFormat<T extends object>(field: T): T {
  const said = field as { pattern?: unknown; anyOf?: readonly { pattern?: unknown }[]; description?: string }
  if (said.description === undefined || ![said, ...said.anyOf ?? []].some(({ pattern }) => isPostPattern(pattern))) return field
  const [zh = '', en = ''] = said.description.split('\n')
  return { ...field, description: both(`${zh}。${POST_FORMAT.zh}`, `${en}. ${POST_FORMAT.en}`) }
}

function withNotes(name: string, schema: Schema): Schema {
  if (!('properties' in schema) || schema.properties === undefined) return schema
  const fields = Object.entries(schema.properties).map(([field, of]) => [field, withPostFormat(noted(of, [`${name}.${field}`, field]))])
  return { ...schema, properties: Object.fromEntries(fields) }
}
