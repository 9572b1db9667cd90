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
