/** A sentence that people read, in both languages of the house. Every user-facing text is one of these. */
export interface Text {
  readonly zh: string
  readonly en: string
}

export type Language = keyof Text

export const text = (zh: string, en: string): Text => ({ zh, en })

/** Joins texts, each language with its own separator. */
export const joinTexts = (parts: readonly Text[], separator: Text = text('、', ', ')): Text => ({
  zh: parts.map((part) => part.zh).join(separator.zh),
  en: parts.map((part) => part.en).join(separator.en),
})

/** English only: `3 beds of East`, `1 bed of East`, `0 people`, `1 person`, given the plural. Chinese has no plural. */
export const counted = (count: number, many: string): string => `${count} ${inNumber(count, many)}`

/** The unit alone: in the singular after one. */
export function inNumber(count: number, many: string): string {
  if (Math.abs(count) !== 1) return many
  const [, head = '', rest = ''] = many.match(/^(.*?)((?: (?:of|for|an|a) .*)?)$/) ?? []
  return `${head.endsWith('people') ? head.replace(/people$/, 'person') : head.replace(/s$/, '')}${rest}`
}
