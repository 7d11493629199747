/** Differences between two amounts of bytes in words. */
import { html } from 'lit'
import { type ByteUnit, formatBytes } from '../../units.ts'

/** Bytes more or fewer, rounded away from zero so that no difference reads as none. */
export function delta(bytes: number, units: ByteUnit): string {
  if (bytes === 0) return '='
  return bytes > 0 ? `+${formatBytes(bytes, units)}` : `\u2212${formatBytes(-bytes, units)}`
}

/** An amount with its unit, which a narrow table says once above. */
export function amount(text: string) {
  const [number, unit] = text.split(' ')
  return unit ? html`${number}<span class="unit"> ${unit}</span>` : text
}
