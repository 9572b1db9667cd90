import { sha256 } from '../kernel/canonical.js'

/** Makes 256 bits of chance as 43 letters of base64url. */
export type Secrets = () => string

/** What the store keeps of a secret: nobody who reads it can use it. Secrets of 256 bits need no slow hash. */
export const secretHash = (secret: string): string => sha256(`sijizhong\n${secret}`)

/** Only over TLS or on this machine, never readable by a page, never sent from another site; for this host alone. */
export const SESSION_COOKIE = '__Host-sijizhong'
/** A browser from which the account signed in before: others who guess its password do not stand in its way. */
export const DEVICE_COOKIE = '__Host-sijizhong-device'

const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict'
export const cookieLine = (name: string, value: string, seconds: number): string => `${name}=${value}; Max-Age=${seconds}; ${ATTRIBUTES}`

const SECRET = /^[A-Za-z0-9_-]{43}$/

/** The value of a cookie; null when it is not there, stands twice or is no secret of ours. */
export function cookieIn(header: string | undefined, name: string): string | null {
  const values = (header ?? '').split(';').map((part) => part.trim()).filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1))
  const [value] = values
  return values.length === 1 && value !== undefined && SECRET.test(value) ? value : null
}

/** A key of another system as it is shown once and sent as `Authorization: Bearer …`. */
export const keyText = (id: string, secret: string): string => `sjz_${id}_${secret}`

export function keyIn(authorization: string): { id: string; secret: string } | null {
  const [, id, secret] = /^Bearer sjz_([A-Za-z0-9][A-Za-z0-9._-]{0,63})_([A-Za-z0-9_-]{43})$/.exec(authorization) ?? []
  return id === undefined || secret === undefined ? null : { id, secret }
}
