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
    'MLA: kv_lora_rank + rope (+ indexer key), replicated on every rank',
  ),
  window: field(layers, 'window', 'tokens', 'tokens the layer keeps at most; the domain limit for full attention'),
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
  windowExtra: quantity('window_extra', 'tokens', 'tokens a runtime keeps beyond a sliding window'),
  stateBytes: quantity('state_bytes', 'B', 'bytes of one recurrent-state element'),
  convBytes: quantity('conv_bytes', 'B', 'bytes of one convolution-state element'),
}

/** What serving runtimes bound. */
export const serving = {
  batchedTokens: quantity('max_num_batched_tokens', 'tokens', 'tokens in flight at most'),
  maxSequences: quantity('max_num_seqs', 'sequences', 'sequences a step may hold'),
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
  fragmentation: quantity('fragmentation', '‰', 'allocator slack over what is allocated'),
  marginPermille: quantity('margin', '‰', 'how far measurements rise above the expected total'),
}

/** What each tensor costs while it is trained; fields of the same rows as its weights. */
export const trained = {
  stateNumerator: field(tensors, 'state_numerator', 'B', 'optimizer bytes …'),
  stateDenominator: field(tensors, 'state_denominator', 'parameters', '… per this many parameters'),
}
export const trainedExpert = {
  stateNumerator: field(expertTensors, 'expert_state_numerator', 'B', 'optimizer bytes …'),
  stateDenominator: field(expertTensors, 'expert_state_denominator', 'parameters', '… per this many parameters'),
}

/** LoRA matrices on this rank: A (rank × in) and B (out × rank) apart, because tensor parallelism cuts only one of them. */
export const adapters: List = { name: 'adapters', about: 'kinds of adapter matrix' }
export const adapter = {
  elements: field(adapters, 'adapter_elements', 'parameters', 'rank × in, or out × rank, over the layers it is in'),
  parts: field(adapters, 'adapter_parts', '', 'into how many parts tensor parallelism may cut it'),
}

/** Training states. */
export const states = {
  gradientBytes: quantity('gradient_bytes', 'B', 'bytes of one gradient'),
  masterBytes: quantity('master_bytes', 'B', 'bytes of one master weight, 0 for none'),
  adapterBytes: quantity('adapter_bytes', 'B', 'bytes of one adapter parameter'),
  adapterStateNumerator: quantity('adapter_state_numerator', 'B', 'optimizer bytes …'),
  adapterStateDenominator: quantity('adapter_state_denominator', 'parameters', '… per this many adapter parameters'),
  parametersHere: quantity('parameters_here', '', '0 when parameters are offloaded, else 1'),
  parameterShards: quantity('parameter_shards', 'GPUs', 'GPUs that share the parameters: ZeRO-3 and FSDP'),
  gradientShards: quantity('gradient_shards', 'GPUs', 'GPUs that share the gradients: ZeRO-2 and above'),
  optimizerShards: quantity(
    'optimizer_shards',
    'GPUs',
    'GPUs that share optimizer states and master weights: ZeRO-1 and above',
  ),
  stepNumerator: quantity(
    'step_temporary_bytes',
    'B',
    'temporaries of the optimizer step per parameter it updates at once',
  ),
  bucketElements: quantity('bucket_elements', 'parameters', 'elements of all communication buckets'),
  bucketBytes: quantity('bucket_bytes', 'B', 'bytes of one bucket element'),
  gatheredUnits: quantity('gathered_units', '', 'unsharded units alive at once: the current one and those prefetched'),
  gatheredBytes: quantity('gathered_bytes', 'B', 'bytes of one gathered parameter'),
}

/** What one layer keeps for the backward pass, per token. */
export const saved = {
  streamBytes: quantity('stream_bytes', 'B', 'bytes of one element of the residual stream'),
  normBytes: quantity('norm_saved_bytes', 'B', 'bytes a norm keeps per element'),
  headNormBytes: quantity('head_norm_bytes', 'B', 'bytes a norm over heads keeps per element'),
  inputBytes: quantity(
    'linear_input_bytes',
    'B',
    'bytes linears keep per element of their input; 0 when they are frozen',
  ),
  outputBytes: quantity('attention_output_bytes', 'B', 'bytes kept per element of the attention output'),
  routedBytes: quantity('routed_bytes', 'B', 'bytes kept per element a token takes to an expert and back'),
  gatedBytes: quantity('gated_saved_bytes', 'B', 'bytes a gated MLP keeps per intermediate element'),
  plainBytes: quantity('plain_saved_bytes', 'B', 'bytes a plain MLP keeps per intermediate element'),
  scoreBytes: quantity('score_saved_bytes', 'B', 'bytes eager attention keeps per score'),
  adapterInputBytes: quantity('adapter_input_bytes', 'B', 'bytes an adapter keeps per element of its input'),
  adapterRankBytes: quantity('adapter_rank_bytes', 'B', 'bytes an adapter keeps per element of its rank'),
  workBytes: quantity('work_bytes', 'B', 'live bytes of the backward pass per element of the widest layer'),
  logitBytes: quantity('logit_bytes', 'B', 'bytes per logit at the peak of the loss'),
  logitTokens: quantity('logit_tokens', 'tokens', 'tokens whose logits live at once; the domain limit for all'),
  dequantisedBytes: quantity('dequantised_bytes', 'B', 'bytes per element of a weight unpacked for a matmul'),
  castBytes: quantity('cast_bytes', 'B', 'bytes of autocast’s copy of one weight, kept until backward'),
  castParameters: quantity('cast_parameters', 'parameters', 'weights of linear layers, head included, on this GPU'),
  entranceGradients: quantity('entrance_gradient_bytes', 'B', 'gradient of the embedding, the last one to be made'),
  inFlight: quantity('in_flight', '', 'micro-batches, or their chunks, whose activations this stage holds at once'),
  chunks: quantity('pipeline_chunks', '', 'model chunks of an interleaved pipeline stage'),
  headHere: quantity('head_here', '', '1 on the last pipeline stage, else 0'),
  contextParallel: quantity('context_parallel', 'GPUs', 'context-parallel degree: GPUs that share a sequence'),
  headInputBytes: quantity('head_input_bytes', 'B', 'bytes kept per element of the head’s input, final norm included'),
}

export const trainingLayer = {
  norms: field(layers, 'norms', 'norms', 'norm layers over the stream'),
  repeatedKeyWidth: field(
    layers,
    'saved_key_width',
    'elements',
    'keys as attention keeps them, repeated for every query head or not',
  ),
  repeatedValueWidth: field(layers, 'saved_value_width', 'elements', 'values as attention keeps them'),
  attentionInputs: field(layers, 'attention_inputs', '', 'copies of the stream kept by the projections that read it'),
  mlpInputs: field(layers, 'mlp_inputs', '', 'copies of the stream kept by MLP and router'),
  copiedOutputWidth: field(
    layers,
    'copied_output_width',
    'elements',
    'attention output that had to be copied for its projection',
  ),
  headNorms: field(layers, 'head_norms', 'norms', 'qk-norms per token'),
  headNormWidth: field(layers, 'head_norm_width', 'elements', 'elements normed per head or projection (qk-norm)'),
  adapterInputs: field(layers, 'adapter_inputs', 'elements', 'input elements of adapted modules, per token'),
  adapterRanks: field(layers, 'adapter_ranks', 'elements', 'rank elements of adapted modules, per token'),
  routedInputs: field(layers, 'routed_inputs', 'elements', 'elements a token takes to its experts'),
  parameters: field(layers, 'layer_parameters', 'parameters', 'parameters of one layer, before sharding'),
  dequantised: field(layers, 'dequantised_elements', 'parameters', 'largest weight unpacked for a matmul'),
}
