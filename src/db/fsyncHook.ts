import { fdatasyncSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'

/**
 * PGlite runs PostgreSQL with fsync off, and its file system has no fsync at all: a commit would survive the end of the
 * process, but not of the machine. With these parameters PostgreSQL asks for it, and `installFsync` answers.
 * `wal_sync_method=fdatasync` would go past the hook. Without background processes the log is kept short.
 */
export const DURABLE_START = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c', 'fsync=on', '-c', 'wal_sync_method=fsync', '-c', 'max_wal_size=64MB', '-c', 'min_wal_size=32MB',
]

interface OpenFile {
  readonly nfd?: number
}

interface FileOperations {
  fsync?: (file: OpenFile) => number
}

/** Makes fsync of the embedded database reach the disk; calls `synced` after each. */
export function installFsync(pg: PGlite, synced: () => void): void {
  const files: unknown = pg.Module.NODEFS
  const { stream_ops: operations } = files as { stream_ops: FileOperations }
  operations.fsync = ({ nfd }) => {
    if (nfd !== undefined) {
      fdatasyncSync(nfd)
      synced()
    }
    return 0
  }
}

const AT_ONCE = 8

/** Brings every file to the disk, once after the first start: what was written before the hook was there. */
export async function syncEverythingBelow(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
  paths.push(folder)
  const worker = async () => {
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      const file = await open(path, 'r')
      try {
        await file.sync()
      } finally {
        await file.close()
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
