/** Reads a command's arguments: flags it declares, operands, and `field=value` settings. Anything else is refused with the nearest match. */
import { findField } from '../scenario/fields.ts'
import { ScenarioError } from '../scenario/parse.ts'
import { closest } from '../units.ts'

/** What the user typed is wrong; the message is the one line to print. */
export class UsageError extends Error {}

/** Flags by name without dashes: `true` takes no value, a word is what its value is called in the help text. */
export type FlagSpec = Record<string, true | string>

export interface Arguments {
  flags: Map<string, string[]>
  /** In order, settings left out. */
  operands: string[]
  /** `field=value`, split at the first `=`. */
  settings: [field: string, value: string][]
}

const SETTING = /^([A-Za-z][\w.]*)=(.*)$/s

/** @throws UsageError */
export function parseArguments(args: readonly string[], spec: FlagSpec): Arguments {
  const found: Arguments = { flags: new Map(), operands: [], settings: [] }
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') {
      found.operands.push(...rest)
      break
    }
    const flag = /^--?([^=]+)(?:=(.*))?$/s.exec(arg)
    if (flag) addFlag(found, spec, flag[1], flag[2], rest)
    else {
      const setting = SETTING.exec(arg)
      if (setting) found.settings.push([setting[1], setting[2]])
      else found.operands.push(arg)
    }
  }
  return found
}

function addFlag(found: Arguments, spec: FlagSpec, name: string, joined: string | undefined, rest: string[]): void {
  const kind = Object.hasOwn(spec, name) ? spec[name] : undefined
  if (kind === undefined) {
    const near = closest(name, Object.keys(spec), 1)[0]
    const hint = near ? `did you mean --${near}?` : 'see --help'
    throw new UsageError(
      `--${name} is not known here; ${isField(name) ? `fields are written without dashes: ${name}=${joined ?? rest[0] ?? '…'}` : hint}`,
    )
  }
  const values = found.flags.get(name) ?? []
  found.flags.set(name, values)
  if (kind === true) {
    if (joined !== undefined) throw new UsageError(`--${name} takes no value`)
    values.push('')
    return
  }
  const value = joined ?? rest.shift()
  if (value === undefined || value === '') throw new UsageError(`--${name} needs a value: --${name} ${kind}`)
  values.push(value)
}

function isField(name: string): boolean {
  try {
    return findField(name, '') !== null
  } catch (error) {
    if (error instanceof ScenarioError) return false
    throw error
  }
}

/** A flag's value, undefined when it was not given. @throws UsageError when it was given twice */
export function single({ flags }: Arguments, name: string): string | undefined {
  const values = flags.get(name) ?? []
  if (values.length > 1) throw new UsageError(`--${name} is given twice; give it once`)
  return values[0]
}
