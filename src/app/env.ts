import { z } from 'zod'
import { type Text, text } from '../kernel/text.js'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

const envSchema = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.string().regex(/^\d{1,5}$/).transform(Number).pipe(z.number().int().max(65_535)).default(8018),
  DATABASE_URL: z.string().regex(/^postgres(?:ql)?:\/\//).optional(),
  DATABASE_CLIENTS: z.string().regex(/^\d{1,3}$/).transform(Number).pipe(z.number().int().min(2).max(100)).default(10),
  DATA_DIR: z.string().min(1).default('.data/store'),
  SCENARIO: z.string().min(1).optional(),
  ORIGIN: z.string().regex(/^https:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:,https:\/\/[a-z0-9.-]+(?::\d{1,5})?)*$/).optional(),
  PROXY: z.string().transform((said) => said.split(',')).pipe(z.array(z.union([z.ipv4(), z.ipv6()]))).optional(),
  ALLOW_EMBEDDED: z.enum(['yes', 'no']).default('no'),
  PLAN_HERE: z.enum(['yes', 'no']).default('no'),
  DRILL: z.enum(['yes', 'no']).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).optional(),
})

/** How this process is to run. */
export interface Settings {
  readonly isProduction: boolean
  readonly host: string
  /** Where people reach the service beside this machine itself; there it is behind TLS. */
  readonly origins: readonly string[]
  /** Addresses of the proxies in front of it; whoever calls through one is told apart by what it says. */
  readonly proxies: readonly string[]
  /** 0: any that is free. */
  readonly port: number
  /** Null: the embedded database in `dataDir`. */
  readonly databaseUrl: string | null
  readonly databaseClients: number
  readonly dataDir: string
  /** A folder that fills an empty embedded store, at its own date; null: none. */
  readonly scenario: string | null
  /** Whether the service computes plans itself; with a server of its own it leaves that to workers unless told. */
  readonly isPlanning: boolean
  /** What the store is said to be for: a drill, or not; null: whatever its first start made it, and no drill when this is the first. */
  readonly isDrill: boolean | null
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

const WANTS: Readonly<Record<string, Text>> = {
  PORT: text('应为 0 至 65535 的整数', 'must be a whole number from 0 to 65535'),
  ORIGIN: text('应为 https:// 开头的地址，小写，多个以逗号分开', 'must be an address such as https://beds.example, in small letters; several with commas between'),
  PROXY: text('应为代理的 IP 地址，多个以逗号分开', 'must be the IP address of the proxy; several with commas between'),
  DATABASE_URL: text('应为 postgres://… 的地址', 'must be an address such as postgres://user@host:5432/name'),
  DATABASE_CLIENTS: text('应为 2 至 100 的整数', 'must be a whole number from 2 to 100'),
  ALLOW_EMBEDDED: text('应为 yes 或 no', 'must be yes or no'),
  PLAN_HERE: text('应为 yes 或 no', 'must be yes or no'),
  DRILL: text('应为 yes 或 no', 'must be yes or no'),
  LOG_LEVEL: text(`应为 ${LOG_LEVELS.join('、')} 之一`, `must be one of ${LOG_LEVELS.join(', ')}`),
}

/** In earnest nothing is filled in that nobody asked for. */
const scenarioOf = (asked: string | undefined, isProduction: boolean): string | null => {
  const folder = asked ?? (isProduction ? 'none' : 'scenarios/chongqing-2020-01-29')
  return folder === 'none' ? null : folder
}

/** The environment, read once; or what is wrong with it, in sentences. */
export function readEnv(env: Readonly<Record<string, string | undefined>>): { ok: true; settings: Settings } | { ok: false; sentences: Text[] } {
  // An empty variable is one that was not set.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const read = envSchema.safeParse(given)
  if (!read.success) {
    return { ok: false, sentences: read.error.issues.map((issue) => {
      const name = String(issue.path[0])
      const want = WANTS[name] ?? text('有误', 'is not right')
      return text(`环境变量 ${name} ${want.zh}`, `environment variable ${name} ${want.en}`)
    }) }
  }
  const { NODE_ENV, HOST, PORT, ORIGIN, PROXY, DATABASE_URL, DATABASE_CLIENTS, DATA_DIR, SCENARIO, ALLOW_EMBEDDED, PLAN_HERE, DRILL, LOG_LEVEL } = read.data
  const isProduction = NODE_ENV === 'production'
  const sentences: Text[] = []
  if (!/^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/.test(HOST) && ORIGIN === undefined) {
    sentences.push(text(
      `HOST 为 ${HOST}，不止供本机：请用 ORIGIN 给出众人所用的 https:// 地址`,
      `HOST is ${HOST}, more than this machine: name by ORIGIN the https:// address that people use`))
  }
  if (isProduction && DATABASE_URL === undefined && ALLOW_EMBEDDED === 'no') {
    sentences.push(text(
      '正式运行请用 DATABASE_URL 指定 PostgreSQL；若确要用内嵌数据库，设 ALLOW_EMBEDDED=yes',
      'in production name a PostgreSQL server by DATABASE_URL; to use the embedded database all the same set ALLOW_EMBEDDED=yes'))
  }
  if (sentences.length > 0) return { ok: false, sentences }
  return {
    ok: true,
    settings: {
      isProduction, host: HOST, port: PORT, origins: ORIGIN?.split(',') ?? [], proxies: PROXY ?? [], databaseUrl: DATABASE_URL ?? null, databaseClients: DATABASE_CLIENTS,
      dataDir: DATA_DIR, scenario: scenarioOf(SCENARIO, isProduction), logLevel: LOG_LEVEL ?? (isProduction ? 'info' : 'warn'),
      isPlanning: DATABASE_URL === undefined || PLAN_HERE === 'yes', isDrill: DRILL === undefined ? null : DRILL === 'yes',
    },
  }
}
