const quoted = (words) => `'${words.replaceAll("'", "'\\''")}'`

/** What a terminal sends for one operation of the document: complete but for the ids that it is not told. `origin` is the service’s own address. */
export function curlOf({ path, method, security = [] }, { parameters, type, body, origin }) {
  const address = parameters.filter((one) => one.in === 'path')
    .reduce((at, { name, example }) => at.replace(`{${name}}`, example === undefined ? `{${name}}` : encodeURIComponent(example)), path)
  const headers = parameters.filter((one) => one.in === 'header' && one.required).map(({ name, example }) => `-H ${quoted(`${name}: ${example}`)}`)
  const content = body === undefined ? [] : [`-H ${quoted(`Content-Type: ${type}`)}`, body.example === undefined ? '--data-binary @scenario.zip' : `-d ${quoted(JSON.stringify(body.example))}`]
  // Whatever anybody may do is signing in, which makes the session; the others say whose they are by it, and that they come from here.
  const isOpen = security.some((one) => Object.keys(one).length === 0)
  const session = isOpen ? '-c cookies' : '-b cookies'
  const own = method === 'get' || isOpen ? [] : [`-H ${quoted(`Origin: ${origin}`)}`]
  const start = `curl ${session} ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}${quoted(`${origin}${address}`)}`
  return [start, ...own, ...headers, ...content].join(' \\\n  ')
}
