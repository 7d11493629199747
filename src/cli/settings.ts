/** Scenario fields and axes as typed on the command line: `gpu=RTX-4090`, `precision.kvCache=fp8`, `batch=1..64`, `seq=1k..128k:log2`. */
import { findField } from '../scenario/fields.ts'
import { readValue } from '../scenario/url-fields.ts'
import type { AxisInput, AxisValue } from '../sweep/axis.ts'
import { withField } from '../sweep/plan.ts'
import { parseQuantity } from '../units.ts'
import { UsageError } from './arguments.ts'

type Kind = ReturnType<typeof findField>['kind']

/** The scenario with fields set; a field is named by its path or its short key. @throws UsageError, ScenarioError */
export function withSettings(scenario: unknown, settings: readonly [string, string][]): unknown {
  return settings.reduce<unknown>((at, [name, text]) => {
    const { path, kind } = findField(name, 'scenario')
    return withField(at, path.split('.'), readText(name, kind, text))
  }, scenario)
}

/** One value; `null` leaves the field to the runtime. What cannot be read is handed on, for the schema to refuse. */
function readText(name: string, kind: Kind, text: string): unknown {
  if (text === 'null') return null
  if (kind === 'model' || kind === 'gpu') return text.trimStart().startsWith('{') ? json(name, text) : text
  if (kind === 'text') return text
  if (kind === 'flag')
    return text === 'true' || text === 'on' ? true : text === 'false' || text === 'off' ? false : text
  if (kind === 'list') return text.startsWith('[') ? json(name, text) : text.split(',').filter(Boolean)
  try {
    return readValue(kind, text)
  } catch {
    return Number.isFinite(Number(text)) && text.trim() !== '' ? Number(text) : text
  }
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${name}: the value begins like JSON but is none`)
  }
}

/** `field=a,b,c`, `field=from..to`, `field=from..to:step`, `field=from..to:log2` or `field=from..to:log2:points`. @throws UsageError */
export function parseAxisFlag(text: string): AxisInput {
  const split = /^([^=]+)=(.+)$/s.exec(text)
  if (!split) throw new UsageError(`--axis: ${JSON.stringify(text)} must look like batch=1..64 or weights=bf16,fp8`)
  const [, name, values] = split
  const { path: field, kind } = findField(name, 'axes')
  const range = /^([^.,:]+)\.\.([^.,:]+)(?::(.+))?$/.exec(values)
  if (!range) return { field, values: values.split(',').map((value) => readText(name, kind, value) as AxisValue) }
  const [from, to] = [count(name, range[1]), count(name, range[2])]
  const how = range[3]
  if (how === undefined) return { field, from, to }
  const [scale, points, more] = how.split(':')
  if (scale !== 'log2') {
    if (points !== undefined) throw new UsageError(`--axis ${name}: only a log2 range has a second setting`)
    return { field, from, to, step: count(name, scale) }
  }
  if (more !== undefined) throw new UsageError(`--axis ${name}: too many settings after the range`)
  return { field, from, to, scale, ...(points === undefined ? {} : { points: count(name, points) }) }
}

function count(name: string, text: string): number {
  try {
    return parseQuantity(text)
  } catch (error) {
    throw new UsageError(`--axis ${name}: ${(error as Error).message}`)
  }
}
