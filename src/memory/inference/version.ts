/** Versions of runtimes, compared number by number; letters before them do not count (v0.8, b6325), and numbers not given are zero. */
import type { Scenario } from '../../scenario/schema.ts'

/** Whether the scenario names a version before this one; a scenario that names none means a recent one. */
export function before({ runtimeVersion }: Pick<Scenario, 'runtimeVersion'>, ...version: number[]): boolean {
  if (runtimeVersion === null) return false
  const own = runtimeVersion
    .replace(/^[a-z]+/i, '')
    .split('.')
    .map((part) => Number.parseInt(part, 10) || 0)
  for (const [index, number] of version.entries()) {
    const digit = own[index] ?? 0
    if (digit !== number) return digit < number
  }
  return false
}
