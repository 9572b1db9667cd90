import { closeSolvers } from '../../src/planning/solve/thread.js'

/** Campaigns by name: each takes its own options and prints one closing line; exit 1 when something was found. */
const CAMPAIGNS: Readonly<Record<string, () => Promise<{ main: (words: string[]) => Promise<number> }>>> = {
  model: () => import('./modelCampaign.js'),
  races: () => import('./racesCampaign.js'),
  crowd: () => import('./crowdCampaign.js'),
  crash: () => import('./crashCampaign.js'),
  fuzz: () => import('./fuzzCampaign.js'),
  matrix: () => import('./matrixCampaign.js'),
  session: () => import('./sessionCampaign.js'),
  constraints: () => import('./constraintsCampaign.js'),
  days: () => import('./daysCampaign.js'),
  interleave: () => import('./interleaveCampaign.js'),
}

const [name = '', ...words] = process.argv.slice(2)
const load = Object.hasOwn(CAMPAIGNS, name) ? CAMPAIGNS[name] : undefined
if (load === undefined) {
  process.stderr.write(`usage: campaign -- ${Object.keys(CAMPAIGNS).join('|')} [options]\n`)
  process.exitCode = 2
} else {
  process.exitCode = await (await load()).main(words)
  await closeSolvers()
}
