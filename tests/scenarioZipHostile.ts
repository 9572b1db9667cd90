import { crc32, deflateRawSync } from 'node:zlib'
import { SOUND } from './doorFixture.js'
import { type End, le, type Part, UNIX, zip64End, zipBytes } from './scenarioZipBytes.js'

export const PARTS: readonly Part[] = Object.entries(SOUND).map(([name, data]) => ({ name: `small/${name}`, data }))
const STORY = PARTS.filter(({ name }) => name === 'small/story.md')
const REST = PARTS.filter(({ name }) => name !== 'small/story.md')
const STORY_BYTES = Buffer.from(SOUND['story.md'] ?? '')

const MEGABYTE = 1024 * 1024
const zeros = (megabytes: number): Buffer => Buffer.alloc(megabytes * MEGABYTE)
/** Unpacks to 210 MB, from 205 KB; made once. */
const BOMB = deflateRawSync(zeros(210), { level: 9 })
const END_AGAIN = Buffer.concat([le([0x06054b50, 4]), Buffer.alloc(19, 7)])
const BOMB_OF_19 = deflateRawSync(zeros(19), { level: 9 })
const CRC_OF_19 = crc32(zeros(19))

/** The sound scenario with one more file, or with its story replaced. */
const more = (...parts: readonly Part[]): Buffer => zipBytes([...PARTS, ...parts])
const story = (change: Partial<Part>): Buffer => zipBytes([...REST, ...STORY.map((part) => ({ ...part, ...change }))])
const ended = (end: End): Buffer => zipBytes(PARTS, end)
const extra = (name: string, change: Partial<Part> = {}): Part => ({ name, data: 'some bytes', ...change })
const SOUND_ZIP = zipBytes(PARTS)
const cut = (bytes: number): Buffer => SOUND_ZIP.subarray(0, bytes)
const LIST_START = SOUND_ZIP.readUInt32LE(SOUND_ZIP.length - 6)

/** SOUND_ZIP with one number of its bytes written over. */
function patched(at: number, value: number): Buffer {
  const bytes = Buffer.from(SOUND_ZIP)
  bytes.writeUInt32LE(value, at)
  return bytes
}

function large(say: { count?: number; listStart?: number; at?: number; signature?: number }): Buffer {
  const at = SOUND_ZIP.length - 22
  return ended({ before: zip64End({ at, count: PARTS.length, listStart: LIST_START, ...say }), count: 0xffff })
}

export interface Hostile {
  readonly what: string
  readonly zip: () => Uint8Array
  /** Part of the English sentence. */
  readonly says: string
  readonly file: string
}

const row = (what: string, says: string, zip: () => Uint8Array, file = 'scenario.zip'): Hostile =>
  ({ what, zip, says, file })
const name = (put: string, says: string): Hostile =>
  row(`a file called ${JSON.stringify(put)}`, says, () => more(extra(put)), put.replaceAll('\\', '/'))
const inStory = (what: string, says: string, change: Partial<Part>): Hostile =>
  row(what, says, () => story(change), 'small/story.md')

export const HOSTILE: readonly Hostile[] = [
  row('nothing', 'is not a zip', () => new Uint8Array()),
  row('one byte', 'is not a zip', () => Uint8Array.of(80)),
  row('text', 'is not a zip', () => Buffer.from('place,name_zh\n'.repeat(99))),
  row('a gzip', 'is not a zip', () => Buffer.from('1f8b0800000000000003', 'hex')),
  row('random bytes of 9 MB', 'is not a zip', () => Buffer.alloc(9 * MEGABYTE, 'x7Q')),
  row('more than 10 MB', 'larger than 10 MB', () => zeros(11)),
  row('cut off in its first file', 'is not a zip', () => cut(40)),
  row('cut off in its list', 'is not a zip', () => cut(LIST_START + 30)),
  row('cut off in its end', 'is not a zip', () => cut(SOUND_ZIP.length - 1)),
  row('bytes behind its end', 'is not a zip', () => Buffer.concat([SOUND_ZIP, Buffer.from('tail')])),
  row('a comment longer than it says', 'is not a zip', () => ended({ comment: Buffer.from('abc'), commentLength: 2 })),
  row('an end within the comment', 'is not a zip', () => ended({ comment: END_AGAIN })),
  row('the first of two discs', 'is not a zip', () => ended({ disk: 1 })),
  row('its list beyond the end', 'list of files', () => ended({ listStart: 0x7fffffff })),
  row('its list elsewhere', 'list of files', () => ended({ listStart: 5 })),
  row('a broken list', 'list of files', () => patched(LIST_START, 0x02014b51)),
  row('a name longer than the zip', 'list of files', () => patched(LIST_START + 28, 0x0000ffff)),
  row('fewer files said than listed', 'as many files as it says', () => ended({ count: PARTS.length - 1 })),
  row('more files said than listed', 'list of files', () => ended({ count: PARTS.length + 1 })),
  row('no file', 'holds no files', () => zipBytes([])),
  row('only folders', 'holds no files', () => zipBytes([{ name: 'a/' }, { name: 'a/b/' }])),
  row('only what macOS adds', 'holds no files', () => zipBytes([extra('__MACOSX/._a'), extra('a/.DS_Store')])),
  row('65,535 files said', 'more than 200 files', () => ended({ count: 65_535 })),
  row('65,534 files', 'more than 200 files', () => zipBytes(Array.from({ length: 65_534 }, (_, i) =>
    ({ name: `${i}`, method: 0 })))),
  row('201 files', 'more than 200 files', () => zipBytes(Array.from({ length: 201 }, (_, i) => extra(`${i}.txt`)))),
  row('zip64: 2^40 files', 'more than 200 files', () => large({ count: 2 ** 40 })),
  row('zip64: its record nowhere', 'is not a zip', () => large({ at: 2 ** 52 })),
  row('zip64: its record elsewhere', 'is not a zip', () => large({ at: 3 })),
  row('zip64: a record that is none', 'is not a zip', () => large({ signature: 0x06064b51 })),
  row('zip64: its list nowhere', 'list of files', () => large({ listStart: 2 ** 50 })),
  row('zip64: a size of 2^52', 'bytes are not where', () => story({
    packedSize: 0xffffffff, size: 0xffffffff, extra: le([1, 2], [16, 2], [2 ** 52, 8], [2 ** 52, 8]),
  }), 'small/story.md'),
  row('zip64: sizes announced and missing', 'list of files', () =>
    story({ size: 0xffffffff, extra: le([1, 2], [0, 2]) })),
  row('an extra field beyond its end', 'list of files', () => story({ extra: le([1, 2], [900, 2]) })),
  name('../beds.csv', 'nor hold ..'),
  name('small/../../etc/passwd', 'nor hold ..'),
  name('small\\..\\beds.txt', 'nor hold ..'),
  name('/etc/passwd', 'must not begin with /'),
  name('C:/beds.txt', 'must not begin with /'),
  name('\\\\host\\share', 'must not begin with /'),
  row('a NUL in a name', 'control or invisible', () => more(extra('small/a\0.txt')), 'small/a\\u0000.txt'),
  row('letters that turn around', 'control or invisible', () => more(extra('small/a\u202etxt.exe')),
    'small/a\\u202etxt.exe'),
  row('a name that is no UTF-8', 'must be UTF-8', () => more({ name: Buffer.from([0xff, 0xfe, 0x41]) })),
  row('a name that is none', 'must be UTF-8', () => more({ name: '' })),
  name('small/deep/beds.txt', 'one single folder'),
  name('beds.txt', 'one single folder'),
  name('other/beds.txt', 'one single folder'),
  name('small/story.md', 'must stand once'),
  inStory('a symbolic link', 'no link', { host: UNIX, attributes: 0xa1ff0000 }),
  inStory('a device', 'no link', { host: UNIX, attributes: 0x21ff0000 }),
  inStory('encrypted', 'without a password', { flags: 0x0801 }),
  inStory('encrypted, as only its own header says', 'without a password', { local: { flags: 0x0801 } }),
  inStory('encrypted by AES', 'without a password', { flags: 0x0801, method: 99 }),
  inStory('packed by LZMA', 'unknown compression', { method: 14 }),
  inStory('packed by bzip2', 'unknown compression', { method: 12 }),
  inStory('two methods', 'two different things', { method: 0, local: { method: 8 } }),
  inStory('two names', 'two different things', { local: { name: 'small/s.md' } }),
  inStory('two sizes', 'two different things', { local: { size: 7 } }),
  inStory('larger than it says', 'its size is not', { size: 3 }),
  inStory('smaller than it says', 'its size is not', { size: 900 }),
  inStory('stored, larger than it says', 'its size is not', { method: 0, size: 3 }),
  inStory('bytes behind what is packed', 'its size is not', {
    packed: Buffer.concat([deflateRawSync(STORY_BYTES), Buffer.from('hidden')]),
  }),
  inStory('another checksum', 'checksum', { crc: 12_345 }),
  inStory('one letter changed', 'checksum', {
    method: 0, packed: Buffer.from(STORY_BYTES.toString().replace('T', 't')),
  }),
  inStory('packed bytes that are none', 'damaged or cut off', { packed: Buffer.from('ffffffffff', 'hex') }),
  inStory('packed bytes cut off', 'damaged or cut off', { packed: deflateRawSync(STORY_BYTES).subarray(0, 9) }),
  inStory('no packed bytes', 'damaged or cut off', { packed: Buffer.alloc(0) }),
  inStory('its bytes behind the zip', 'bytes are not where', { offset: 0x7ffffff0 }),
  inStory('its bytes in the list of files', 'bytes are not where', { offset: LIST_START }),
  inStory('bytes that reach into the list of files', 'bytes are not where', {
    packedSize: deflateRawSync(STORY_BYTES).length + 20,
  }),
  inStory('more bytes than there are', 'bytes are not where', { packedSize: 1e6 }),
  row('two files of the same bytes', 'shares its bytes', () => {
    const [first, ...others] = PARTS
    const { packed, size } = { packed: deflateRawSync(STORY_BYTES), size: STORY_BYTES.length }
    const sizes = { crc: crc32(STORY_BYTES), packed: new Uint8Array(), packedSize: packed.length, size }
    const twin = { name: 'small/twin.md', offset: 0, ...sizes }
    return zipBytes([...(first === undefined ? [] : [first]), twin, ...others])
  }, 'small/twin.md'),
  row('a folder that holds bytes', 'its size is not', () => more(extra('small/in/')), 'small/in/'),
  row('a zip', 'packed file', () => more({ name: 'small/a.txt', data: SOUND_ZIP }), 'small/a.txt'),
  row('a zip, by its name', 'packed file', () => more(extra('small/beds.ZIP')), 'small/beds.ZIP'),
  row('a workbook', 'packed file', () => more({ name: 'small/beds.xlsx', data: SOUND_ZIP }), 'small/beds.xlsx'),
  row('a gzip inside', 'packed file', () => more({ name: 'small/a', data: Buffer.from([31, 139, 8, 0]) }), 'small/a'),
]

/** What unpacks to far more than it weighs. */
export const BOMBS: readonly Hostile[] = [
  row('210 MB as it says', 'larger than 20 MB', () =>
    story({ packed: BOMB, size: 210 * MEGABYTE }), 'small/story.md'),
  row('210 MB that call themselves 100 bytes', 'larger than 20 MB', () =>
    story({ packed: BOMB, size: 100 }), 'small/story.md'),
  row('210 MB under a name that nobody reads', 'larger than 20 MB', () =>
    more({ name: 'small/notes.txt', packed: BOMB, size: 9 }), 'small/notes.txt'),
  row('45 files of 210 MB each', 'all files together', () => zipBytes(Array.from({ length: 45 }, (_, i) =>
    ({ name: `${i}.csv`, packed: BOMB, size: 100 })))),
  row('150 files of 19 MB each', 'all files together', () => zipBytes(Array.from({ length: 150 }, (_, i) =>
    ({ name: `${i}.txt`, packed: BOMB_OF_19, size: 19 * MEGABYTE, crc: CRC_OF_19 })))),
  row('five tables of 19 MB, each allowed', 'a row must not exceed', () => zipBytes(
    ['beds', 'cases', 'travel', 'orders', 'teams'].map((table) => ({ name: `${table}.csv`, packed: BOMB_OF_19, size: 19 * MEGABYTE, crc: CRC_OF_19 })),
  ), 'beds.csv'),
  row('200 files that share 210 MB', 'shares its bytes', () => zipBytes(Array.from({ length: 200 }, (_, i) =>
    ({ name: `a${i + 100}`, packed: i === 0 ? BOMB : new Uint8Array(), packedSize: BOMB.length, offset: 0,
      size: 210 * MEGABYTE }))), 'a101'),
  row('five tables of 19 MB of short cells', 'more than 50 cells', () => {
    const rows = Array.from({ length: 49_000 }, (_, i) => `${i},${'a,'.repeat(196)}`).join('\n')
    const tables = ['reporting-units', 'places', 'beds', 'cases', 'travel'].map((table) => `${table}.csv`)
    return zipBytes(tables.map((name) => ({ name, data: `${(SOUND[name] ?? '').split('\n')[0]}\n${rows}` })))
  }, 'reporting-units.csv'),
]
