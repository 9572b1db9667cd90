import { machine } from '../../src/app/machine.js'
import { type DatabaseName, freshDatabase } from '../support/databases.js'
import { ask } from '../support/serving.js'
import { cookieOf, Stage } from './sessionAttacks.js'
import type { Tried } from './sessionCampaign.js'

const PASSWORD = 'seven white sails in May'
const AT_ONCE = 16
const PATIENCE_MILLISECONDS = 3000

const PROXY = '127.0.0.1'
const [GUESSER, ELSEWHERE] = [{ 'x-forwarded-for': '203.0.113.66' }, { 'x-forwarded-for': '203.0.113.7' }]

/**
 * So many wrong passwords from one address behind the proxy: none gets in, all but a few are turned away before anything
 * is hashed, and meanwhile the rightful holder signs in from a browser that has been here before at the same address, and
 * from one that has never been here at another; and whoever has an invitation takes their account from the same address.
 */
export async function guessed(name: DatabaseName, guesses: number): Promise<Tried> {
  const { database, end } = await freshDatabase(name)
  const stage = await Stage.open(database, [PROXY])
  try {
    const { cookie = '' } = await stage.account('desk')
    const wrong: string[] = []
    let left = guesses
    let hashed = 0
    const guesser = async () => {
      while (left > 0) {
        left -= 1
        const { status } = await ask(stage.served.address, '/api/session', { method: 'POST', headers: GUESSER, body: { account: 'desk', password: `wrong password ${left}` } })
        if (status === 401) hashed += 1
        else if (status !== 429) wrong.push(`a guess was answered ${status}`)
      }
    }
    const rightful = async () => {
      for (const [where, headers] of [['a browser known here', { cookie, ...GUESSER }], ['a new browser elsewhere', ELSEWHERE]] as const) {
        const from = machine.stopwatch()
        const said = await stage.signIn('desk', PASSWORD, headers)
        if (said.status !== 200) wrong.push(`the rightful holder was kept out of ${where}: ${said.status} ${said.text}`)
        else cookieOf(stage.served, said)
        const took = machine.stopwatch() - from
        if (took > PATIENCE_MILLISECONDS) wrong.push(`the rightful holder waited ${Math.round(took)} ms in ${where}`)
      }
    }
    const newcomer = await stage.invited('newcomer')
    await Promise.all([...Array.from({ length: AT_ONCE }, guesser), rightful()])
    await rightful()
    const taken = await ask(stage.served.address, '/api/invitation', { method: 'POST', headers: GUESSER, body: { word: newcomer, password: PASSWORD } })
    if (taken.status !== 200) wrong.push(`whoever was invited was kept out: ${taken.status} ${taken.text}`)
    // The clock stands still, so that one minute's tries are all there are.
    if (hashed > 10) wrong.push(`${hashed} guesses were compared with the password`)
    return { tried: guesses, wrong }
  } finally {
    await stage.served.close()
    await end()
  }
}
