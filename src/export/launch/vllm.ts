/** `vllm serve`: docs.vllm.ai/en/latest/cli/serve.html; vllm/engine/arg_utils.py, vllm/config/{cache,quantization,scheduler}.py of 0.33. */
import { servingDefaults } from '../../memory/inference/runtimes.ts'
import { before } from '../../memory/inference/version.ts'
import type { Layout } from '../../memory/layout.ts'
import {
  beyondOne,
  commandLine,
  foreign,
  ggufName,
  hasExperts,
  type LaunchCommand,
  type Setup,
  served,
  spreads,
  strange,
} from './command.ts'

const server = {
  name: 'vLLM',
  /** Online quantisation by its own names; `fp8` alone is for checkpoints that hold it. */
  onTheFly: { fp8: 'fp8_per_tensor', 'fp8-channel': 'fp8_per_channel', 'fp8-block': 'fp8_per_block', mxfp8: 'mxfp8' },
  /** Left it after 0.20: bitsandbytes and, into a plugin, GGUF (vllm#39583, vllm#39612). */
  unknown: foreign,
  remedy: (weights: string) => (ggufName.test(weights) ? 'its vllm-gguf-plugin does' : undefined),
  /** `CacheDType`; a 16-bit cache has to be of the compute type. */
  cacheTypes: {
    fp8: 'fp8',
    int8: 'int8_per_token_head',
    int4: 'int4_per_token_head',
    nvfp4: 'nvfp4',
    fp8_ds_mla: 'fp8_ds_mla',
  },
  context: 'vLLM takes it from the tensor-parallel GPUs.',
  longer: 'VLLM_ALLOW_LONG_MAX_MODEL_LEN=1',
  across: (machines: number, { data }: Layout) =>
    `start Ray on all of them and add ${data > 1 ? rayData(data / machines) : '--distributed-executor-backend ray'}.`,
}

/** Its engines are all placed on the first machine unless told how many belong there (EngineArgs.create_engine_config). */
const rayData = (local: number) =>
  `--data-parallel-backend ray${Number.isInteger(local) ? ` --data-parallel-size-local ${local}` : ''}`

/** _FLOAT16_NOT_SUPPORTED_MODELS of vllm/config/model.py: numerical instability. */
const unstableInHalf = /^(gemma[23](_text)?|glm4)$/
/** FlashAttentionBackend.get_supported_kernel_block_sizes; other kernels take fewer sizes. */
const BLOCK = 16

/** Before 0.20, whose documentation is the first with names for online quantisation. */
const older = {
  ...server,
  onTheFly: { fp8: 'fp8', nf4: 'bitsandbytes', 'nf4-dq': 'bitsandbytes' },
  unknown: strange,
}

export function vllmServe(setup: Setup): LaunchCommand {
  const { scenario, architecture, gpu } = setup.resolved
  const { serving, batch, sequence } = scenario
  const { layout } = setup
  // Its data-parallel ranks always share the experts (FusedMoEParallelConfig.make): replicas of a mixture are servers of their own.
  const replicas = hasExperts(setup) && !spreads(setup) ? layout.data : 1
  const { model, dtype, quantization, cacheType, notes } = served(
    setup,
    before(scenario, 0, 20) ? older : server,
    replicas,
  )
  if (dtype === 'float16' && unstableInHalf.test(architecture.modelType))
    notes.push(`vLLM refuses float16 for ${architecture.modelType}: compute in bf16.`)
  if (serving.blockSize !== null && serving.blockSize % BLOCK !== 0)
    notes.push(`vLLM’s attention kernels take blocks of whole multiples of ${BLOCK} tokens.`)
  const sequences = serving.maxSequences ?? batch
  const tokens = serving.maxBatchedTokens ?? servingDefaults(setup.resolved).maxBatchedTokens(gpu)
  if (tokens < sequences) {
    const remedy = `batch at least ${sequences} tokens`
    notes.push(`vLLM refuses fewer batched tokens (${tokens}) than sequences (${sequences}): ${remedy}.`)
  }
  const command = commandLine(['vllm', 'serve', model], {
    '--dtype': dtype,
    '--quantization': quantization,
    '--kv-cache-dtype': cacheType,
    '--max-model-len': sequence,
    '--max-num-seqs': sequences,
    '--max-num-batched-tokens': serving.maxBatchedTokens,
    '--block-size': serving.blockSize,
    '--gpu-memory-utilization': setup.utilization,
    '--tensor-parallel-size': beyondOne(layout.tensor),
    '--pipeline-parallel-size': beyondOne(layout.pipeline),
    '--data-parallel-size': beyondOne(layout.data / replicas),
    '--enable-expert-parallel': layout.expert > 1,
    '--enforce-eager': serving.cudaGraphs === false,
  })
  return { tool: 'vLLM', command, files: [], notes }
}
