import { SignIn } from '../../src/access/signIn.js'
import { putAccount } from '../../src/access/commands.js'
import { ACCOUNTS } from '../../src/access/store.js'
import type { Act } from '../../src/db/act.js'
import { lockRecord } from '../../src/db/records.js'
import { machine } from '../../src/app/machine.js'
import { reportBeds } from '../../src/facilities/bedCommands.js'
import { checkIn, moveRoom } from '../../src/stays/isolation/commands.js'
import { release, turnPositive } from '../../src/stays/isolation/outcomes.js'
import type { Pair, Work } from './interleavePairs.js'

const comesTo = (contact: string, place: string): Work => (act) => checkIn(act, contact, { place, pool: `${place}/room` }, undefined)
/** In whichever version it stands. */
const anyVersion = (act: Act): Act => ({
  ...act, ifMatch: '*',
  get at() {
    return act.at
  },
})
const resigns = (account: string): Work => (act) => putAccount(anyVersion(act), account, { title: { zh: '离任', en: 'gone' }, grants: [], disabled: false })

/** Pairs about isolation and about accounts. */
export const OTHER_PAIRS: readonly Pair[] = [
  {
    name: 'two check-ins to the last room', works: ({ coming: [one, other] }) => [comesTo(one, 'site'), comesTo(other, 'site')],
    lawful: [['ok', 'noFreeBed'], ['noFreeBed', 'ok']],
  },
  {
    name: 'one contact checked in at two sites', works: ({ coming: [one] }) => [comesTo(one, 'site'), comesTo(one, 'inn')],
    lawful: [['ok', 'alreadyInCare'], ['alreadyInCare', 'ok']],
  },
  {
    name: 'a room moved out of and a check-in', works: ({ inside, coming: [one] }) => [
      (act) => moveRoom(act, inside, { place: 'site', pool: 'site/room' }, undefined), comesTo(one, 'site'),
    ],
    lawful: [['ok', 'noFreeBed'], ['noFreeBed', 'ok']],
  },
  {
    name: 'release and turning positive', works: ({ inside }) => [
      (act) => release(act, inside, { signedBy: 'cdc-1', at: undefined }),
      (act) => turnPositive(act, inside, { case: 'south-99', status: 'confirmed', severity: 'ordinary' }),
    ],
    lawful: [['ok', 'isolationIsOver'], ['isolationIsOver', 'ok']],
  },
  {
    name: 'a check-in and a census', works: ({ coming: [one] }) => [comesTo(one, 'site'), (act) => reportBeds(act, 'site/room', { staffed: 1, occupied: 1 })],
    // Counted first, there is no room left; nobody counts who is not there.
    lawful: [['ok', 'ok'], ['noFreeBed', 'ok']],
  },
  {
    name: 'the last two administrators resign', works: ({ administrators: [one, other] }) => [resigns(one), resigns(other)],
    lawful: [['ok', 'lastAdministrator'], ['lastAdministrator', 'ok']],
  },
  {
    name: 'an invitation taken while another is given out', works: ({ administrators: [one], word }) => [
      {
        byItself: (db, clock) => db.inTransaction(async (tx) => {
          await lockRecord({ tx, notBefore: () => undefined }, ACCOUNTS, one)
          return new SignIn(db, clock, machine.secret).invite(tx, one)
        }),
      },
      { byItself: (db, clock) => new SignIn(db, clock, machine.secret).withInvitation(word, 'seven white sails in May', { request: 'word', address: '127.0.0.1', device: null }) },
    ],
    lawful: [['ok', 'ok'], ['ok', 'signInFailed']],
  },
]
