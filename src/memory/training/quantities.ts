/** The vocabulary of training: what is updated, what layers keep for the backward pass, what sharding gathers. `lower.ts` gives values. */
import { field, type List, quantity } from '../../formula/expression.ts'
import { expertTensors, layers, tensors } from '../quantities.ts'

/** What each tensor costs while it is trained; fields of the same rows as its weights. */
export const trained = {
  stateNumerator: field(tensors, 'state_numerator', 'B', 'optimizer bytes …'),
  stateDenominator: field(tensors, 'state_denominator', 'parameters', '… per this many parameters'),
}
export const trainedExpert = {
  stateNumerator: field(expertTensors, 'expert_state_numerator', 'B', 'optimizer bytes …'),
  stateDenominator: field(expertTensors, 'expert_state_denominator', 'parameters', '… per this many parameters'),
}

/**
 * LoRA matrices on this rank: A (rank × in) and B (out × rank) apart, because tensor parallelism cuts only one of them; and modules trained
 * in full beside them, which are copies.
 */
export const adapters: List = { name: 'adapters', about: 'kinds of adapter matrix' }
export const adapter = {
  elements: field(adapters, 'adapter_elements', 'parameters', 'rank × in, or out × rank, over the layers it is in'),
  parts: field(adapters, 'adapter_parts', '', 'into how many parts tensor parallelism may cut it'),
  bytes: field(adapters, 'adapter_bytes', 'B', 'bytes of one parameter'),
  gradientBytes: field(adapters, 'adapter_gradient_bytes', 'B', 'bytes of one gradient'),
  stateNumerator: field(adapters, 'adapter_state_numerator', 'B', 'optimizer bytes …'),
  stateDenominator: field(adapters, 'adapter_state_denominator', 'parameters', '… per this many parameters'),
  stepBytes: field(adapters, 'adapter_step_bytes', 'B', 'temporaries of the optimizer step per parameter'),
}

/** Training states. */
export const states = {
  gradientBytes: quantity('gradient_bytes', 'B', 'bytes of one gradient that is kept until the step, 0 for none'),
  masterBytes: quantity('master_bytes', 'B', 'bytes of one master weight, 0 for none'),
  wholeBytes: quantity('whole_bytes', 'B', 'scales of quantised weights, which FSDP neither shards nor offloads'),
  parametersHere: quantity('parameters_here', '', '0 when parameters are offloaded, else 1'),
  parameterShards: quantity('parameter_shards', 'GPUs', 'GPUs that share the parameters: ZeRO-3 and FSDP'),
  gradientShards: quantity('gradient_shards', 'GPUs', 'GPUs that share the gradients: ZeRO-2 and above'),
  optimizerShards: quantity(
    'optimizer_shards',
    'GPUs',
    'GPUs that share optimizer states and master weights: ZeRO-1 and above',
  ),
  expertGroups: quantity(
    'expert_groups',
    '',
    'parts of the experts that the GPUs of a sharding group hold between them',
  ),
  stepNumerator: quantity(
    'step_temporary_bytes',
    'B',
    'temporaries of the optimizer step per parameter it updates at once',
  ),
  referenceBytes: quantity('reference_bytes', 'B', 'bytes of one weight of the reference model'),
  stepParameters: quantity(
    'step_parameters',
    'parameters',
    'parameters an optimizer step updates at once: all of them, or ZeRO-3’s sub-group of 10⁹',
  ),
  bucketElements: quantity('bucket_elements', 'parameters', 'elements of all communication buckets'),
  bucketBytes: quantity('bucket_bytes', 'B', 'bytes of one bucket element'),
  gatheredUnits: quantity('gathered_units', '', 'unsharded units alive at once: the current one and those prefetched'),
  gatherCopies: quantity(
    'gather_copies',
    '',
    '2 where parameters are copied out of what an all-gather receives: FSDP2',
  ),
  rootParameters: quantity('root_parameters', 'parameters', 'embedding, head and whatever else no unit of its own has'),
  rootBytes: quantity('root_bytes', 'B', 'bytes of one gathered parameter of the root unit'),
  unitGradientBytes: quantity('unit_gradient_bytes', 'B', 'bytes of one unsharded gradient before it is reduced'),
  headGradients: quantity('head_gradient_bytes', 'B', 'unsharded gradient of the head'),
  liveGradients: quantity('live_gradient_bytes', 'B', 'largest gradient when each is applied as soon as it is there'),
}

/** What one layer keeps for the backward pass, per token. */
export const saved = {
  streamBytes: quantity('stream_bytes', 'B', 'bytes of one element of the residual stream'),
  normBytes: quantity('norm_saved_bytes', 'B', 'bytes a norm keeps per element'),
  headNormBytes: quantity('head_norm_bytes', 'B', 'bytes a norm over heads keeps per element'),
  inputBytes: quantity(
    'linear_input_bytes',
    'B',
    'bytes linears keep per element of their input; 0 when they are frozen; of every GPU’s part where they gather a cut sequence',
  ),
  checkpointInputBytes: quantity(
    'checkpoint_input_bytes',
    'B',
    'bytes per element of linear inputs that outlive their checkpoint, 0 for none',
  ),
  outputBytes: quantity('attention_output_bytes', 'B', 'bytes kept per element of the attention output'),
  routedBytes: quantity('routed_bytes', 'B', 'bytes kept per element a token takes to an expert and back'),
  gatedBytes: quantity('gated_saved_bytes', 'B', 'bytes a gated MLP keeps per intermediate element'),
  plainBytes: quantity('plain_saved_bytes', 'B', 'bytes a plain MLP keeps per intermediate element'),
  scoreBytes: quantity('score_saved_bytes', 'B', 'bytes eager attention keeps per score'),
  maskBytes: quantity('mask_bytes', 'B', 'bytes of a dropout mask element on the stream, 0 without dropout'),
  adapterInputBytes: quantity('adapter_input_bytes', 'B', 'bytes an adapter keeps per element of its input'),
  adapterRankBytes: quantity('adapter_rank_bytes', 'B', 'bytes an adapter keeps per element of its rank'),
  adapterOutputBytes: quantity('adapter_output_bytes', 'B', 'bytes DoRA keeps per element of a module’s output'),
  identityBytes: quantity('identity_bytes', 'B', 'bytes of one element of DoRA’s identity matrices'),
  workBytes: quantity('work_bytes', 'B', 'live bytes of the backward pass per element of the widest layer'),
  logitBytes: quantity('logit_bytes', 'B', 'bytes per logit of all tokens at the peak of the loss'),
  chunkBytes: quantity('logit_chunk_bytes', 'B', 'bytes per logit of the chunk of tokens in work'),
  chunkParts: quantity('logit_chunk_parts', '', 'chunks the loss cuts a sequence into'),
  chunkTokens: quantity('logit_chunk_tokens', 'tokens', 'tokens of a chunk at most; the domain limit for all'),
  headInputBytes: quantity('head_input_bytes', 'B', 'bytes kept per element of the head’s input, final norm included'),
  unpackedBytes: quantity('unpacked_bytes', 'B', 'bytes per element of a weight unpacked for one matmul'),
  headGatheredBytes: quantity('head_gathered_bytes', 'B', 'the head’s input, gathered from a cut sequence and kept'),
  headUnpacked: quantity('head_unpacked_bytes', 'B', 'the head, where it is quantised, unpacked for its matmul'),
  unpackedKeptBytes: quantity('unpacked_kept_bytes', 'B', 'bytes per element of unpacked weights kept until backward'),
  castBytes: quantity('cast_bytes', 'B', 'bytes of autocast’s copy of one weight, kept until backward'),
  castParameters: quantity('cast_parameters', 'parameters', 'weights that autocast copies, on this GPU'),
  lateGradients: quantity('late_gradient_bytes', 'B', 'gradients of embedding and first layer, the last to be made'),
  secondGradients: quantity('second_gradient_bytes', 'B', 'second gradient of an embedding that is the head too'),
  lossHeadGradients: quantity(
    'loss_head_gradient_bytes',
    'B',
    'gradients of the head while a loss by chunks still has logits',
  ),
  inFlight: quantity('in_flight', '', 'micro-batches, or their chunks, whose activations this stage holds at once'),
  chunks: quantity('pipeline_chunks', '', 'model chunks of an interleaved pipeline stage'),
  headHere: quantity('head_here', '', '1 on the last pipeline stage, else 0'),
  contextParallel: quantity('context_parallel', 'GPUs', 'context-parallel degree: GPUs that share a sequence'),
  checkpointEvery: quantity('checkpoint_every', 'layers', 'layers per checkpoint'),
}

/** What PyTorch's caching allocator reserves beyond what is allocated. */
export const cached = {
  logitBytes: quantity('cached_logit_bytes', 'B', 'bytes per logit of blocks that the loss leaves and nothing fits'),
  transients: quantity('cached_transients', '', '1 where a layer’s temporaries leave blocks; 0 where it is compiled'),
  streamBytes: quantity(
    'cached_stream_bytes',
    'B',
    'buffers of gathering and reducing, in streams whose blocks are their own',
  ),
  pinned: quantity(
    'cache_pinned',
    '‰',
    'what checkpoints leave unused of the blocks they are cut from, which an MLP’s temporaries made',
  ),
  growth: quantity('cache_growth', '‰', 'growth of cached activations where sequence lengths vary'),
}

export const trainingLayer = {
  norms: field(layers, 'norms', 'norms', 'norm layers over the stream'),
  savedKeyWidth: field(
    layers,
    'saved_key_width',
    'elements',
    'keys as attention keeps them, repeated for every query head or not',
  ),
  savedValueWidth: field(layers, 'saved_value_width', 'elements', 'values as attention keeps them'),
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
  dropouts: field(layers, 'dropouts', '', 'dropouts on the stream: after attention and after the MLP'),
  adapterInputs: field(layers, 'adapter_inputs', 'elements', 'input elements of adapted modules, per token'),
  adapterOutputs: field(layers, 'adapter_outputs', 'elements', 'output elements of modules adapted by DoRA, per token'),
  identities: field(layers, 'identity_elements', 'elements', 'identity matrices that DoRA multiplies adapters with'),
  adapterRanks: field(layers, 'adapter_ranks', 'elements', 'rank elements of adapted modules, per token'),
  routedInputs: field(layers, 'routed_inputs', 'elements', 'elements a token takes to its experts'),
  selectedWidth: field(layers, 'selected_width', 'elements', 'matmul outputs that operator-wise checkpointing keeps'),
  parameters: field(layers, 'layer_parameters', 'parameters', 'parameters of one layer, before sharding'),
  unitBytes: field(layers, 'unit_bytes', 'B', 'one layer’s weights as they are gathered'),
  largestMatrix: field(layers, 'largest_matrix', 'parameters', 'largest weight unpacked for a matmul'),
  unpacked: field(layers, 'unpacked_parameters', 'parameters', 'weights of one layer that are unpacked for matmuls'),
}
