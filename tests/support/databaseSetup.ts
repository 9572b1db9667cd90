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
    const rows = await sql<{ name: string }[]>`
      select datname as name from pg_database where datname like ${`${RUN_PREFIX}%`}`
    for (const { name } of rows.filter((row) => ofRun(row.name.split('_').slice(0, 3).join('_')))) {
      await sql.unsafe(`alter database "${name}" is_template false`)
      await sql.unsafe(`drop database if exists "${name}" with (force)`)
    }
  })
}
