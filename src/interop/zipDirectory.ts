import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { type Text, text } from '../kernel/text.js'
import { type Problem, problemOf } from './problem.js'
import { decodedAs } from './textFile.js'
import type { ZipEntry } from './zipEntry.js'

/** What an upload is called in reports of mistakes: its own name is not known here. */
export const ZIP_FILE = 'scenario.zip'
const ZIP_MEGABYTES_MAX = 10
const ENTRIES_MAX = 200

const HAS_UTF8_NAME = 0x0800
/** What may follow the list of files: its end, in either size of zip. */
const ENDS = [0x06054b50, 0x06064b50]

const TOO_LARGE = text(`zip 不能超过 ${ZIP_MEGABYTES_MAX} MB`, `the zip must not be larger than ${ZIP_MEGABYTES_MAX} MB`)
const NO_ZIP = text('不是 zip 文件，或已被截断', 'is not a zip, or was cut off; upload the whole file')
const TOO_MANY = text(`zip 内不能超过 ${ENTRIES_MAX} 个文件`, `the zip must not hold more than ${ENTRIES_MAX} files`)
const DAMAGED = text('zip 的目录已损坏，请重新打包', 'the list of files in the zip is damaged; zip them again')
const HIDES = text('zip 的目录与所记的文件数不符', 'the zip does not hold as many files as it says; zip them again')
const BAD_NAME = text('文件名应为 UTF-8', 'names of files must be UTF-8; rename the file or zip it with another tool')
const OUT_OF_PLACE = text('此文件的字节不在 zip 所记之处', 'its bytes are not where the zip says; zip it again')
const OVERLAPS = text('与另一文件占用同一段字节', 'shares its bytes with another file; zip them again')
const TWICE = text('同名文件出现两次', 'must stand once in the zip')

export type Directory =
  { readonly ok: true; readonly entries: ZipEntry[] } | { readonly ok: false; readonly problems: Problem[] }

const refused = (want: Text, got: unknown = ''): Directory =>
  ({ ok: false, problems: [problemOf({ file: ZIP_FILE, got }, want)] })

/** What a zip lists, each where its bytes lie. Unpacks nothing. */
export async function readDirectory(bytes: Uint8Array): Promise<Directory> {
  const megabytes = bytes.length / 1024 / 1024
  if (megabytes > ZIP_MEGABYTES_MAX) return refused(TOO_LARGE, `${megabytes.toFixed(1)} MB`)
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const zip = await ofZip(fromBufferPromise(buffer, { decodeStrings: false, validateEntrySizes: false }))
  if (zip === null) return refused(NO_ZIP, bytes.length === 0 ? '' : `${bytes.length} B`)
  if (zip.entryCount > ENTRIES_MAX) return refused(TOO_MANY, zip.entryCount)
  const listStart = cursorOf(zip)
  const listed = await ofZip(allEntries(zip))
  if (listed === null) return refused(DAMAGED)
  const end = cursorOf(zip)
  if (end + 4 > buffer.length || !ENDS.includes(buffer.readUInt32LE(end))) return refused(HIDES, zip.entryCount)
  const located = await Promise.all(listed.map((entry) => locate(entry, { zip, buffer, listStart })))
  const entries = located.flatMap((one) => ('want' in one ? [] : [one]))
  const lost = located.flatMap((one) => ('want' in one ? [one] : []))
  const problems = [
    ...lost.map(({ path, want }) => problemOf({ file: path ?? ZIP_FILE, got: path }, want)),
    ...repeated(entries),
    ...overlapping(entries),
  ]
  return problems.length > 0 ? { ok: false, problems } : { ok: true, entries }
}

/** Whatever yauzl finds wrong is the zip's fault. */
async function ofZip<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

/** Where yauzl stands in the list of files; its types call this offset a boolean. */
const cursorOf = (zip: ZipFile): number => Number(zip.readEntryCursor)

async function allEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of zip.eachEntry()) entries.push(entry)
  return entries
}

async function locate(
  entry: Entry,
  { zip, buffer, listStart }: { zip: ZipFile; buffer: Buffer; listStart: number },
): Promise<ZipEntry | { path: string | null; want: Text }> {
  const path = nameOf(entry)
  if (path === null) return { path, want: BAD_NAME }
  const local = await ofZip(zip.readLocalFileHeaderPromise(entry))
  const end = (local?.fileDataStart ?? 0) + entry.compressedSize
  if (local === null || end > listStart) return { path, want: OUT_OF_PLACE }
  return { path, entry, local, packed: buffer.subarray(local.fileDataStart, end) }
}

/** Windows writes names in GBK and backslashes without saying so; every other tool writes UTF-8. */
function nameOf(entry: Entry): string | null {
  const raw = entry.fileNameRaw
  const isUtf8 = (entry.generalPurposeBitFlag & HAS_UTF8_NAME) !== 0
  const name = decodedAs('utf-8', raw) ?? (isUtf8 ? null : decodedAs('gb18030', raw))
  return name === null || name === '' ? null : name.replaceAll('\\', '/')
}

function repeated(entries: readonly ZipEntry[]): Problem[] {
  const seen = new Set<string>()
  return entries.filter(({ path }) => seen.size === seen.add(path).size)
    .map(({ path }) => problemOf({ file: path, got: path }, TWICE))
}

/** Files that share bytes let a small zip unpack to a large one. */
function overlapping(entries: readonly ZipEntry[]): Problem[] {
  const inOrder = [...entries].sort((a, b) => startOf(a) - startOf(b))
  return inOrder.filter((one, index) => {
    const before = inOrder[index - 1]
    return before !== undefined && startOf(one) < before.local.fileDataStart + before.packed.length
  }).map(({ path }) => problemOf({ file: path, got: path }, OVERLAPS))
}

const startOf = ({ entry }: ZipEntry): number => entry.relativeOffsetOfLocalHeader
