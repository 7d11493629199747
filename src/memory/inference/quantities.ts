/** What inference needs beyond ../quantities.ts: widths that are alive in one step, by what a runtime's code does. `lower.ts` gives values. */
import { field, type List, quantity } from '../../formula/expression.ts'
import { layers } from '../quantities.ts'

/** Elements alive per token in one layer, beside the hidden states. */
export const live = {
  mlp: field(layers, 'mlp_live', 'elements', 'gate, up, activation and product of the dense MLP, as many as coexist'),
  experts: field(
    layers,
    'experts_live',
    'elements',
    'tokens on their way through the routed experts, routing included',
  ),
  attention: field(layers, 'attention_live', 'elements', 'queries, keys, values and what is made of them'),
  repeated: field(
    layers,
    'repeated_width',
    'elements',
    'cached keys and values as attention copies them when it reads',
  ),
}

/** What one step of a runtime keeps. */
export const step = {
  streams: quantity('mlp_streams', 'tensors', 'hidden-wide tensors alive beside the MLP’s'),
  attentionStreams: quantity('attention_streams', 'tensors', 'hidden-wide tensors alive beside attention’s'),
  tokenTables: quantity('token_table_bytes', 'B', 'rotary angles and indices per token'),
  scoreBytes: quantity('score_bytes', 'B', 'bytes per attention score where scores are materialised'),
  maskBytes: quantity('mask_bytes', 'B', 'bytes per entry of a materialised mask'),
  maskBuffer: quantity('mask_buffer_bytes', 'B', 'bytes per entry of a mask over the whole cache, kept with the model'),
  logitBytes: quantity('logit_bytes', 'B', 'bytes per logit at the end of prefill'),
  repeatBytes: quantity('repeat_bytes', 'B', 'bytes per element of the copies attention makes of the cache it reads'),
  maskSource: quantity(
    'mask_source_bytes',
    'B',
    'bytes per entry of an fp32 mask that lives no longer than attention needs it',
  ),
  maskHeld: quantity('mask_held_bytes', 'B', 'bytes per entry of the mask that attention reads'),
  maskInput: quantity('mask_input_bytes', 'B', 'bytes per entry of a mask that is copied for pipelining'),
  keyCopy: quantity('key_copy_bytes', 'B', 'bytes per element of the copy that attention makes of quantised keys'),
  valueCopy: quantity(
    'value_copy_bytes',
    'B',
    'bytes per element of the copy that attention makes of quantised values',
  ),
  gaps: quantity('gap_streams', 'tensors', 'hidden-wide gaps that the MLP’s tensors do not fit in'),
  graphCopies: quantity('graph_copies', '', 'copies of its inputs that a compute graph keeps for pipelining'),
  headStreams: quantity('head_streams', 'tensors', 'hidden-wide tensors alive beside the logits'),
  workspace: quantity('serving_workspace_bytes', 'B', 'cuBLAS workspace, which PyTorch’s allocator hands out'),
  samplerRows: quantity('sampler_rows', 'rows', 'fp32 rows of the vocabulary that a sampling kernel works in'),
  expertShares: quantity('expert_shares', 'GPUs', 'GPUs that share the width of one expert'),
  encoderPeak: quantity('encoder_bytes', 'B', 'peak of the vision encoder on the largest image'),
  encoded: quantity('encoded_bytes', 'B', 'what the encoder returns for it'),
  outside: quantity('outside_bytes', 'B', 'what a serving process holds outside its allocator beside the context'),
  unpacked: quantity('unpacked_bytes', 'B', 'temporary 16-bit copies of the largest quantised weight'),
  positionTables: quantity('position_table_bytes', 'B', 'rotary tables per cached token, kept with the model'),
  buffers: quantity(
    'buffer_bytes',
    'B',
    'buffers that live as long as the model: rotary tables, unpacking buffers, what PyTorch’s allocator rounds weights up by (CUDACachingAllocator.cpp)',
  ),
}

/** Weights that a runtime copies while it loads. */
export const copied: List = { name: 'copied', about: 'kinds of weight tensor that exist twice while loading' }
export const copy = {
  elements: field(copied, 'copied_elements', 'parameters', 'parameters of this kind'),
  bytesNumerator: field(copied, 'copied_numerator', 'B', 'stored bytes …'),
  bytesDenominator: field(copied, 'copied_denominator', 'parameters', '… per this many parameters'),
}
