import { createInflateRaw, crc32, inflateRawSync } from 'node:zlib'
import type { Entry, LocalFileHeader } from 'yauzl'
import { type Text, text } from '../kernel/text.js'
import { errorCode } from './textFile.js'

/** One file of a zip: where its bytes lie. */
export interface ZipEntry {
  /** With slashes, as the zip has it. */
  readonly path: string
  readonly entry: Entry
  readonly local: LocalFileHeader
  readonly packed: Uint8Array
}

const STORED = 0
const DEFLATED = 8
const HAS_DESCRIPTOR = 0x0008
const ZIP64_SIZE = 0xffffffff
const CHUNK = 65_536

/** Hosts whose upper attributes are a Unix mode, and the kinds of file in it; nought where the zip does not say. */
const UNIX_HOSTS = [3, 19]
const KIND_OF_FILE = 0xf000
const PLAIN_KINDS = [0, 0x8000, 0x4000]

const PACKED_NAME = /\.(?:zip|7z|rar|tar|gz|tgz|bz2|xz)$/i
const PACKED_STARTS = ['504b0304', '504b0506', '377abcaf', '52617221', '1f8b08', 'fd377a58', '425a68']

const OUTSIDE = text('名称不能以 / 或盘符开头，也不能含 ..', 'its name must not begin with / or a drive, nor hold ..')
const CONTROL = text('名称含控制字符或看不见的字符', 'its name holds control or invisible characters; rename it')
const NO_FILE = text('应为普通文件，不能是链接或设备', 'must be an ordinary file, no link or device')
const ENCRYPTED = text('不能加密，请去掉密码重新打包', 'must not be encrypted; zip it again without a password')
const UNKNOWN_METHOD = text('压缩方式不认识，请用普通 zip（deflate）', 'unknown compression; use ordinary zip (deflate)')
const DISAGREE = text('zip 内两处对此文件的记载不一致', 'the zip says two different things of this file; zip it again')
const WRONG_SIZE = text('实际大小与 zip 所记不符', 'its size is not the one that the zip states; zip it again')
const WRONG_SUM = text('内容与校验和不符，文件已损坏', 'its bytes do not fit their checksum: damaged; zip it again')
const DAMAGED = text('压缩数据已损坏或被截断', 'its packed bytes are damaged or cut off; zip it again')
const NESTED = text(
  '本身是压缩包（zip、xlsx、docx 等）；这里只放 CSV 表、policy.json 和 story.md',
  'is itself a packed file (zip, xlsx, docx, …); only CSV tables, policy.json and story.md belong here',
)

/** What is wrong with a file of a zip before one byte of it is unpacked; null: nothing. */
export function headerFault({ path, entry, local }: ZipEntry): Text | null {
  if (/^\/|^[a-z]:/i.test(path) || path.split('/').includes('..')) return OUTSIDE
  if (/[\p{Cc}\p{Cf}]/u.test(path)) return CONTROL
  const mode = entry.externalFileAttributes >>> 16
  if (UNIX_HOSTS.includes(entry.versionMadeBy >>> 8) && !PLAIN_KINDS.includes(mode & KIND_OF_FILE)) return NO_FILE
  if (entry.isEncrypted() || (local.generalPurposeBitFlag & 1) !== 0) return ENCRYPTED
  if (![STORED, DEFLATED].includes(entry.compressionMethod)) return UNKNOWN_METHOD
  const isSame = local.compressionMethod === entry.compressionMethod && entry.fileNameRaw.equals(local.fileName)
  if (!isSame || !localSizesFit(entry, local)) return DISAGREE
  if (PACKED_NAME.test(path)) return NESTED
  return path.endsWith('/') && entry.uncompressedSize > 0 ? WRONG_SIZE : null
}

/** A zip written in one go states sizes behind the bytes; a large one states them in an extra field. */
function localSizesFit(entry: Entry, local: LocalFileHeader): boolean {
  if ((local.generalPurposeBitFlag & HAS_DESCRIPTOR) !== 0) return true
  const fits = (here: number, there: number) => here === there || here === ZIP64_SIZE
  return local.crc32 === entry.crc32 && fits(local.compressedSize, entry.compressedSize) &&
    fits(local.uncompressedSize, entry.uncompressedSize)
}

export type Measured =
  | { readonly is: 'sound'; readonly bytes: number }
  /** More bytes than allowed came out. */
  | { readonly is: 'tooLarge' }
  | { readonly is: 'refused'; readonly bytes: number; readonly want: Text }

/** Unpacks a file and keeps nothing of it, to learn whether it is what the zip says; stops behind `bytesMax` bytes. */
export async function measured({ entry, packed }: ZipEntry, bytesMax: number): Promise<Measured> {
  let bytes = 0
  let sum = 0
  let start = ''
  const add = (chunk: Uint8Array) => {
    if (bytes === 0) start = Buffer.from(chunk.subarray(0, 4)).toString('hex')
    bytes += chunk.length
    sum = crc32(chunk, sum)
  }
  let used = packed.length
  if (entry.compressionMethod === STORED) {
    if (packed.length > bytesMax) return { is: 'tooLarge' }
    add(packed)
  } else {
    const inflate = createInflateRaw({ chunkSize: CHUNK })
    inflate.end(packed)
    try {
      for await (const chunk of inflate) {
        add(chunk as Uint8Array)
        if (bytes > bytesMax) return { is: 'tooLarge' }
      }
    } catch (error) {
      // Only zlib's own codes are the file's fault.
      if (!errorCode(error).startsWith('Z_')) throw error
      return { is: 'refused', bytes, want: DAMAGED }
    }
    used = inflate.bytesWritten
  }
  if (PACKED_STARTS.some((packedStart) => start.startsWith(packedStart))) return { is: 'refused', bytes, want: NESTED }
  if (bytes !== entry.uncompressedSize || used !== packed.length) return { is: 'refused', bytes, want: WRONG_SIZE }
  return sum === entry.crc32 ? { is: 'sound', bytes } : { is: 'refused', bytes, want: WRONG_SUM }
}

/** The bytes of a file that was measured and found sound. */
export const unpacked = ({ entry, packed }: ZipEntry): Uint8Array =>
  entry.compressionMethod === STORED
    ? packed
    : inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.uncompressedSize) })
