/** `llama-server`: github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md. */
import { cacheScheme } from '../../memory/precision/index.ts'
import { commandLine, type LaunchCommand, type Setup } from './command.ts'

/** `--cache-type-k` and `-v` by our names; others are called alike. */
const cacheTypes: Record<string, string> = { fp32: 'f32', fp16: 'f16', fp8: 'q8_0', int8: 'q8_0', int4: 'q4_0' }
/** More layers than any model has: all of them, in every version's syntax. */
const ALL_LAYERS = 999

export function llamaServer(setup: Setup): LaunchCommand {
  const { scenario, architecture } = setup.resolved
  const { serving, precision, batch, sequence } = scenario
  const { layout, weights } = setup
  const [keys, values] = cachePair(precision.kvCache, precision.compute)
  const eager = serving.attention === 'eager'
  // Each slot gets an equal part of the context.
  const command = commandLine(['llama-server'], {
    '--model': `${architecture.id.split('/').at(-1)}-${weights}.gguf`,
    '--ctx-size': batch * sequence,
    '--parallel': batch,
    '--n-gpu-layers': serving.gpuLayers ?? ALL_LAYERS,
    '--cache-type-k': keys,
    '--cache-type-v': values,
    // A quantised value cache needs flash attention.
    '--flash-attn': serving.attention === null && values === null ? null : eager ? 'off' : 'on',
    '--batch-size':
      serving.maxBatchedTokens !== null && serving.maxBatchedTokens > 2048 ? serving.maxBatchedTokens : null,
    '--ubatch-size': serving.maxBatchedTokens,
    '--split-mode': layout.tensor > 1 ? 'row' : layout.pipeline > 1 ? 'layer' : null,
  })
  return { tool: 'llama.cpp', command, files: [], notes: ['The GGUF file is named as they usually are: give yours.'] }
}

/** Types of keys and values; null for the default, f16. */
function cachePair(cache: string | null, compute: 'fp32' | 'tf32' | 'fp16' | 'bf16'): (string | null)[] {
  if (cache === null) return [null, null]
  const { id } = cacheScheme(cache, compute)
  const pair = /^K=(.*),V=(.*)$/.exec(id)
  return [pair?.[1] ?? id, pair?.[2] ?? id].map((type) => {
    const name = cacheTypes[type] ?? type
    return name === 'f16' ? null : name
  })
}
