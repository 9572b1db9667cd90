import postgres from 'postgres'

const LOCAL = 'postgres://postgres@127.0.0.1:5432/postgres'

/** Begins the names of all databases of a run, with the process that began it: so what a killed run left is found. */
export const RUN_PREFIX = 'sijizhong_test_p'
export const RUN = process.env['SIJIZHONG_TEST_RUN'] ?? `${RUN_PREFIX}${process.pid}`

/** The server to test on: TEST_DATABASE_URL, or one on this machine; null: none. Throws when one is required. */
export async function serverUrl(): Promise<string | null> {
  const given = process.env['TEST_DATABASE_URL'] ?? ''
  const url = given === '' ? LOCAL : given
  try {
    await administered(url, (sql) => sql`select 1`)
    return url
  } catch (error) {
    const isRequired = given !== '' || process.env['REQUIRE_POSTGRES'] === '1'
    if (isRequired) throw new Error('a PostgreSQL server is required, and none answers', { cause: error })
    return null
  }
}

/** One piece of work as the server's administrator, on a connection of its own. */
export async function administered<T>(url: string, work: (sql: postgres.Sql) => PromiseLike<T>): Promise<T> {
  const sql = postgres(url, { max: 1, connect_timeout: 30, fetch_types: false, onnotice: () => undefined })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** The URL of another database of the same server. */
export function urlOf({ server, name }: { server: string; name: string }): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
