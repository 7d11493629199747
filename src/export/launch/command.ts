/** A scenario as a command to paste: what every tool's writer is given, what it gives back, and how a command line is quoted. */
import type { Layout } from '../../memory/layout.ts'
import type { Resolved } from '../../scenario/resolve.ts'

export interface LaunchCommand {
  /** The tool, as its makers write it. */
  tool: string
  /** One command for a POSIX shell, lines joined by backslashes. */
  command: string
  /** Files the command names, to be written beside it. */
  files: { name: string; text: string }[]
  /** What a command cannot say, in plain sentences: a checkpoint that has to exist, a file to name. */
  notes: string[]
}

export interface Setup {
  resolved: Resolved
  layout: Layout
  /** The weight scheme's id, e.g. `bf16`, `gptq-int4`, `Q4_K_M`. */
  weights: string
  /** The cache type's id, e.g. `fp8`; null when it follows the compute type. */
  cache: string | null
  /** Share of memory a pool-filling server takes, by its own definition. */
  utilization: number
}

/** A flag with its value, a flag alone (true), or nothing (null, undefined, false). */
export type Flags = Record<string, string | number | boolean | readonly string[] | null | undefined>

/** Program and flags, a flag a line; flags without a value are left out. */
export function commandLine(program: readonly string[], flags: Flags): string {
  const lines = Object.entries(flags).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === false) return []
    if (value === true) return [name]
    return [[name, ...(Array.isArray(value) ? value : [String(value)]).map(quote)].join(' ')]
  })
  return [program.map(quote).join(' '), ...lines].join(' \\\n  ')
}

/** Anything but plain words goes into single quotes, in which a shell changes nothing. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** The model as a tool can load it: its id, or a placeholder for a model that was given as a config. */
export function modelName({ resolved: { scenario, architecture } }: Setup): { name: string; notes: string[] } {
  if (typeof scenario.model === 'string') return { name: architecture.id, notes: [] }
  return { name: './model', notes: ['./model stands for the folder of the model whose config was given.'] }
}

/** A value above 1, for degrees that need no flag when they are 1. */
export const beyondOne = (degree: number): number | null => (degree > 1 ? degree : null)

/** PyTorch's name of an unquantised type, null for a quantised scheme. */
export function torchType(type: string): string | null {
  const names: Record<string, string> = { fp32: 'float32', tf32: 'float32', fp16: 'float16', bf16: 'bfloat16' }
  return Object.hasOwn(names, type) ? names[type] : null
}

/** What a server's flags need to know of its own: names of schemes and caches, and where context parallelism went. */
interface Server {
  name: string
  /** Schemes it quantises to while loading; others have to be in the checkpoint, which it recognises by itself. */
  onTheFly: Record<string, string>
  cacheTypes: Record<string, string>
  /** Why there is no flag for context parallelism. */
  context: string
}

/** Precisions as a server's flags say them, with a note on each that it cannot make. */
export function served(setup: Setup, { name, onTheFly, cacheTypes, context }: Server) {
  const { weights, cache, layout } = setup
  const { scenario, architecture } = setup.resolved
  const model = modelName(setup)
  const carried = architecture.quantisation !== null
  const quantised = torchType(weights) === null
  const quantization = quantised && !carried ? onTheFly[weights] : undefined
  const notes = [
    ...model.notes,
    ...(quantised && !carried && !quantization
      ? [`${name} loads ${weights} from a checkpoint that holds it: name that one.`]
      : []),
    ...(cache !== null && !cacheTypes[cache] ? [`${name} has no KV cache of type ${cache}.`] : []),
    ...(layout.context > 1 ? [`Context parallelism is left out: ${context}`] : []),
  ]
  return {
    model: model.name,
    dtype: torchType(quantised ? scenario.precision.compute : weights),
    quantization,
    cacheType: cache === null ? null : cacheTypes[cache],
    notes,
  }
}
