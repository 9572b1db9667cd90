import { type Line, labelled, paragraph, section } from '../layout.js'
import { type PlanView, say } from '../planView.js'
import { HEADINGS, PHRASES } from '../words.js'

/** What somebody decided by hand, why, and what became of it. */
export function editsSection(view: PlanView): Line[] {
  return section(say(view, HEADINGS.edits), view.plan.edits.flatMap(({ edit, text, by, reason, outcome }) => [
    ...labelled(`${edit}  `, say(view, PHRASES.decided({ what: say(view, text), by, reason })), 2),
    ...paragraph(`→ ${say(view, outcome)}`, { indent: 2 + edit.length + 2, hang: 2 }),
  ]))
}
