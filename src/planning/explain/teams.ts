import { byCodeUnits } from '../../kernel/canonical.js'
import { counted, text } from '../../kernel/text.js'
import type { Facts } from '../facts.js'
import type { Plan } from '../plan.js'
import { personName, placeName } from '../sayings.js'

type Proposal = Plan['teams'][number]

/**
 * Decision 11: for a severe or critical case who lies without a team after the plan, the nearest team whose present
 * place keeps no severe or critical case. One team goes to one place and serves everybody there.
 */
export function teamProposals(facts: Facts): Proposal[] {
  const { world } = facts
  const sent = new Map<string, { team: string; from: string; minutes: number } | null>()
  return urgentWithoutTeam(facts).map((patient) => {
    const to = facts.after(patient).place
    if (!sent.has(to)) sent.set(to, nearestSpare(facts, to, [...sent.values()].flatMap((s) => (s === null ? [] : [s.team]))))
    const found = sent.get(to) ?? null
    const who = personName(world, patient)
    const reason = found === null
      ? text(`${who.zh}处没有专家组，且无可抽调者`, `no team is with ${who.en}, and none can be spared`)
      : text(`${who.zh}留在${placeName(world, to).zh}，请派${world.scenario.teams[found.team]?.name.zh ?? found.team}（${placeName(world, found.from).zh}，${found.minutes} 分钟）`,
          `${who.en} stays at ${placeName(world, to).en}; send ${world.scenario.teams[found.team]?.name.en ?? found.team} from ${placeName(world, found.from).en}, ${counted(found.minutes, 'minutes')}`)
    return { patient, to, team: found?.team ?? null, from: found?.from ?? null, travelMinutes: found?.minutes ?? null, reason }
  })
}

function urgentWithoutTeam(facts: Facts): string[] {
  const { world } = facts
  const order = (id: string) => (world.case(id).severity === 'critical' ? 0 : 1)
  return Object.keys(world.scenario.cases)
    .filter((id) => ['critical', 'severe'].includes(world.case(id).severity) && !world.hasTeam(facts.after(id).place))
    .sort((a, b) => order(a) - order(b) || world.hoursWaited(b) - world.hoursWaited(a) || world.lotRank(a) - world.lotRank(b))
}

function nearestSpare(facts: Facts, to: string, taken: readonly string[]) {
  const { world } = facts
  const urgentAt = new Set(Object.keys(world.scenario.cases)
    .filter((id) => ['critical', 'severe'].includes(world.case(id).severity))
    .map((id) => facts.after(id).place))
  const spare = Object.entries(world.scenario.teams).flatMap(([team, row]) => {
    const minutes = world.minutesBetween(row.station, to)
    const others = Object.entries(world.scenario.teams).filter(([id, other]) =>
      id !== team && other.station === row.station && other.underCommand && !taken.includes(id))
    const isNeeded = urgentAt.has(row.station) && others.length === 0
    return !row.underCommand || taken.includes(team) || isNeeded || minutes === null
      ? [] : [{ team, from: row.station, minutes }]
  })
  return spare.sort((a, b) => a.minutes - b.minutes || byCodeUnits(a.team, b.team))[0] ?? null
}
