import { readFileSync, type Stats, statSync } from 'node:fs'
import { type Text, text } from '../kernel/text.js'

export type FileRead =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'missing' }
  | { readonly is: 'refused'; readonly got: string; readonly want: Text }

/** Where the files of a scenario lie: a folder on disk, or a zip. */
export interface ScenarioFiles {
  /** What the scenario is called. */
  readonly name: string
  /** The plain names of all files there. */
  readonly list: readonly string[]
  /** One file's text in UTF-8, no larger than so many megabytes, or why it cannot be had. */
  readonly read: (file: string, megabytesMax: number) => FileRead
}

const refused = (got: string, want: Text): FileRead => ({ is: 'refused', got, want })

/** A file's text in UTF-8, or why it cannot be had. Looks at kind and size before it opens anything. */
export function readTextFile(path: string, megabytesMax: number): FileRead {
  try {
    const stats = statSync(path)
    return statsFault(stats, megabytesMax) ?? decodedText(readFileSync(path))
  } catch (error) {
    const code = errorCode(error)
    return code === 'ENOENT' ? { is: 'missing' } : refused(code, whyUnreadable(code))
  }
}

/** Throws what is no error of the file system: that would be a bug. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  throw error
}

export function whyUnreadable(code: string): Text {
  if (code === 'ELOOP') return text('链接成环，应为普通文件', 'the links run in a loop; must be an ordinary file')
  if (code === 'EACCES' || code === 'EPERM') return text('没有读取权限', 'there is no permission to read it')
  return text('无法读取', 'cannot be read')
}

/** A pipe or device could be read for ever. */
function statsFault(stats: Stats, megabytesMax: number): FileRead | null {
  if (!stats.isFile()) return refused('', text('应为普通文件', 'must be an ordinary file'))
  return sizeFault(stats.size, megabytesMax)
}

/** Why a file of so many bytes is not read; null: it is small enough. */
export function sizeFault(bytes: number, megabytesMax: number): FileRead | null {
  if (bytes <= megabytesMax * 1024 * 1024) return null
  const got = `${(bytes / 1024 / 1024).toFixed(1)} MB`
  return refused(got, text(`文件不能超过 ${megabytesMax} MB`, `must not be larger than ${megabytesMax} MB`))
}

/** The text of a file's bytes, or in which other encoding they seem to be. */
export function decodedText(bytes: Uint8Array): FileRead {
  const utf8 = decodedAs('utf-8', bytes)
  if (utf8 !== null) return { is: 'text', text: utf8 }
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (isUtf16) return refused('UTF-16', saveAsUtf8('像是 UTF-16', 'looks like UTF-16'))
  if (decodedAs('gb18030', bytes) !== null) return refused('GBK', saveAsUtf8('像是 GBK', 'looks like GBK'))
  return refused('', saveAsUtf8('不是 UTF-8', 'is not UTF-8'))
}

const saveAsUtf8 = (zh: string, en: string): Text =>
  text(`编码应为 UTF-8；此文件${zh}，请另存为“CSV UTF-8”`, `must be UTF-8; this ${en}: save it as "CSV UTF-8"`)

/** null: the bytes are not of that encoding. */
export function decodedAs(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}
