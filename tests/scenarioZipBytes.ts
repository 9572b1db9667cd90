import { crc32, deflateRawSync } from 'node:zlib'

/** One file of a hand-made zip; what is given replaces what would be true. */
export interface Part {
  readonly name: string | Uint8Array
  readonly data?: string | Uint8Array
  /** 0 stored, 8 deflated. */
  readonly method?: number
  readonly flags?: number
  readonly host?: number
  readonly attributes?: number
  readonly crc?: number
  readonly packed?: Uint8Array
  readonly packedSize?: number
  readonly size?: number
  readonly offset?: number
  readonly extra?: Uint8Array
  /** What the header in front of the bytes says, where it differs. */
  readonly local?: { readonly name?: string; readonly method?: number; readonly size?: number; readonly flags?: number }
}

/** What the end of the zip says, where it is not true. */
export interface End {
  readonly count?: number
  readonly listStart?: number
  readonly disk?: number
  readonly comment?: Uint8Array
  readonly commentLength?: number
  /** Bytes between the list of files and the end. */
  readonly before?: Uint8Array
  /** Bytes in front of everything, counted in every offset. */
  readonly front?: Uint8Array
}

export const UNIX = 3
const UTF8 = 0x0800

/** Whole numbers in little endian: [value, bytes]. */
export function le(...fields: readonly (readonly [value: number, bytes: number])[]): Buffer {
  return Buffer.concat(fields.map(([value, bytes]) => {
    const field = Buffer.alloc(bytes)
    if (bytes === 8) field.writeBigUInt64LE(BigInt(value))
    else field.writeUIntLE(value, 0, bytes)
    return field
  }))
}

const bytesOf = (words: string | Uint8Array): Uint8Array => (typeof words === 'string' ? Buffer.from(words) : words)

function sealed(part: Part) {
  const data = bytesOf(part.data ?? '')
  const method = part.method ?? 8
  const packed = part.packed ?? (method === 8 ? deflateRawSync(data) : data)
  const name = bytesOf(part.name)
  const flags = part.flags ?? UTF8
  const packedSize = part.packedSize ?? packed.length
  const sizes = { crc: part.crc ?? crc32(data), packed: packedSize, size: part.size ?? data.length }
  return { part, method, packed, name, flags, sizes }
}

/** A zip written byte by byte. */
export function zipBytes(parts: readonly Part[], end: End = {}): Buffer {
  const pieces: Uint8Array[] = []
  let length = 0
  const put = (...more: readonly Uint8Array[]) => {
    pieces.push(...more)
    for (const piece of more) length += piece.length
  }
  put(end.front ?? new Uint8Array())
  const list = parts.map(sealed).map(({ part, method, packed, name, flags, sizes }) => {
    const at = length
    const localName = part.local?.name === undefined ? name : bytesOf(part.local.name)
    put(
      le([0x04034b50, 4], [20, 2], [part.local?.flags ?? flags, 2], [part.local?.method ?? method, 2], [0, 4],
        [sizes.crc, 4], [sizes.packed, 4], [part.local?.size ?? sizes.size, 4], [localName.length, 2], [0, 2]),
      localName,
      packed,
    )
    const extra = part.extra ?? new Uint8Array()
    return Buffer.concat([
      le([0x02014b50, 4], [20, 1], [part.host ?? 0, 1], [20, 2], [flags, 2], [method, 2], [0, 4], [sizes.crc, 4],
        [sizes.packed, 4], [sizes.size, 4], [name.length, 2], [extra.length, 2], [0, 2], [0, 2], [0, 2],
        [part.attributes ?? 0, 4], [part.offset ?? at, 4]),
      name,
      extra,
    ])
  })
  const listStart = length
  const listBytes = Buffer.concat(list)
  const comment = end.comment ?? new Uint8Array()
  const count = end.count ?? parts.length
  const last = le([0x06054b50, 4], [end.disk ?? 0, 2], [0, 2], [count, 2], [count, 2], [listBytes.length, 4],
    [end.listStart ?? listStart, 4], [end.commentLength ?? comment.length, 2])
  return Buffer.concat([...pieces, listBytes, end.before ?? new Uint8Array(), last, comment])
}

/** The two records of a large zip that stand before its end; the first stands at `at`. */
export const zip64End = (say: { at: number; count: number; listStart: number; signature?: number }): Buffer =>
  Buffer.concat([
    le([say.signature ?? 0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [say.count, 8], [say.count, 8],
      [0, 8], [say.listStart, 8]),
    le([0x07064b50, 4], [0, 4], [say.at, 8], [1, 4]),
  ])
