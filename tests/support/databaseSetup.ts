import { administered, RUN, RUN_PREFIX, serverUrl } from './databaseServer.js'

/** Before and after a whole run: databases that it, or a run that was killed, would leave behind are dropped. */
export default async function setup(): Promise<() => Promise<void>> {
  // The processes of the run have it from here.
  process.env['SIJIZHONG_TEST_RUN'] = RUN
  const server = await serverUrl()
  if (server === null) return async () => undefined
  await dropped(server, (run) => !isRunning(Number(run.slice(RUN_PREFIX.length))))
  return () => dropped(server, (run) => run === RUN)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function dropped(server: string, ofRun: (run: string) => boolean): Promise<void> {
  await administered(server, async (sql) => {
    // Runs that begin at the same time would drop the same databases of a dead one.
    await sql`select pg_advisory_lock(hashtext(${RUN_PREFIX}))`
    const rows = await sql<{ name: string; isTemplate: boolean }[]>`
      select datname as name, datistemplate as "isTemplate" from pg_database where datname like ${`${RUN_PREFIX}%`}`
    for (const { name, isTemplate } of rows.filter((row) => ofRun(row.name.split('_').slice(0, 3).join('_')))) {
      // What a drop that was broken off has left can be dropped, and no longer altered.
      if (isTemplate) await sql.unsafe(`alter database "${name}" is_template false`)
      await sql.unsafe(`drop database if exists "${name}" with (force)`)
    }
  })
}
