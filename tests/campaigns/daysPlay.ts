import { instantOf } from '../../src/kernel/time.js'
import { personBody, placeBody, poolBody, unitBody } from './racesRows.js'
import type { Chance } from './racesChance.js'
import type { Person, Remembered } from './daysMemory.js'
import { ask, type Said, type Served, type StandingClock } from '../support/serving.js'

const MINUTE = 60_000
const UNITS = ['u', 'v']
const PLACES = { h: 'centralisedTreatmentHospital', d: 'districtDesignatedHospital', s: 'isolationSite' } as const
const BEDS = [['h', 'h/a'], ['h', 'h/b'], ['d', 'd/a'], ['d', null]] as const
const ROOMS = [['s', 's/r'], ['s', 's/q']] as const
const PEOPLE = 14
type Lying = Person['lying'][number]

/** Plays a city by chance over the API, late tellings among them, and remembers what it was told to have done. */
export class DayPlay {
  readonly memory: Remembered = { cases: new Map(), contacts: new Map() }
  /** How often each kind of thing was done. */
  readonly done = new Map<string, number>()
  private readonly stayIds = new Map<Lying, string>()
  private turned = 0

  constructor(private readonly served: Served, private readonly clock: StandingClock, private readonly chance: Chance) {}

  private say(method: string, path: string, body: unknown): Promise<Said> {
    return ask(this.served.address, `/api/${path}`, { method, body })
  }

  async furnish(): Promise<void> {
    const bodies: [string, unknown][] = [
      ...UNITS.map((unit): [string, unknown] => [`reporting-units/${unit}`, unitBody(unit)]),
      ...Object.entries(PLACES).map(([id, kind]): [string, unknown] => [`places/${id}`, { ...placeBody(id === 'h' ? 'u' : 'v'), kind }]),
      ...BEDS.flatMap(([place, pool]): [string, unknown][] => (pool === null ? [] : [[`pools/${encodeURIComponent(pool)}`, poolBody(place)]])),
      ...ROOMS.map(([place, pool]): [string, unknown] => [`pools/${encodeURIComponent(pool)}`, { ...poolBody(place), careLevel: 'room' }]),
    ]
    for (const [path, body] of bodies) {
      const said = await this.say('PUT', path, body)
      if (said.status !== 201) throw new Error(`${path}: ${said.text}`)
      if (path.startsWith('pools/')) await this.say('PUT', `${path}/report`, { physical: 40, staffed: 33, occupied: 2 })
    }
  }

  /** A moment that has come, often one of some hours ago; undefined: now. */
  private when(): number | undefined {
    return this.chance.below(2) === 0 ? undefined : this.clock.now().getTime() - this.chance.below(900) * MINUTE
  }

  private get now(): number {
    return this.clock.now().getTime()
  }

  /** One thing that happens, or is refused. */
  async step(): Promise<void> {
    this.clock.forward((1 + this.chance.below(110)) * MINUTE)
    const steps = [this.putCase, this.putCase, this.reassess, this.reassess, this.request, this.admit, this.admit, this.admit, this.move, this.leave, this.leave,
      this.announce, this.checkIn, this.checkIn, this.moveRoom, this.leaveRoom, this.turn, this.report]
    await this.chance.one(steps).call(this)
  }

  private count(what: string, said: Said): boolean {
    if (said.status >= 500) throw new Error(`${what}: ${said.text}`)
    if (said.status < 300) this.done.set(what, (this.done.get(what) ?? 0) + 1)
    return said.status < 300
  }

  private one<T>(rows: Iterable<T>): T | undefined {
    const list = [...rows]
    return list.length === 0 ? undefined : this.chance.one(list)
  }

  private async putCase(): Promise<void> {
    const unit = this.chance.one(UNITS)
    const id = `${unit}-${1 + this.chance.below(PEOPLE)}`
    if (this.memory.cases.has(id)) return
    const at = this.when()
    const [status, severity] = this.chance.one([['confirmed', 'ordinary'], ['confirmed', 'severe'], ['suspected', 'ordinary']] as const)
    const waits = this.chance.below(3) === 0 ? (at ?? this.now) - this.chance.below(200) * MINUTE : null
    const body = { ...personBody(unit), status, severity, waitingSince: waits === null ? null : instantOf(new Date(waits)), asOf: at === undefined ? null : instantOf(new Date(at)) }
    if (!this.count('putCase', await this.say('PUT', `cases/${id}`, body))) return
    this.memory.cases.set(id, { unit, versions: [{ of: at ?? this.now, told: this.now, status, severity, waitsSince: waits }], lying: [] })
  }

  private async reassess(): Promise<void> {
    const found = this.one(this.memory.cases)
    const last = found?.[1].versions.at(-1)
    if (found === undefined || last === undefined) return
    const [id, { versions }] = found
    const at = this.when()
    const [status, severity] = this.chance.one([['confirmed', 'ordinary'], ['confirmed', 'critical'], ['suspected', 'ordinary']] as const)
    if (!this.count('reassess', await this.say('POST', `cases/${id}/severity`, { status, severity, ...this.at(at) }))) return
    versions.push({ ...last, of: Math.max(at ?? this.now, last.of), told: this.now, status, severity })
  }

  private async request(): Promise<void> {
    const found = this.one(this.memory.cases)
    const last = found?.[1].versions.at(-1)
    if (found === undefined || last === undefined) return
    const [id, { versions }] = found
    const at = this.when()
    if (!this.count('request', await this.say('POST', `cases/${id}/transfer-request`, this.at(at)))) return
    if (last.waitsSince === null) versions.push({ ...last, of: Math.max(at ?? this.now, last.of), told: this.now, waitsSince: at ?? this.now })
  }

  private at(moment: number | undefined): { at?: string } {
    return moment === undefined ? {} : { at: instantOf(new Date(moment)) }
  }

  private async admit(): Promise<void> {
    const found = this.one([...this.memory.cases].filter(([, { lying }]) => lying.every(({ end }) => end !== null)))
    if (found === undefined) return
    const [id, { lying }] = found
    const [place, pool] = this.chance.one(BEDS)
    const at = this.when()
    const said = await this.say('POST', 'stays', { case: id, place, pool, ...this.at(at) })
    if (this.count('admit', said)) this.lies(lying, { place, from: at ?? this.now, told: this.now, isMove: false, end: null }, said)
  }

  private lies(lying: Lying[], stay: Lying, said: Said): void {
    lying.push(stay)
    this.stayIds.set(stay, (said.json as { id: string }).id)
  }

  private lyingNow(): { person: Person; lying: Lying[]; stay: Lying; id: string } | undefined {
    return this.one([...this.memory.cases.values()].flatMap((person) => {
      const { lying } = person
      const stay = lying.at(-1)
      const id = stay === undefined ? undefined : this.stayIds.get(stay)
      return stay === undefined || stay.end !== null || id === undefined ? [] : [{ person, lying, stay, id }]
    }))
  }

  private async move(): Promise<void> {
    const found = this.lyingNow()
    if (found === undefined) return
    const [place, pool] = this.chance.one(BEDS)
    const at = this.when()
    const said = await this.say('POST', `stays/${found.id}/move`, { place, pool, ...this.at(at) })
    if (!this.count('move', said)) return
    if (place !== found.stay.place) this.fulfilled(found.person, at ?? this.now)
    found.stay.end = { at: at ?? this.now, told: this.now, how: 'moved' }
    this.lies(found.lying, { place, from: at ?? this.now, told: this.now, isMove: true, end: null }, said)
  }

  private async leave(): Promise<void> {
    const found = this.lyingNow()
    if (found === undefined) return
    const how = this.chance.one(['discharged', 'discharged', 'died', 'left'])
    const at = this.when()
    if (!this.count(how, await this.say('POST', `stays/${found.id}/end`, { ending: how, ...this.at(at) }))) return
    found.stay.end = { at: at ?? this.now, told: this.now, how }
    this.fulfilled(found.person, at ?? this.now)
  }

  /** Who has come elsewhere, or needs no place any more, waits no longer. */
  private fulfilled({ versions }: Person, at: number): void {
    const last = versions.at(-1)
    if (last?.waitsSince == null || last.waitsSince > at) return
    versions.push({ ...last, of: Math.max(at, last.of), told: this.now, waitsSince: null })
    this.done.set('fulfilled', (this.done.get('fulfilled') ?? 0) + 1)
  }

  private async announce(): Promise<void> {
    const unit = this.chance.one(UNITS)
    const id = `${unit}-M${1 + this.chance.below(PEOPLE)}`
    if (this.memory.contacts.has(id)) return
    const body = { unit, kind: 'closeContact', lastExposure: '2020-01-10', expectedOn: '2020-01-28', site: null, source: 'test' }
    if (this.count('announce', await this.say('PUT', `contacts/${id}`, body))) this.memory.contacts.set(id, { unit, lying: [] })
  }

  private async checkIn(): Promise<void> {
    const found = this.one([...this.memory.contacts].filter(([, { lying }]) => lying.every(({ end }) => end !== null)))
    if (found === undefined) return
    const [id, { lying }] = found
    const [place, pool] = this.chance.one(ROOMS)
    const at = this.when()
    const said = await this.say('POST', `contacts/${id}/check-in`, { place, pool, ...this.at(at) })
    if (this.count('checkIn', said)) lying.push({ place, from: at ?? this.now, told: this.now, isMove: false, end: null })
  }

  private isolatedNow(): { id: string; unit: string; lying: Lying[]; stay: Lying } | undefined {
    return this.one([...this.memory.contacts].flatMap(([id, { unit, lying }]) => {
      const stay = lying.at(-1)
      return stay === undefined || stay.end !== null ? [] : [{ id, unit, lying, stay }]
    }))
  }

  private async moveRoom(): Promise<void> {
    const found = this.isolatedNow()
    if (found === undefined) return
    const [place, pool] = this.chance.one(ROOMS)
    const at = this.when()
    if (!this.count('moveRoom', await this.say('POST', `contacts/${found.id}/move`, { place, pool, ...this.at(at) }))) return
    found.stay.end = { at: at ?? this.now, told: this.now, how: 'moved' }
    found.lying.push({ place, from: at ?? this.now, told: this.now, isMove: true, end: null })
  }

  private async leaveRoom(): Promise<void> {
    const found = this.isolatedNow()
    if (found === undefined) return
    const at = this.when()
    const how = this.chance.one(['hospitalised', 'left', 'died', 'released', 'released'])
    // Nobody is released of whom nothing was seen that day.
    const seenAt = instantOf(new Date(at ?? this.now))
    if (how === 'released') await this.say('POST', `contacts/${found.id}/observations`, { day: seenAt.slice(0, 10), half: seenAt.slice(11) < '12' ? 'morning' : 'evening', symptoms: ['none'] })
    const said = how === 'released'
      ? await this.say('POST', `contacts/${found.id}/release`, { signedBy: 'cdc-1', ...this.at(at) })
      : await this.say('POST', `contacts/${found.id}/leave`, { ending: how, ...this.at(at) })
    if (this.count(how === 'released' ? 'released' : 'leaveRoom', said)) found.stay.end = { at: at ?? this.now, told: this.now, how }
  }

  private async turn(): Promise<void> {
    const found = this.isolatedNow()
    if (found === undefined) return
    const at = this.when()
    this.turned += 1
    const id = `${found.unit}-T${this.turned}`
    if (!this.count('turn', await this.say('POST', `contacts/${found.id}/positive`, { case: id, status: 'confirmed', severity: 'ordinary', ...this.at(at) }))) return
    const moment = at ?? this.now
    found.stay.end = { at: moment, told: this.now, how: 'positive' }
    const stay: Lying = { place: found.stay.place, from: moment, told: this.now, isMove: false, end: null }
    this.memory.cases.set(id, { unit: found.unit, versions: [{ of: moment, told: this.now, status: 'confirmed', severity: 'ordinary', waitsSince: moment }], lying: [stay] })
    const { items } = (await ask(this.served.address, `/api/stays?case=${id}`)).json as { items: { id: string }[] }
    this.stayIds.set(stay, items[0]?.id ?? '')
  }

  private async report(): Promise<void> {
    const pool = this.chance.one(['h/a', 'h/b', 'd/a', 's/r', 's/q'])
    const at = this.when()
    const body = { staffed: this.chance.one([33, 35, 'unknown']), occupied: this.chance.one([0, 2, 9, 'unknown']), ...(at === undefined ? {} : { asOf: instantOf(new Date(at)) }) }
    this.count('report', await this.say('PUT', `pools/${encodeURIComponent(pool)}/report`, body))
  }
}
