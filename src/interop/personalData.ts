import { text } from '../kernel/text.js'

/**
 * An identity number of 18 digits, the last perhaps X; or a mobile number of 11, perhaps spaced or with +86.
 * Digits behind a decimal point are neither: coordinates have as many.
 */
const IDENTITY_NUMBER = /(?<!\d|\d\.)\d{17}[\dXx](?![\dXx])/g
const MOBILE_NUMBER = /(?<!\d|\d\.)(?:(?:\+|00)?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)/g

export const NO_PERSONAL_DATA = text(
  '像是身份证号或手机号；本系统不存姓名、电话和身份证号，请删去',
  'looks like an identity number or a mobile phone number; the system holds no names, phones or identity numbers',
)

export function isPersonal(words: string): boolean {
  // Full-width digits are digits to whoever reads them.
  const digits = words.normalize('NFKC')
  return [IDENTITY_NUMBER, MOBILE_NUMBER].some((pattern) => digits.search(pattern) !== -1)
}

/** The text with what identifies a person struck out, so that no report of a mistake repeats it. */
export function masked(words: string): string {
  if (!isPersonal(words)) return words
  const strike = (found: string) => `${found.slice(0, 3)}${'*'.repeat(found.length - 3)}`
  return words.normalize('NFKC').replace(IDENTITY_NUMBER, strike).replace(MOBILE_NUMBER, strike)
}
