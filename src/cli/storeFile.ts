import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { StoreFault } from '../db/errors.js'
import { text } from '../kernel/text.js'
import { type Read, wrong } from './options.js'

const isZipped = (file: string): boolean => file.endsWith('.gz')

const isOfTheSystem = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error

/** A file that was not there before, open for writing; an existing one is never touched. */
export async function newFile(file: string): Promise<Read<FileHandle>> {
  try {
    return { ok: true, value: await open(file, 'wx') }
  } catch (error) {
    if (!isOfTheSystem(error)) throw error
    if (error.code === 'EEXIST') return wrong(`${file}：已有这个文件；请给一个新文件名。`, `${file}: there is such a file; give a new name.`)
    return wrong(`${file}：不能写入（${error.message}）。`, `${file}: cannot be written (${error.message}).`)
  }
}

/** Hands `produce` what writes a line, and keeps the file only when all of it is on the disk. */
export async function writeLines(
  file: string, handle: FileHandle, produce: (write: (line: string) => Promise<void>) => Promise<void>,
): Promise<Read<number>> {
  const entrance = new PassThrough()
  const exit = handle.createWriteStream({ flush: true })
  const written = isZipped(file) ? pipeline(entrance, createGzip(), exit) : pipeline(entrance, exit)
  // Looked at below; until then a failure is nobody's surprise.
  written.catch(() => undefined)
  let lines = 0
  try {
    await produce(async (line) => {
      lines += 1
      if (!entrance.write(`${line}\n`)) await once(entrance, 'drain')
    })
    entrance.end()
    await written
    return { ok: true, value: lines }
  } catch (error) {
    entrance.destroy()
    await written.catch(() => undefined)
    await rm(file, { force: true })
    if (!isOfTheSystem(error)) throw error
    return wrong(`${file}：写入失败（${error.message}）；未留下文件。`, `${file}: writing failed (${error.message}); no file is left.`)
  }
}

/** The lines of a file, one at a time. Throws StoreFault for one that cannot be read. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file)
  const stream = isZipped(file) ? source.pipe(createGunzip()) : source
  source.on('error', (error) => stream.destroy(error))
  stream.setEncoding('utf8')
  let rest = ''
  try {
    for await (const chunk of stream) {
      // Only line feeds part lines: U+2028 may stand inside one, and readers of lines take it for an end.
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    if (isOfTheSystem(error)) throw new StoreFault(text(`${file}：读不出来（${error.message}）。`, `${file}: cannot be read (${error.message}).`))
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw new StoreFault(text(`${file}：不是 gzip 文件，或不完整。`, `${file}: is not a gzip file, or not all of one.`))
    }
    throw error
  } finally {
    source.destroy()
  }
  if (rest !== '') yield rest
}
