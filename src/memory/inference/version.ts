/** Versions of runtimes, compared by their first two numbers; letters before them do not count (v0.8, b6325). */
import type { Scenario } from '../../scenario/schema.ts'

/** Whether the scenario names a version before major.minor; a scenario that names none means a recent one. */
export function before({ runtimeVersion }: Pick<Scenario, 'runtimeVersion'>, major: number, minor: number): boolean {
  if (runtimeVersion === null) return false
  const [a = 0, b = 0] = runtimeVersion
    .replace(/^[a-z]+/i, '')
    .split('.')
    .map((part) => Number.parseInt(part, 10) || 0)
  return a < major || (a === major && b < minor)
}
