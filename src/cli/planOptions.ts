import { type Language, text } from '../kernel/text.js'
import { type Demand, demandSchema } from '../planning/scenario.js'
import { type EngineName, ENGINES } from '../planning/solve/engine.js'
import { type Given, type OptionSpec, type OptionSpecs, type Read, readOptions, wrong } from './options.js'
import { type PolicySetting, readPolicySetting } from './policyOption.js'

const LANGUAGES = ['zh', 'en'] as const satisfies readonly Language[]
const SECONDS_MAX = 3600
export const DEFAULT_SCENARIO = 'scenarios/chongqing-2020-01-29'

export const HELP_OPTION: OptionSpec = { takes: null, repeats: false, help: text('显示本说明', 'show this text') }
export const LANGUAGE_OPTION: OptionSpec = {
  takes: text(' zh 或 en', 'zh or en'),
  repeats: false,
  help: text('语言，默认 zh', 'language, zh unless told'),
}

export const PLAN_OPTIONS = {
  json: { takes: null, repeats: false, help: text('只输出方案 JSON', 'print the plan as JSON and nothing else') },
  csv: {
    takes: text('目录', 'a folder'),
    repeats: false,
    help: text('另写成 CSV 表', 'write the plan as CSV tables too'),
  },
  policy: {
    takes: text('字段=值', 'field=value'),
    repeats: true,
    help: text('改一项政策，例如 safeFillPerMille=900', 'change the policy, such as safeFillPerMille=900'),
  },
  apply: {
    takes: text('出路编号或补丁文件', 'the id of a way out or a patch file'),
    repeats: true,
    help: text(
      '先照出路（编号指未加它时的方案）或 JSON 补丁改情景',
      'change the scenario first: by a way out of the plan without it, or by a JSON merge patch',
    ),
  },
  require: {
    takes: text('一项需要', 'a need'),
    repeats: true,
    help: text(`必须满足：${demandSchema.options.join('、')}`, `must hold: ${demandSchema.options.join(', ')}`),
  },
  engine: {
    takes: text('求解器名', 'an engine'),
    repeats: false,
    help: text(`求解器：${ENGINES.join('、')}`, `solver: ${ENGINES.join(', ')}`),
  },
  seconds: {
    takes: text('秒数', 'seconds'),
    repeats: false,
    help: text('时限，默认 60 秒', 'time limit, 60 unless told'),
  },
  'no-second-opinion': { takes: null, repeats: false, help: text('不作第二意见', 'ask no other solver') },
  lang: LANGUAGE_OPTION,
  help: HELP_OPTION,
} as const satisfies OptionSpecs

export interface PlanOptions {
  readonly folder: string
  readonly json: boolean
  readonly csv: string | null
  readonly policy: readonly PolicySetting[]
  readonly apply: readonly string[]
  readonly require: readonly Demand[]
  readonly engine: EngineName
  readonly seconds: number
  readonly secondOpinion: boolean
  readonly language: Language
  readonly help: boolean
}

/** The options of `plan`, each checked. */
export function readPlanOptions(words: readonly string[]): Read<PlanOptions> {
  const given = readOptions(words, PLAN_OPTIONS, 1)
  if (!given.ok) return given
  const { has, all, one, places } = given.value
  const policy = readEach(all('policy'), readPolicySetting)
  if (!policy.ok) return policy
  const demands = readEach(all('require'), (word) => oneOf('require', demandSchema.options, word))
  if (!demands.ok) return demands
  const engine = oneOf('engine', ENGINES, one('engine') ?? 'highs')
  if (!engine.ok) return engine
  const seconds = readSeconds(one('seconds') ?? '60')
  if (!seconds.ok) return seconds
  const language = readLanguage(given.value)
  if (!language.ok) return language
  return {
    ok: true,
    value: {
      folder: places[0] ?? DEFAULT_SCENARIO,
      json: has('json'),
      csv: one('csv'),
      policy: policy.value,
      apply: all('apply'),
      require: demands.value,
      engine: engine.value,
      seconds: seconds.value,
      secondOpinion: !has('no-second-opinion'),
      language: language.value,
      help: has('help'),
    },
  }
}

export const readLanguage = (given: Given): Read<Language> => oneOf('lang', LANGUAGES, given.one('lang') ?? 'zh')

function readSeconds(word: string): Read<number> {
  const seconds = /^\d{1,4}$/.test(word) ? Number(word) : 0
  if (seconds >= 1 && seconds <= SECONDS_MAX) return { ok: true, value: seconds }
  return wrong(
    `选项 --seconds 要写 1 到 ${SECONDS_MAX} 的整数；得到 “${word}”。`,
    `--seconds takes a whole number from 1 to ${SECONDS_MAX}; got "${word}".`,
  )
}

function oneOf<W extends string>(option: string, words: readonly W[], given: string): Read<W> {
  const found = words.find((word) => word === given)
  if (found !== undefined) return { ok: true, value: found }
  return wrong(
    `选项 --${option} 要写 ${words.join('、')} 之一；得到 “${given}”。`,
    `--${option} takes one of ${words.join(', ')}; got "${given}".`,
  )
}

function readEach<T>(words: readonly string[], read: (word: string) => Read<T>): Read<T[]> {
  const values: T[] = []
  for (const word of words) {
    const one = read(word)
    if (!one.ok) return one
    values.push(one.value)
  }
  return { ok: true, value: values }
}
