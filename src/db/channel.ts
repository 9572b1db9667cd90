import { invariant } from '../kernel/invariant.js'

/** A channel's name as it stands in LISTEN. Only plain names: the drivers quote others in different ways. */
export function channelName(channel: string): string {
  invariant(/^[a-z][a-z_]*$/.test(channel), `the channel ${channel} has a plain name`)
  return channel
}
