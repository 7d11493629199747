/**
 * The vocabulary of the memory model: every named quantity a formula may mention, with its unit. `lower.ts` gives them values.
 * Per-GPU quantities describe the rank being estimated: its pipeline stage's layers and tensors.
 */
import { field, type List, quantity } from '../formula/expression.ts'

export const batch = quantity('batch', 'sequences', 'concurrent sequences per replica; micro-batch in training', 'cell')
export const sequence = quantity('sequence', 'tokens', 'tokens held per sequence', 'column')
export const prompt = quantity('prompt', 'tokens', 'tokens of the sequence that are prefilled at once')

export const tensorParallel = quantity('tensor_parallel', 'GPUs', 'tensor-parallel degree')
export const expertShards = quantity('expert_shards', 'GPUs', 'GPUs that share the routed experts of a layer')
export const hiddenSize = quantity('hidden_size', 'elements', 'width of the residual stream')
export const vocabulary = quantity('vocab_size', 'tokens', 'rows of the embedding')
export const computeBytes = quantity('compute_bytes', 'B', 'bytes of one activation element')

/** Tensors held by this rank, routed experts apart because they are shared out differently. */
export const tensors: List = { name: 'tensors', about: 'kinds of weight tensor' }
export const tensor = {
  elements: field(tensors, 'elements', 'parameters', 'parameters of this kind before tensor parallelism'),
  parts: field(tensors, 'parts', '', 'into how many parts tensor parallelism may cut it; 1 means replicated'),
  bytesNumerator: field(tensors, 'bytes_numerator', 'B', 'stored bytes …'),
  bytesDenominator: field(tensors, 'bytes_denominator', 'parameters', '… per this many parameters, scales included'),
}

export const expertTensors: List = { name: 'expert_tensors', about: 'kinds of routed-expert tensor' }
export const expert = {
  elements: field(expertTensors, 'expert_elements', 'parameters', 'parameters of all experts of this kind'),
  bytesNumerator: field(expertTensors, 'expert_bytes_numerator', 'B', 'stored bytes …'),
  bytesDenominator: field(expertTensors, 'expert_bytes_denominator', 'parameters', '… per this many parameters'),
}

/** Kinds of layer in this rank's pipeline stage. */
export const layers: List = { name: 'layers', about: 'kinds of layer' }
export const layer = {
  count: field(layers, 'layer_count', 'layers', 'layers of this kind on this rank'),
  keyValueHeads: field(layers, 'num_key_value_heads', 'heads', 'key/value heads; 0 where nothing is cached'),
  keyDim: field(layers, 'key_head_dim', 'elements', 'elements of one key head'),
  valueDim: field(layers, 'value_head_dim', 'elements', 'elements of one value head'),
  latentDim: field(
    layers,
    'latent_dim',
    'elements',
    'MLA: kv_lora_rank + rope (+ indexer key where it has the cache’s type), replicated on every rank',
  ),
  indexBytes: field(layers, 'index_bytes', 'B', 'key of DeepSeek’s sparse attention in FP8, with its scale'),
  window: field(layers, 'window', 'tokens', 'tokens the layer keeps at most; the domain limit for full attention'),
  compressRate: field(layers, 'compress_rate', 'tokens', 'tokens that one compressed entry stands for'),
  compressedDim: field(layers, 'compressed_dim', 'elements', 'elements of a compressed entry and of its indexer key'),
  stateElements: field(layers, 'state_elements', 'elements', 'recurrent state per sequence'),
  convElements: field(layers, 'conv_elements', 'elements', 'convolution state per sequence'),
  stateParts: field(layers, 'state_parts', '', 'into how many parts tensor parallelism may cut the state'),
  queryWidth: field(layers, 'query_width', 'elements', 'query heads × head_dim'),
  keyWidth: field(layers, 'key_width', 'elements', 'key heads × head_dim as projected'),
  valueWidth: field(layers, 'value_width', 'elements', 'value heads × value_head_dim as projected'),
  outputWidth: field(layers, 'output_width', 'elements', 'query heads × value_head_dim, the input of o_proj'),
  heads: field(layers, 'num_attention_heads', 'heads', 'query heads; 0 without attention'),
  gateWidth: field(layers, 'gate_width', 'elements', 'intermediate width of the gate projection; 0 if not gated'),
  upWidth: field(layers, 'up_width', 'elements', 'intermediate width of the dense MLP'),
  expertWidth: field(layers, 'expert_width', 'elements', 'experts per token × expert intermediate width'),
  activeExperts: field(layers, 'num_experts_per_tok', 'experts', 'routed experts a token visits'),
  experts: field(layers, 'num_experts', 'experts', 'routed experts'),
  innerWidth: field(layers, 'inner_width', 'elements', 'inner stream of a recurrent mixer'),
}

/** How the KV cache is stored. */
export const cache = {
  keyNumerator: quantity('key_bytes_numerator', 'B', 'stored bytes of keys …'),
  keyDenominator: quantity('key_bytes_denominator', 'elements', '… per this many elements, scales included'),
  valueNumerator: quantity('value_bytes_numerator', 'B', 'stored bytes of values …'),
  valueDenominator: quantity('value_bytes_denominator', 'elements', '… per this many elements, scales included'),
  blockSize: quantity('block_size', 'tokens', 'tokens of one cache block; 1 where caches are not paged'),
  pageAlignment: quantity('page_alignment', 'tokens', 'blocks that must hold a state are a multiple of this'),
  windowExtra: quantity('window_extra', 'tokens', 'tokens a runtime keeps beyond a sliding window'),
  stateBytes: quantity('state_bytes', 'B', 'bytes of one recurrent-state element'),
  convBytes: quantity('conv_bytes', 'B', 'bytes of one convolution-state element'),
}

/** What serving runtimes bound. */
export const serving = {
  batchedTokens: quantity('max_num_batched_tokens', 'tokens', 'tokens in flight at most'),
  maxSequences: quantity(
    'max_num_seqs',
    'sequences',
    'sequences a step may hold; 0 where a pipeline stage samples none',
  ),
  samplerBytes: quantity('sampler_bytes', 'B', 'bytes per logit while sampling'),
  graphBytes: quantity('graph_bytes', 'B', 'CUDA graphs'),
  utilization: quantity('gpu_memory_utilization', '‰', 'share of the GPU a pool-filling runtime takes'),
}

/** What does not come from the model. */
export const device = {
  capacity: quantity('device_bytes', 'B', 'memory a program can have'),
  contextBytes: quantity('context_bytes', 'B', 'CUDA context'),
  workspaceBytes: quantity('workspace_bytes', 'B', 'cuBLAS workspaces'),
  communicatorBytes: quantity('communicator_bytes', 'B', 'NCCL buffers'),
  marginPermille: quantity('margin', '‰', 'how far measurements rise above the expected total'),
}
