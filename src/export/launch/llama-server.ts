/** `llama-server`: github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md, common/arg.cpp. */
import { cacheScheme } from '../../memory/precision/index.ts'
import { commandLine, ggufName, type LaunchCommand, type Setup } from './command.ts'

/** `--cache-type-k` and `-v` by our names; others are called alike. */
const cacheTypes: Record<string, string> = {
  fp32: 'f32',
  fp16: 'f16',
  fp8: 'q8_0',
  fp8_ds_mla: 'q8_0',
  int8: 'q8_0',
  int4: 'q4_0',
  nvfp4: 'q4_0',
}
/** Types of GGUF files beside its own: llama_ftype of include/llama.h. */
const otherTypes = /^(BF16|F16|F32|nvfp4)$/
/** More layers than any model has: all of them, in every version's syntax. */
const ALL_LAYERS = 999
/** LLAMA_MAX_SEQ of src/llama-cparams.h. */
const MOST_SLOTS = 256
/** The context is a 32-bit integer. */
const MOST_TOKENS = 2 ** 31 - 1

export function llamaServer(setup: Setup): LaunchCommand {
  const { scenario, architecture } = setup.resolved
  const { serving, precision, batch, sequence } = scenario
  const { layout } = setup
  // TF32 is how a GPU multiplies what is stored in 32 bits.
  const weights = setup.weights === 'tf32' ? 'F32' : setup.weights
  const [keys, values] = cachePair(precision.kvCache, precision.compute)
  const eager = serving.attention === 'eager'
  const quantisedValues = values !== null && /^i?q/.test(values)
  const stem = architecture.id.split('/').at(-1)?.replace(/^-+/, '') || 'model'
  const command = commandLine(['llama-server'], {
    '--model': `${stem}-${weights}.gguf`,
    // Each slot gets an equal part of the context.
    '--ctx-size': batch * sequence,
    '--parallel': batch,
    '--n-gpu-layers': serving.gpuLayers ?? ALL_LAYERS,
    '--cache-type-k': keys,
    '--cache-type-v': values,
    '--flash-attn': serving.attention === null && !quantisedValues ? null : eager ? 'off' : 'on',
    '--swa-full': serving.slidingCache === false,
    '--batch-size':
      serving.maxBatchedTokens !== null && serving.maxBatchedTokens > 2048 ? serving.maxBatchedTokens : null,
    '--ubatch-size': serving.maxBatchedTokens,
    // By rows the cache would stay on one GPU.
    '--split-mode': layout.tensor > 1 ? 'tensor' : layout.pipeline > 1 ? 'layer' : null,
  })
  const notes = ['The GGUF file is named as they usually are: give yours.']
  if (!ggufName.test(weights) && !otherTypes.test(weights))
    notes.push(`No GGUF file holds ${weights}: choose one of llama.cpp’s own types.`)
  if (quantisedValues && eager) notes.push('llama.cpp refuses a quantised value cache without flash attention.')
  if (batch > MOST_SLOTS) notes.push(`llama-server has at most ${MOST_SLOTS} slots.`)
  if (batch * sequence > MOST_TOKENS) notes.push(`llama-server’s context ends at ${MOST_TOKENS} tokens.`)
  if (layout.data > 1) notes.push(`${layout.data} replicas: run the command once for each, on GPUs of its own.`)
  if (layout.context > 1) notes.push('Context parallelism is left out: llama.cpp has none.')
  return { tool: 'llama.cpp', command, files: [], notes }
}

/** Types of keys and values; null for the default, f16. */
function cachePair(cache: string | null, compute: 'fp32' | 'tf32' | 'fp16' | 'bf16'): (string | null)[] {
  const { id } = cacheScheme(cache ?? (compute === 'bf16' ? 'fp16' : null), compute)
  const pair = /^K=(.*),V=(.*)$/.exec(id)
  return [pair?.[1] ?? id, pair?.[2] ?? id].map((type) => {
    const name = cacheTypes[type] ?? type
    return name === 'f16' ? null : name
  })
}
