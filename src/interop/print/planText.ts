import { type Language, type Text, text } from '../../kernel/text.js'
import type { Drafted } from '../../planning/compare.js'
import type { Plan } from '../../planning/plan.js'
import type { Scenario } from '../../planning/scenario.js'
import { type Line, plainText } from './layout.js'
import { type PlanView, type Section, UNDECIDED } from './planView.js'
import { editsSection } from './sections/edits.js'
import { hospitalsSection } from './sections/hospitals.js'
import { materialHeadSection, materialLevelsSection } from './sections/materialHead.js'
import { materialItemsSection } from './sections/materialItems.js'
import {
  materialCallListSection,
  materialFairnessSection,
  materialStandingSection,
  materialSubstitutionsSection,
  materialSurplusSection,
  materialUnexplainedSection,
  materialWithheldSection,
} from './sections/materialRest.js'
import { materialShipmentsSection } from './sections/materialShipments.js'
import { materialKitsSection, materialRunsOutSection, materialUnmetSection } from './sections/materialShort.js'
import { concentrationSection, headSection, levelsSection } from './sections/outcome.js'
import { patientsSection } from './sections/patients.js'
import {
  asFoundSection,
  assumedSection,
  callListSection,
  reservesSection,
  secondOpinionSection,
  staleSection,
  startPreparingSection,
  staysSection,
  teamsSection,
} from './sections/remaining.js'
import { standingSection } from './sections/standing.js'
import { tripsSection } from './sections/trips.js'
import { unmetSection } from './sections/unmet.js'

/** What a planner reads, in the order of the questions: did it work, who goes where, what stands in the way. */
const SECTIONS: readonly Section[] = [
  headSection,
  levelsSection,
  editsSection,
  hospitalsSection,
  patientsSection,
  tripsSection,
  standingSection,
  teamsSection,
  staysSection,
  reservesSection,
  concentrationSection,
  unmetSection,
  asFoundSection,
  callListSection,
  staleSection,
  startPreparingSection,
  // Transfers first, then material on where people lie by then.
  materialHeadSection,
  materialLevelsSection,
  materialItemsSection,
  materialKitsSection,
  materialShipmentsSection,
  materialUnmetSection,
  materialRunsOutSection,
  materialSubstitutionsSection,
  materialStandingSection,
  materialWithheldSection,
  materialSurplusSection,
  materialUnexplainedSection,
  materialFairnessSection,
  materialCallListSection,
  assumedSection,
  secondOpinionSection,
]

export const planLines = (view: PlanView): Line[] => SECTIONS.flatMap((section) => section(view))

/** The plan as plain text, without any marks for a terminal: as the command prints it, or as the interface does. */
export const planText = (plan: Plan, scenario: Scenario, language: Language, { medium = 'terminal', fate = UNDECIDED }: Partial<Pick<PlanView, 'medium' | 'fate'>> = {}): string =>
  plainText(planLines({ plan, scenario, language, showsApply: true, medium, fate }))

/** What cannot be met, by itself: which rules clash, and the ways out. */
export const clashText = ({ plan, scenario }: Drafted): Text => {
  const said = (language: Language) => plainText(unmetSection({ plan, scenario, language, showsApply: false, medium: 'terminal', fate: UNDECIDED })).trim()
  return text(said('zh'), said('en'))
}
