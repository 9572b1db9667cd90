import { strToU8, zipSync, type Zippable } from 'fflate'
import { byCodeUnits } from '../kernel/canonical.js'

/** Text files in one folder of a zip: the same texts are the same bytes, whenever and wherever. */
export function zipOf(folder: string, files: readonly { readonly file: string; readonly text: string }[]): Uint8Array {
  const inOrder = [...files].sort((a, b) => byCodeUnits(a.file, b.file))
  // Zips keep local time without a zone, so that a local noon is the same bytes everywhere.
  const mtime = new Date(1980, 0, 1, 12)
  const zippable: Zippable = Object.fromEntries(
    inOrder.map(({ file, text }) => [`${folderName(folder)}/${file}`, [strToU8(text), { mtime, level: 6 }]]),
  )
  return zipSync(zippable)
}

/** A name that every system takes for a folder: most names stay as they are. */
function folderName(name: string): string {
  const safe = name.replace(/[\\/:*?"<>|\p{C}]/gu, '_').replace(/^[.\s]+|[.\s]+$/g, '')
  return safe === '' || safe === '__MACOSX' ? 'scenario' : safe
}
