import { z } from 'zod'
import { text } from '../../kernel/text.js'
import { type Vocabulary, wordSchema } from '../../kernel/vocabulary.js'
import { AREAS, NORM_TIERS } from '../../supplies/norms.js'

/** The wishes for material that a policy may rank; one left out is switched off. Which needs are served is settled before. */
export const MATERIAL_WISHES = {
  fewestSubstitutions: text('少用替代品', 'fewest substitutions'),
  earmarkedFirst: text('定向捐赠先用', 'earmarked lots first'),
  oldestFirst: text('先到期先出', 'first expired, first out'),
  shortestRoad: text('路程最短', 'least distance'),
  fewestShipments: text('少发车次', 'fewest shipments'),
} as const satisfies Vocabulary<string>
export type MaterialWish = keyof typeof MATERIAL_WISHES

/** Kinds of way out of a shortage, each an amount of one thing that somebody can decide to provide. */
export const MATERIAL_WAYS_OUT = {
  releaseLot: text('动用未放行的库存', 'release a lot that is withheld'),
  lowerKeepBack: text('降低留存比例', 'keep back less at a source'),
  addLitres: text('增加运力', 'add transport volume'),
  liftEarmark: text('征得捐赠人同意改用', 'obtain the donor’s consent to other use'),
  addSupply: text('采购或请求调入', 'buy or ask for more'),
} as const satisfies Vocabulary<string>
export type MaterialWayKind = keyof typeof MATERIAL_WAYS_OUT

/** Whose need counts in a band: those who work where it is contaminated and transfer crews, or everybody with all patients. */
export const WHO = {
  exposed: text('暴露人员', 'exposed staff'),
  everybody: text('全体', 'everybody'),
} as const satisfies Vocabulary<string>

const TIERS_MAX = 5
export const HORIZON_DAYS_MAX = 31
const tierSchema = z.int().min(1).max(TIERS_MAX)

/** Target bands of cover: the first days at one norm for some, before more days at a fuller norm for all. */
const bandSchema = z.strictObject({
  /** From the plan's day on. */
  days: z.int().min(1).max(HORIZON_DAYS_MAX),
  norm: wordSchema(NORM_TIERS),
  who: wordSchema(WHO),
})
export type Band = z.infer<typeof bandSchema>

/** What the plan of material goes by; the words stand beside the fields of the edition that it is part of. */
export const materialPolicySchema = z.strictObject({
  /** In their order: a band before the next, whatever the tier. */
  bands: z.array(bandSchema).min(1).max(5).refine(growsInDays, 'must not grow shorter from one band to the next'),
  /** Within a band the first tier before the second, by what is done in an area. */
  tiers: z.record(wordSchema(AREAS), tierSchema),
  /** How far measured use may move the need from the norm, either way. */
  useCapPerMille: z.int().min(0).max(1000),
  /** Goods no longer on the road than this can be used on the day on which they leave, else on the next. */
  sameDayMinutes: z.int().min(0).max(1440),
  /** Wishes in their order; one left out is off. */
  wishes: z.array(wordSchema(MATERIAL_WISHES)).refine(isDistinct, 'names a wish twice'),
  /** Kinds of way out in the order in which they are proposed. */
  waysOut: z.array(wordSchema(MATERIAL_WAYS_OUT)).refine(isDistinct, 'names a kind twice'),
})
export type MaterialPolicy = z.infer<typeof materialPolicySchema>

function growsInDays(bands: readonly Band[]): boolean {
  return bands.every(({ days }, i) => i === 0 || days >= (bands[i - 1]?.days ?? 0))
}

function isDistinct(words: readonly string[]): boolean {
  return new Set(words).size === words.length
}
