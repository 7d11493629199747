/** `vllm serve`: docs.vllm.ai/en/latest/cli/serve.html; vllm/engine/arg_utils.py, vllm/config/{cache,quantization,scheduler}.py of 0.33. */
import { servingDefaults } from '../../memory/inference/runtimes.ts'
import { before } from '../../memory/inference/version.ts'
import {
  beyondOne,
  commandLine,
  foreign,
  ggufName,
  type LaunchCommand,
  type Setup,
  served,
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
  across: () => 'start Ray on all of them and add --distributed-executor-backend ray.',
}

/** Before 0.20, whose documentation is the first with names for online quantisation. */
const older = {
  ...server,
  onTheFly: { fp8: 'fp8', nf4: 'bitsandbytes', 'nf4-dq': 'bitsandbytes' },
  unknown: strange,
}

export function vllmServe(setup: Setup): LaunchCommand {
  const { scenario, gpu } = setup.resolved
  const { serving, batch, sequence } = scenario
  const { layout } = setup
  const { model, dtype, quantization, cacheType, notes } = served(setup, before(scenario, 0, 20) ? older : server)
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
    '--data-parallel-size': beyondOne(layout.data),
    '--enable-expert-parallel': layout.expert > 1,
    '--enforce-eager': serving.cudaGraphs === false,
  })
  return { tool: 'vLLM', command, files: [], notes }
}
