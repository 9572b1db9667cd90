import { h } from './schemas.js'
import { currentLanguage, word } from './words.js'

const JSON_HEADERS = () => ({ 'Content-Type': 'application/json', 'Accept-Language': currentLanguage() })
const post = (address, body) => fetch(address, { method: 'POST', headers: JSON_HEADERS(), body: JSON.stringify(body) })

/** Who is signed in, or how somebody signs in: as any role where the service is a demonstration. `roles` are its words. */
export function signInForm(roles) {
  const box = h('form', { class: 'sign-in', 'aria-label': word('signIn'), onsubmit: (event) => event.preventDefault() })
  const said = h('span', { class: 'bad', 'aria-live': 'polite' })

  async function draw() {
    const answer = await fetch('/api/session', { headers: { 'Accept-Language': currentLanguage() } })
    const who = answer.ok ? await answer.json() : null
    box.replaceChildren(...(who === null ? fields() : [
      h('span', {}, `${who.isDemonstration ? `${word('demonstration')} · ` : ''}${who.account}`),
      button(word('signOut'), () => fetch('/api/session', { method: 'DELETE' })),
    ]), said)
  }

  const button = (label, act) => h('button', {
    type: 'button', onclick: async () => {
      const answer = await act()
      said.textContent = answer.ok ? '' : (await answer.json()).detail
      if (answer.ok) await draw()
    },
  }, label)

  function fields() {
    const account = h('input', { name: 'account', autocomplete: 'username', placeholder: word('account'), 'aria-label': word('account') })
    const password = h('input', { name: 'password', type: 'password', autocomplete: 'current-password', placeholder: word('password'), 'aria-label': word('password') })
    const role = h('select', { name: 'role', 'aria-label': word('demonstration') },
      ...Object.entries(roles).map(([value, text]) => h('option', { value }, text[currentLanguage()])))
    return [
      account, password, button(word('signIn'), () => post('/api/session', { account: account.value, password: password.value })),
      role, button(word('signInAs'), () => post('/api/demonstration/session', { role: role.value })),
    ]
  }

  void draw()
  return box
}
