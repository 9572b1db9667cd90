import type { z } from 'zod'
import { AGE_BANDS, FITNESS, NEEDS, SEVERITIES, SEXES, STATUSES } from '../../cases/cases.js'
import { ATTRIBUTES, CARE_LEVELS } from '../../facilities/beds.js'
import { SIGNATURES } from '../../facilities/blocks.js'
import { PLACE_KINDS } from '../../facilities/places.js'
import { POST_FORMAT } from '../../kernel/ids.js'
import { NOT_TRACKED, UNKNOWN } from '../../kernel/quantity.js'
import { type Text, text } from '../../kernel/text.js'
import { keysOf, type Vocabulary } from '../../kernel/vocabulary.js'
import { EDIT_KINDS } from '../edits.js'
import { MATERIAL_WAYS_OUT, MATERIAL_WISHES } from '../material/policy.js'
import { WAY_OUT_KINDS, WISHES } from '../policy.js'
import { ENDINGS } from '../../stays/stays.js'
import { BASE_UNITS, ZONES } from '../../supplies/items.js'
import { AREAS, NORM_BASES, NORM_TIERS, STAFF_ROLES } from '../../supplies/norms.js'
import { URGENCIES } from '../../supplies/receivers.js'
import { AUTHORITIES } from '../../supplies/stock.js'
import { RUN_STATES } from '../runs.js'
import { NEEDS_IN_ORDER, ORDER_STATES } from '../scenario.js'
import { rowOf, wordsOf } from './faultList.js'

export type Issue = z.core.$ZodIssue

export const FIGURE_WANT = text('应为整数或 unknown（未知）', 'write a whole number or unknown')
export const LIMIT_WANT = text(
  '应为整数、unknown（未知）或 notTracked（不统计）',
  'write a whole number, unknown or notTracked',
)
export const WHOLE_WANT = text('应为整数', 'write a whole number')
export const NOT_EMPTY_WANT = text('不能为空', 'must not be empty')

const TIME_RANGE = text('应在 2019-12-01 至 2100-01-01 之间', 'must lie between 2019-12-01 and 2100-01-01')
const ID_WANT = text(
  '编号只用文字、半角数字 0 至 9 和 . _ - / # →，以文字或数字开头，最多 80 个字符；不用全角、带圈或合成字符',
  'an id is letters, digits 0 to 9 and . _ - / # →, begins with a letter or digit, has at most 80 characters, and no wide, circled or composed ones',
)

/** The schemas speak English only; this is what their own messages say in both languages. */
const OWN_MESSAGES: Readonly<Record<string, Text>> = {
  'must be a time with offset such as 2020-01-30T00:00:00+08:00': text(
    '应为带时区的时间，如 2020-01-30T00:00:00+08:00；一天的 24:00 写作次日 00:00:00',
    'must be a time with offset such as 2020-01-30T00:00:00+08:00; the end of a day is 00:00:00 of the next',
  ),
  [TIME_RANGE.en]: TIME_RANGE,
  'an id is letters, digits, and . _ - / #': ID_WANT,
  'must be a day such as 2020-01-30': text('应为日期，如 2020-01-30', 'must be a day such as 2020-01-30'),
  'must be a time of day such as 06:00 or 24:00': text(
    '应为时刻，如 06:00 或 24:00',
    'must be a time of day such as 06:00 or 24:00',
  ),
  'must be six digits of GB/T 2260, or empty for a functional zone': text(
    '应为 GB/T 2260 的六位数字；功能区留空',
    'must be six digits of GB/T 2260, or empty for a functional zone',
  ),
  'firstDeparture must be before lastReturn': text(
    '首发时间 firstDeparture 应早于末班返回时间 lastReturn',
    'firstDeparture must be before lastReturn',
  ),
  'a post is letters, digits and . _ -, at most 64, and never a name': text(
    `应为岗位编号：${POST_FORMAT.zh}`,
    `must be a post: ${POST_FORMAT.en}`,
  ),
  'the two assessors must be different posts': text('两名评估人须是不同岗位', 'the two assessors must be different posts'),
  'an observation has a temperature or symptoms': text('应有体温或症状，至少一项', 'must have a temperature or symptoms'),
  'a kind is put right with a reason': text('更正类别须写明缘由（reason）', 'write the reason: a kind is only put right with one'),
  'none stands alone': text('无症状（none）不能与其他症状并列', 'no symptoms (none) stands alone: leave out either it or the others'),
  'tenths of a degree Celsius, 340 to 430': text(
    '体温以十分之一摄氏度计，应为 340 至 430 的整数：36.6 ℃ 写作 366',
    'the temperature is in tenths of a degree Celsius, a whole number of 340 to 430: 36.6 °C is written 366',
  ),
  'names a wish twice': text('同一愿望只能列一次', 'must name each wish once'),
  'names a kind twice': text('同一类出路只能列一次', 'must name each kind once'),
  'must not grow shorter from one band to the next': text('各档天数不得比前一档少', 'must not grow shorter from one band to the next'),
}

/** Bounds of two sides that an issue states only one of. */
const OWN_FIELDS: Readonly<Record<string, Text>> = {
  longitude: text('应为中国境内经度，73 至 136', 'must be a longitude in China, 73 to 136'),
  latitude: text('应为中国境内纬度，3 至 54', 'must be a latitude in China, 3 to 54'),
}

const VOCABULARIES: readonly Vocabulary<string>[] = [
  PLACE_KINDS, CARE_LEVELS, NEEDS, ATTRIBUTES, SIGNATURES, STATUSES, SEVERITIES, SEXES, AGE_BANDS, FITNESS,
  ORDER_STATES, WISHES, WAY_OUT_KINDS, NEEDS_IN_ORDER, ENDINGS, RUN_STATES, BASE_UNITS, ZONES, NORM_BASES, NORM_TIERS,
  STAFF_ROLES, AREAS, AUTHORITIES, URGENCIES, MATERIAL_WISHES, MATERIAL_WAYS_OUT,
  EDIT_KINDS,
]

/** What would be right where zod says what is wrong. */
export function wantOf(issue: Issue): Text {
  const own = rowOf(OWN_MESSAGES, issue.message) ?? rowOf(OWN_FIELDS, issue.path.slice(2).map(String).join('.'))
  if (own !== undefined) return own
  switch (issue.code) {
    case 'invalid_type':
      return rowOf(TYPE_WANTS, issue.expected) ?? text('填写正确的值', 'write a value of the right kind')
    case 'invalid_value':
      return oneOf(issue.values.map(String))
    case 'invalid_union':
      return unionWant(issue)
    case 'invalid_key':
      return keyWant(issue.issues)
    case 'too_small':
    case 'too_big':
      return boundWant(issue)
    default:
      return text(`填写正确的值（${issue.message}）`, issue.message)
  }
}

const TYPE_WANTS: Readonly<Record<string, Text>> = {
  string: text('应为文字', 'write a text'),
  // The only other numbers are coordinates, which have a sentence of their own.
  number: WHOLE_WANT,
  int: WHOLE_WANT,
  boolean: text('应为 true 或 false', 'write true or false'),
  array: text('应为列表 […]', 'write a list […]'),
  object: text('应为对象 {…}', 'write an object {…}'),
  record: text('应为对象 {…}', 'write an object {…}'),
}

export function oneOf(keys: readonly string[]): Text {
  const isSpokenOf = (vocabulary: Vocabulary<string>) => keys.every((key) => keysOf(vocabulary).includes(key))
  const words = wordsOf(VOCABULARIES.find(isSpokenOf) ?? {}, keys)
  return text(`应为以下之一：${words.zh}`, `must be one of: ${words.en}`)
}

/** Only figures and limits are unions. */
function unionWant(issue: Extract<Issue, { code: 'invalid_union' }>): Text {
  const words = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []))
  if (words.includes(NOT_TRACKED)) return LIMIT_WANT
  return words.includes(UNKNOWN) ? FIGURE_WANT : text('填写正确的值', 'write a value of the right kind')
}

function keyWant(issues: readonly Issue[]): Text {
  const [first] = issues
  return first?.code === 'invalid_value' ? oneOf(first.values.map(String)) : ID_WANT
}

function boundWant(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): Text {
  if (issue.code === 'too_small') {
    if (issue.origin === 'string') return NOT_EMPTY_WANT
    if (issue.origin === 'array') return text(`至少列 ${issue.minimum} 项`, `must list at least ${issue.minimum}`)
    return text(`应为不小于 ${issue.minimum} 的整数`, `must be a whole number of at least ${issue.minimum}`)
  }
  if (issue.origin === 'string') return text(`最多 ${issue.maximum} 个字符`, `at most ${issue.maximum} characters`)
  if (issue.origin === 'array') return text(`最多列 ${issue.maximum} 项`, `must list at most ${issue.maximum}`)
  return text(`应为不大于 ${issue.maximum} 的整数`, `must be a whole number of at most ${issue.maximum}`)
}
