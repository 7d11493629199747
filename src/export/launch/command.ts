/** A scenario as a command to paste: what every tool's writer is given, what it gives back, and how a command line is quoted. */

import type { Layout } from '../../memory/layout.ts'
import { withoutAddress } from '../../model/catalogue/names.ts'
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
  const { model } = scenario
  // Checkpoints of one architecture, base and Instruct, share an entry of the catalogue: the one that was named is meant.
  const named =
    typeof model === 'string' && model.includes('/') && model.toLowerCase() !== architecture.id.toLowerCase()
  if (typeof model === 'string') return { name: named ? withoutAddress(model) : architecture.id, notes: [] }
  return { name: './model', notes: ['./model stands for the folder of the model whose config was given.'] }
}

/** A value above 1, for degrees that need no flag when they are 1. */
export const beyondOne = (degree: number): number | null => (degree > 1 ? degree : null)

/** GPUs of one machine, as launchers count them. */
const PER_MACHINE = 8

/** Machines that so many GPUs take, with equally many in each. */
export function machinesOf(gpus: number): number {
  let machines = Math.ceil(gpus / PER_MACHINE)
  while (gpus % machines !== 0) machines++
  return machines
}

/** PyTorch's name of an unquantised type, null for a quantised scheme. */
export function torchType(type: string): string | null {
  const names: Record<string, string> = { fp32: 'float32', tf32: 'float32', fp16: 'float16', bf16: 'bfloat16' }
  return Object.hasOwn(names, type) ? names[type] : null
}

/** What a server's flags need to know of its own: names of schemes and caches, and what it takes in another way or not at all. */
interface Server {
  name: string
  /** Schemes it quantises to while loading; others have to be in the checkpoint, which it recognises by itself. */
  onTheFly: Record<string, string>
  /** Schemes that it loads from no checkpoint either. */
  unknown: RegExp
  /** What to do about one of them, if there is anything. */
  remedy?: (weights: string) => string | undefined
  cacheTypes: Record<string, string>
  /** Why there is no flag for context parallelism. */
  context: string
  /** What lets it serve more positions than the model's config has, if it asks for anything. */
  longer: string | null
  /** How it is started on several machines. */
  across: (machines: number, layout: Layout) => string
}

/** Schemes of GGUF files: `Q4_K_M`, `IQ2_XS`, `TQ1_0`, `MXFP4_MOE`. */
export const ggufName = /^(I?Q\d|TQ\d|MXFP4_MOE)/

/** Schemes of no use to a server that reads neither GGUF, bitsandbytes, ExLlamaV2 nor HQQ. */
export const foreign = new RegExp(`${ggufName.source}|^(nf4|fp4)(-dq)?$|^(llm\\.int8|exl2|hqq|fp6)`)

/** As `foreign`, for one that reads GGUF and bitsandbytes. */
export const strange = /^(exl2|hqq|fp6)/

/** The model has layers of routed experts. */
export const hasExperts = ({ resolved: { architecture } }: Setup): boolean =>
  architecture.kinds.some((kind) => kind.feedForwards.some((part) => part.kind === 'moe'))

/** Attention is data-parallel while the experts are spread: the ranks are one server, not replicas. */
export const spreads = ({ layout }: Setup): boolean => layout.expert > 1 && layout.data > 1

/** Expert parallelism within a tensor-parallel group, which it has to divide; null, with a note, where it does not. */
export function expertsIn(group: number, expert: number, name: string, notes: string[]): number | null {
  if (group % expert === 0) return beyondOne(expert)
  notes.push(`Expert parallelism is left out: ${name} wants it to divide its ${group} tensor-parallel GPUs.`)
  return null
}

/** Precisions as a server's flags say them, with a note on each that it cannot make. `replicas` are servers of their own, each with this command. */
export function served(setup: Setup, server: Server, replicas = 1) {
  const { weights, layout } = setup
  const { name } = server
  const { scenario, architecture } = setup.resolved
  const model = modelName(setup)
  const carried = architecture.quantisation !== null
  const quantised = torchType(weights) === null
  const quantization = quantised && !carried ? server.onTheFly[weights] : undefined
  const cache = cacheFlag(setup, server)
  const positions = architecture.maxPositionEmbeddings
  const gpus = scenario.hardware.count / replicas
  const group = layout.tensor * layout.data
  const notes = [...model.notes]
  if (quantised && server.unknown.test(weights))
    notes.push(`${name} cannot load ${weights}: ${server.remedy?.(weights) ?? 'choose another precision'}.`)
  else if (quantised && !carried && !quantization)
    notes.push(`${name} loads ${weights} from a checkpoint that holds it: name that one.`)
  if (cache === null) notes.push(`${name} has no KV cache of type ${setup.cache} here.`)
  if (server.longer !== null && positions !== null && scenario.sequence > positions)
    notes.push(`The model’s config ends at ${positions} tokens: ${name} serves more only with ${server.longer}.`)
  if (layout.context > 1) notes.push(`Context parallelism is left out: ${server.context}`)
  if (spreads(setup) && layout.expertShards < group)
    notes.push(`${name} spreads experts over all ${group} GPUs: expert parallelism of ${group} estimates that.`)
  if (replicas > 1) notes.push(`${replicas} replicas: run the command once for each, on GPUs of its own.`)
  if (gpus > PER_MACHINE) notes.push(`${gpus} GPUs are several machines: ${server.across(machinesOf(gpus), layout)}`)
  return {
    model: model.name,
    dtype: torchType(quantised ? scenario.precision.compute : weights),
    quantization,
    cacheType: cache,
    notes,
  }
}

/** The flag's value, nothing where the cache follows the compute type anyway, null for a type that the server does not have. */
function cacheFlag({ cache, weights, resolved }: Setup, { cacheTypes }: Server): string | undefined | null {
  if (cache === null) return undefined
  const compute = torchType(weights) ?? torchType(resolved.scenario.precision.compute)
  if (torchType(cache) === compute) return undefined
  return cacheTypes[cache] ?? null
}
