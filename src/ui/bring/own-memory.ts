/** An amount of memory as people write it. */
import { limits } from '../../scenario/schema.ts'
import { formatInteger, MiB } from '../../units.ts'

/** Reads `24564`, `24 564 MiB`, `24 GiB` or `24GB` as MiB. @throws RangeError */
export function readMemory(text: string): number {
  const match = /^([\d\s_,]*\d(?:\.\d+)?)\s*(mib|mb|gib|gb)?$/i.exec(text.trim())
  if (!match) throw new RangeError('Write it like 24564 MiB or 24 GiB.')
  const number = Number(match[1].replace(/[\s_,]/g, ''))
  const mebibytes = { mib: 1, mb: 1e6 / MiB, gib: 1024, gb: 1e9 / MiB }[(match[2] ?? 'mib').toLowerCase()] ?? 1
  const value = Math.floor(number * mebibytes)
  if (value > limits.memoryMiB) throw new RangeError(`The most is ${formatInteger(limits.memoryMiB)} MiB.`)
  return value
}
