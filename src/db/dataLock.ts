import { randomUUID } from 'node:crypto'
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { z } from 'zod'
import { text } from '../kernel/text.js'
import { StoreFault } from './errors.js'

/** Another process has the data directory open; two at once would overwrite each other without a word. */
export class DataDirectoryInUse extends StoreFault {
  override name = 'DataDirectoryInUse'
  constructor(readonly dataDir: string, readonly holder: Holder | null) {
    const who = holder === null ? '?' : `${holder.pid} (${holder.host})`
    super(text(
      `数据目录 ${dataDir} 正由进程 ${who} 使用；请先停止该进程`,
      `the data directory ${dataDir} is in use by process ${who}; stop that process first`
    ))
  }
}

const holderSchema = z.object({
  pid: z.int(),
  /** Ticks since the machine started, on Linux: the same number of another process started at another time. */
  started: z.string().nullable(),
  host: z.string(),
  token: z.string(),
})
export type Holder = z.infer<typeof holderSchema>

const BEAT_MILLISECONDS = 5_000
/** A container that was replaced leaves a lock of another host; it is believed dead when it has not beaten so long. */
const SILENT_MILLISECONDS = 60_000

/** Takes `<dataDir>.lock`, also from a process that is gone. The returned function gives it back. */
export async function lockDataDirectory(dataDir: string): Promise<() => Promise<void>> {
  const lock = `${dataDir}.lock`
  const me: Holder = { pid: process.pid, started: await startOf(process.pid), host: hostname(), token: randomUUID() }
  const own = `${lock}.${me.token}`
  await writeFile(own, JSON.stringify(me), { flag: 'wx' })
  try {
    await taken({ dataDir, lock, own })
  } finally {
    await rm(own, { force: true })
  }
  const beat = setInterval(() => {
    // The time of the file says that the holder lives; nothing is lost when one beat fails.
    utimes(lock, new Date(), new Date()).catch(() => undefined)
  }, BEAT_MILLISECONDS)
  beat.unref()
  return async () => {
    clearInterval(beat)
    if ((await holderOf(lock))?.token === me.token) await rm(lock, { force: true })
  }
}

interface Paths {
  readonly dataDir: string
  readonly lock: string
  readonly own: string
}

/** A link is made only where nothing is, in one step; so the lock is never seen half written. */
async function taken({ dataDir, lock, own }: Paths): Promise<void> {
  if (await linked({ from: own, to: lock })) return
  await refuseLiving({ dataDir, lock, own })
  // Only one at a time removes a dead lock: another could have looked at the dead one and then remove a living one.
  const guard = `${lock}.takeover`
  if (!(await linked({ from: own, to: guard }))) {
    await dropForgotten({ guard, own })
    throw new DataDirectoryInUse(dataDir, await holderOf(guard))
  }
  try {
    await refuseLiving({ dataDir, lock, own })
    await rm(lock, { force: true })
    if (!(await linked({ from: own, to: lock }))) throw new DataDirectoryInUse(dataDir, await holderOf(lock))
  } finally {
    await rm(guard, { force: true })
  }
}

async function refuseLiving({ dataDir, lock, own }: Paths): Promise<void> {
  const holder = await holderOf(lock)
  const isGone = holder === null ? !(await exists(lock)) : !(await isAlive(holder, { lock, own }))
  if (!isGone) throw new DataDirectoryInUse(dataDir, holder)
}

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false)

/** A process that was killed while it took over leaves its guard behind; the next but one may start. */
async function dropForgotten({ guard, own }: { guard: string; own: string }): Promise<void> {
  const [theirs, ours] = await Promise.all([stat(guard).catch(() => null), stat(own)])
  if (theirs !== null && ours.mtimeMs - theirs.mtimeMs > SILENT_MILLISECONDS) await rm(guard, { force: true })
}

async function linked({ from, to }: { from: string; to: string }): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function holderOf(lock: string): Promise<Holder | null> {
  const content = await readFile(lock, 'utf8').catch(() => '')
  try {
    return holderSchema.parse(JSON.parse(content))
  } catch {
    return null
  }
}

async function isAlive(holder: Holder, files: { lock: string; own: string }): Promise<boolean> {
  if (holder.host !== hostname()) {
    // Its pid means nothing here; the time of its file says when it last beat.
    const [theirs, ours] = await Promise.all([stat(files.lock), stat(files.own)])
    return ours.mtimeMs - theirs.mtimeMs < SILENT_MILLISECONDS
  }
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return holder.started === null || (await startOf(holder.pid)) === holder.started
}

/** When a process started, in the machine's own count; null where the machine does not say. */
async function startOf(pid: number): Promise<string | null> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  // The name of the program, in parentheses, may hold spaces; the start is the twentieth field after it.
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ') ?? []
  // A zombie has ended and only waits for its parent to look.
  return fields[0] === 'Z' ? null : fields[19] ?? null
}
