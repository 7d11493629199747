/** Turns anything into a scenario, or into messages that name field, value, limit and remedy. */
import * as v from 'valibot'
import { knownGpu } from '../hardware/find-gpu.ts'
import { unbounded } from '../model/bounds.ts'
import { closest, visible } from '../units.ts'
import { does, runtimes, type Scenario, scenarioSchema, type tasks, usualRuntime } from './schema.ts'

export interface FieldError {
  /** Dotted path, e.g. `precision.weights`. */
  field: string
  value: unknown
  message: string
}

/** A scenario was refused; `message` is one line for all fields. */
export class ScenarioError extends Error {
  readonly fields: FieldError[]
  constructor(fields: FieldError[]) {
    super(fields.map((e) => e.message).join('; '))
    this.name = 'ScenarioError'
    this.fields = fields
  }
}

/** One refusal about one field. */
export function refuse(field: string, value: unknown, reason: string): ScenarioError {
  return new ScenarioError([{ field, value, message: `${field}: ${show(value)} ${reason}` }])
}

/**
 * Validates, fills in defaults, and calls a GPU of the catalogue by its id. Never guesses: an unknown field, a wrong type or a value out of range is an error.
 * @throws ScenarioError
 */
export function parseScenario(input: unknown): Scenario {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) {
    throw refuse('scenario', input, 'must be an object such as { "model": "meta-llama/Meta-Llama-3-8B" }')
  }
  const reason = 'model' in input && typeof input.model === 'object' && input.model !== null && unbounded(input.model)
  if (reason) throw new ScenarioError([{ field: 'model', value: undefined, message: `model: ${reason}` }])
  // A schema of objects takes an array for one.
  for (const [field, value] of Object.entries(input)) {
    if (Array.isArray(value) && fieldsAt([field]).length > 0) throw refuse(field, value, 'must be an object')
  }
  const result = v.safeParse(scenarioSchema, withRuntime(input))
  if (!result.success) throw new ScenarioError(result.issues.map(describe))
  const { runtime, task } = result.output
  if (!does(runtime, task)) {
    const trainers = runtimes.filter((other) => does(other, task)).join(', ')
    throw refuse('runtime', runtime, `serves models and cannot train them; for task "${task}" use one of ${trainers}`)
  }
  return named(result.output)
}

/** Other names: programs that run llama.cpp, and what people write for short. */
const otherNames: [RegExp, Scenario['runtime']][] = [
  [/^(ollama|lm-?studio|koboldcpp|llamafile|llamacpp|llama-cpp)$/i, 'llama.cpp'],
  [/^(exllamav[23]|tabbyapi)$/i, 'exllama'],
  [/^(hf|huggingface)$/i, 'transformers'],
  [/^(trt-?llm|tensorrt_?llm)$/i, 'tensorrt-llm'],
]

/** What serves is not what trains: the usual runtime depends on the task. */
function withRuntime(input: { task?: unknown; runtime?: unknown }): object {
  const said = input.runtime
  if (said === undefined) return { ...input, runtime: usualRuntime(input.task as (typeof tasks)[number]) }
  const other = typeof said === 'string' && otherNames.find(([pattern]) => pattern.test(said))
  return other ? { ...input, runtime: other[1] } : input
}

/** The scenario with its GPU by the name the catalogue lists it under, so that nobody takes two names for two GPUs; unknown ones stay. */
function named(scenario: Scenario): Scenario {
  const { gpu } = scenario.hardware
  const known = typeof gpu === 'string' ? knownGpu(gpu) : null
  return known ? { ...scenario, hardware: { ...scenario.hardware, gpu: known.id } } : scenario
}

function describe(issue: v.BaseIssue<unknown>): FieldError {
  const path = (issue.path ?? []).map((item) => String(item.key))
  const field = path.join('.') || 'scenario'
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const parent = issue.path?.at(-1) as { input?: object } | undefined
    const known = fieldsAt(path.slice(0, -1))
    const near = closest(path.at(-1) ?? '', known, 1)[0]
    const hint = near ? `did you mean "${near}"?` : `known fields here: ${known.join(', ')}`
    return { field, value: parent?.input, message: `${field}: unknown field; ${hint}` }
  }
  if (issue.input === undefined) return { field, value: undefined, message: `${field}: is missing; ${remedy(field)}` }
  const reason = issue.type === 'strict_object' ? 'must be an object' : issue.message
  return { field, value: issue.input, message: `${field}: ${show(issue.input)} ${reason}` }
}

const remedy = (field: string) =>
  field === 'model' ? 'name one, e.g. "meta-llama/Meta-Llama-3-8B"' : 'give it a value or leave its parent out'

/** The field names the schema knows at a path. */
function fieldsAt(path: string[]): string[] {
  let schema: unknown = scenarioSchema
  for (const key of path) schema = unwrap(entriesOf(schema)[key])
  return Object.keys(entriesOf(schema))
}

const entriesOf = (schema: unknown) => (unwrap(schema) as { entries?: Record<string, unknown> })?.entries ?? {}

function unwrap(schema: unknown): unknown {
  const inner = schema as { wrapped?: unknown; options?: unknown[] } | undefined
  if (inner?.wrapped) return unwrap(inner.wrapped)
  return inner?.options?.find((option) => 'entries' in (option as object)) ?? schema
}

/** A value short enough for a message. */
function show(value: unknown): string {
  let shown: string
  try {
    shown = typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value)
  } catch {
    shown = typeof value
  }
  return visible(shown.length > 60 ? `${shown.slice(0, 57)}…` : shown)
}
