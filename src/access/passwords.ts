import { hash, verify } from '@node-rs/argon2'
import { refuse, type Refused } from '../kernel/refusal.js'

/** OWASP's password storage sheet, 2023, for argon2id with one lane; KiB of memory and passes over it. */
const ARGON2ID = { memoryCost: 47_104, timeCost: 1, parallelism: 1 } as const
const AT_ONCE = 2
const WAITING_MAX = 20

/** Hashing costs memory and a core, so that only so many are at work and only so many wait. */
class Queue {
  private running = 0
  private readonly waiting: (() => void)[] = []

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= WAITING_MAX) throw tooMany()
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    } else this.running += 1
    try {
      return await work()
    } finally {
      const next = this.waiting.shift()
      if (next === undefined) this.running -= 1
      else next()
    }
  }
}

const queue = new Queue()
export const tooMany = (): Refused => refuse('tooManyTries', '登录过于频繁，请稍后再试', 'too many are signing in; try again shortly')

/** In PHC form, salted. */
export const hashed = (password: string): Promise<string> => queue.run(() => hash(password, ARGON2ID))

/** What a password is compared with where there is none: no password has it, and to find that out takes as long. */
const NOBODYS = `$argon2id$v=19$m=${ARGON2ID.memoryCost},t=${ARGON2ID.timeCost},p=${ARGON2ID.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** Whether it is the password; where there is none it takes as long to say no. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const fits = await queue.run(() => verify(stored ?? NOBODYS, password))
  return stored !== null && fits
}

const LETTERS_MIN = 12
const LETTERS_MAX = 128
/** What is tried first; it is compared in lower case and without what is not a letter or a digit. */
const COMMON = [
  'password', 'passw0rd', 'qwerty', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx', 'iloveyou', 'letmein', 'welcome', 'admin', 'administrator',
  'root', 'woaini', 'woaini1314', '5201314', 'aini1314', 'sijizhong', 'chongqing', 'wuhan', 'hospital', 'health', 'covid', 'covid19',
]

/** Refuses what is guessed soon: too short, the account itself, one letter or a row of the keyboard again and again, a common word with figures. */
export function checkPassword(password: string, account: string): void {
  const letters = [...password]
  if (letters.length < LETTERS_MIN || letters.length > LETTERS_MAX) {
    throw refuse('weakPassword', `密码应为 ${LETTERS_MIN} 至 ${LETTERS_MAX} 个字符`, `a password has ${LETTERS_MIN} to ${LETTERS_MAX} characters`)
  }
  const plain = password.toLowerCase()
  const core = plain.replace(/[^\p{L}]/gu, '')
  const isCommon = COMMON.includes(core) || COMMON.includes(plain.replace(/[\d\W_]+$/u, '')) || COMMON.some((word) => plain === word.repeat(Math.ceil(plain.length / word.length)).slice(0, plain.length))
  if (plain.includes(account.toLowerCase()) || new Set(plain).size < 5 || isCommon || isRow(plain)) {
    throw refuse('weakPassword', '此密码容易被猜中，请换一个较长的', 'this password is guessed easily; take a longer one of other words')
  }
}

const ROWS = ['0123456789', '1234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertyuiopasdfghjklzxcvbnm']
/** All of it is one row, forwards or backwards, as often as need be. */
const isRow = (plain: string): boolean => ROWS.some((row) => {
  const [forwards, backwards] = [row, [...row].reverse().join('')].map((one) => one.repeat(Math.ceil(plain.length / one.length) + 1))
  return (forwards ?? '').includes(plain) || (backwards ?? '').includes(plain)
})
