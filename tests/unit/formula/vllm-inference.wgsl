struct Slice {
  tensor_parallel: u64,
  expert_shards: u64,
  window_extra: u64,
  block_size: u64,
  key_bytes_numerator: u64,
  key_bytes_denominator: u64,
  value_bytes_numerator: u64,
  value_bytes_denominator: u64,
  state_bytes: u64,
  conv_bytes: u64,
  serving_workspace_bytes: u64,
  max_num_batched_tokens: u64,
  compute_bytes: u64,
  expert_shares: u64,
  hidden_size: u64,
  mlp_streams: u64,
  max_num_seqs: u64,
  vocab_size: u64,
  sampler_bytes: u64,
  sampler_rows: u64,
  communicator_bytes: u64,
  context_bytes: u64,
  workspace_bytes: u64,
  graph_bytes: u64,
  outside_bytes: u64,
  buffer_bytes: u64,
  device_bytes: u64,
  gpu_memory_utilization: u64,
  margin: u64,
  // The first row of each list, and one past the last.
  tensors: vec2<u32>,
  expert_tensors: vec2<u32>,
  layers: vec2<u32>,
}

struct Hoisted {
  weights: u64,
  tokens_of_a_block: u64,
  activations: u64,
  communicators: u64,
  overhead: u64,
  total_fixed: u64,
  allocated_fixed: u64,
  capacity: u64,
  capacity_less_the_safety_margin: u64,
}

struct Column {
  weights: u64,
  cache_per_sequence: u64,
  activations: u64,
  communicators: u64,
  overhead: u64,
  total_fixed: u64,
  allocated_fixed: u64,
  capacity: u64,
  capacity_less_the_safety_margin: u64,
}

fn evaluate_slice(slice: u32) {
  let tensor_parallel = slices[slice].tensor_parallel;
  var tensors_sum = u64(0, 0);
  for (var row = slices[slice].tensors.x; row < slices[slice].tensors.y; row += 4u) {
    let elements = rows[row + 0];
    let parts = rows[row + 1];
    let parameters_of_a_tensor_on_this_GPU = ceil_div(elements, smaller(tensor_parallel, parts));
    let bytes_numerator = rows[row + 2];
    let bytes_denominator = rows[row + 3];
    tensors_sum = plus(tensors_sum, ceil_div(times(parameters_of_a_tensor_on_this_GPU, bytes_numerator), bytes_denominator));
  }
  let expert_shards = slices[slice].expert_shards;
  var expert_tensors_sum = u64(0, 0);
  for (var row = slices[slice].expert_tensors.x; row < slices[slice].expert_tensors.y; row += 3u) {
    let expert_elements = rows[row + 0];
    let expert_parameters_on_this_GPU = ceil_div(expert_elements, expert_shards);
    let expert_bytes_numerator = rows[row + 1];
    let expert_bytes_denominator = rows[row + 2];
    expert_tensors_sum = plus(expert_tensors_sum, ceil_div(times(expert_parameters_on_this_GPU, expert_bytes_numerator), expert_bytes_denominator));
  }
  let weights = plus(tensors_sum, expert_tensors_sum);
  hoisted[slice].weights = weights;
  let block_size = slices[slice].block_size;
  let tokens_of_a_block = block_size;
  hoisted[slice].tokens_of_a_block = tokens_of_a_block;
  let serving_workspace_bytes = slices[slice].serving_workspace_bytes;
  let max_num_batched_tokens = slices[slice].max_num_batched_tokens;
  let tokens_in_flight = max_num_batched_tokens;
  let compute_bytes = slices[slice].compute_bytes;
  let expert_shares = slices[slice].expert_shares;
  let hidden_size = slices[slice].hidden_size;
  var layers_largest = u64(0, 0);
  for (var row = slices[slice].layers.x; row < slices[slice].layers.y; row += 22u) {
    let expert_width = rows[row + 0];
    let num_experts_per_tok = rows[row + 1];
    let slice_part = times(num_experts_per_tok, hidden_size);
    let slice_part_2 = larger(ceil_div(times(expert_width, u64(2, 0)), expert_shares), slice_part);
    layers_largest = larger(layers_largest, plus(slice_part_2, larger(ceil_div(expert_width, expert_shares), slice_part)));
  }
  let workspace_of_fused_experts = times(times(tokens_in_flight, compute_bytes), layers_largest);
  let mlp_streams = slices[slice].mlp_streams;
  var layers_largest_2 = u64(0, 0);
  for (var row = slices[slice].layers.x; row < slices[slice].layers.y; row += 22u) {
    let query_width = rows[row + 2];
    let key_width = rows[row + 3];
    let value_width = rows[row + 4];
    let output_width = rows[row + 5];
    let inner_width = rows[row + 6];
    let slice_part_3 = plus(plus(plus(query_width, key_width), value_width), output_width);
    let gate_width = rows[row + 7];
    let up_width = rows[row + 8];
    let slice_part_4 = ceil_div(plus(slice_part_3, times(inner_width, u64(3, 0))), tensor_parallel);
    let slice_part_5 = ceil_div(plus(plus(gate_width, up_width), up_width), tensor_parallel);
    layers_largest_2 = larger(layers_largest_2, larger(slice_part_4, slice_part_5));
  }
  let live_activations_per_token_in_a_batch = times(compute_bytes, plus(times(mlp_streams, hidden_size), layers_largest_2));
  let max_num_seqs = slices[slice].max_num_seqs;
  let vocab_size = slices[slice].vocab_size;
  let sampler_bytes = slices[slice].sampler_bytes;
  let sampler_rows = slices[slice].sampler_rows;
  let slice_part_6 = times(times(max_num_seqs, vocab_size), plus(compute_bytes, sampler_bytes));
  let slice_part_7 = plus(slice_part_6, times(times(sampler_rows, vocab_size), u64(4, 0)));
  let sampling = plus(slice_part_7, times(times(tokens_in_flight, hidden_size), compute_bytes));
  let slice_part_8 = times(tokens_in_flight, live_activations_per_token_in_a_batch);
  let activation_peak = plus(plus(serving_workspace_bytes, workspace_of_fused_experts), larger(slice_part_8, sampling));
  let activations = activation_peak;
  hoisted[slice].activations = activations;
  let communicator_bytes = slices[slice].communicator_bytes;
  let communicators = communicator_bytes;
  hoisted[slice].communicators = communicators;
  let context_bytes = slices[slice].context_bytes;
  let workspace_bytes = slices[slice].workspace_bytes;
  let graph_bytes = slices[slice].graph_bytes;
  let outside_bytes = slices[slice].outside_bytes;
  let buffer_bytes = slices[slice].buffer_bytes;
  let slice_part_9 = plus(plus(plus(context_bytes, workspace_bytes), graph_bytes), outside_bytes);
  let overhead = plus(slice_part_9, buffer_bytes);
  hoisted[slice].overhead = overhead;
  hoisted[slice].total_fixed = plus(plus(plus(weights, activations), communicators), overhead);
  hoisted[slice].allocated_fixed = plus(plus(plus(weights, activations), workspace_bytes), buffer_bytes);
  let device_bytes = slices[slice].device_bytes;
  let gpu_memory_utilization = slices[slice].gpu_memory_utilization;
  let slice_part_10 = floor_div(times(device_bytes, gpu_memory_utilization), u64(1000, 0));
  let capacity = smaller(device_bytes, plus(slice_part_10, context_bytes));
  hoisted[slice].capacity = capacity;
  let margin = slices[slice].margin;
  let capacity_less_the_safety_margin = floor_div(times(capacity, u64(1000, 0)), plus(u64(1000, 0), margin));
  hoisted[slice].capacity_less_the_safety_margin = capacity_less_the_safety_margin;
  let window_extra = slices[slice].window_extra;
  let key_bytes_numerator = slices[slice].key_bytes_numerator;
  let key_bytes_denominator = slices[slice].key_bytes_denominator;
  let value_bytes_numerator = slices[slice].value_bytes_numerator;
  let value_bytes_denominator = slices[slice].value_bytes_denominator;
  let state_bytes = slices[slice].state_bytes;
  let conv_bytes = slices[slice].conv_bytes;
  for (var row = slices[slice].layers.x; row < slices[slice].layers.y; row += 22u) {
    let window = rows[row + 10];
    rows[row + 19] = plus(window, window_extra);
    let num_key_value_heads = rows[row + 11];
    let key_value_heads_on_this_GPU = ceil_div(num_key_value_heads, tensor_parallel);
    let key_head_dim = rows[row + 12];
    let latent_dim = rows[row + 13];
    let slice_part_11 = plus(times(key_value_heads_on_this_GPU, key_head_dim), latent_dim);
    let value_head_dim = rows[row + 14];
    let slice_part_12 = times(times(key_value_heads_on_this_GPU, value_head_dim), value_bytes_numerator);
    let index_bytes = rows[row + 15];
    let slice_part_13 = ceil_div(times(slice_part_11, key_bytes_numerator), key_bytes_denominator);
    let slice_part_14 = plus(slice_part_13, ceil_div(slice_part_12, value_bytes_denominator));
    let cache_bytes_per_token_and_layer = plus(slice_part_14, index_bytes);
    rows[row + 20] = cache_bytes_per_token_and_layer;
    let state_elements = rows[row + 16];
    let state_parts = rows[row + 17];
    let slice_part_15 = smaller(tensor_parallel, state_parts);
    let conv_elements = rows[row + 18];
    let recurrent_state_per_sequence_and_layer = plus(times(ceil_div(state_elements, slice_part_15), state_bytes), times(ceil_div(conv_elements, slice_part_15), conv_bytes));
    rows[row + 21] = recurrent_state_per_sequence_and_layer;
  }
}

fn evaluate_column(slice: u32, sequence: u64, column: u32) {
  let weights = hoisted[slice].weights;
  columns[column].weights = weights;
  let tokens_of_a_block = hoisted[slice].tokens_of_a_block;
  var cache_per_sequence = u64(0, 0);
  for (var row = slices[slice].layers.x; row < slices[slice].layers.y; row += 22u) {
    let layer_count = rows[row + 9];
    let row_part = rows[row + 19];
    let cached_tokens = times(ceil_div(smaller(sequence, row_part), tokens_of_a_block), tokens_of_a_block);
    let cache_bytes_per_token_and_layer = rows[row + 20];
    let recurrent_state_per_sequence_and_layer = rows[row + 21];
    let column_part = plus(times(cached_tokens, cache_bytes_per_token_and_layer), recurrent_state_per_sequence_and_layer);
    cache_per_sequence = plus(cache_per_sequence, times(layer_count, column_part));
  }
  columns[column].cache_per_sequence = cache_per_sequence;
  let activations = hoisted[slice].activations;
  columns[column].activations = activations;
  let communicators = hoisted[slice].communicators;
  columns[column].communicators = communicators;
  let overhead = hoisted[slice].overhead;
  columns[column].overhead = overhead;
  let total_fixed = hoisted[slice].total_fixed;
  columns[column].total_fixed = total_fixed;
  let allocated_fixed = hoisted[slice].allocated_fixed;
  columns[column].allocated_fixed = allocated_fixed;
  let capacity = hoisted[slice].capacity;
  columns[column].capacity = capacity;
  let capacity_less_the_safety_margin = hoisted[slice].capacity_less_the_safety_margin;
  columns[column].capacity_less_the_safety_margin = capacity_less_the_safety_margin;
}

fn weights(column: u32, batch: u32) -> u64 {
  return columns[column].weights;
}

fn weights_line(column: u32, low: u32, high: u32) -> Line {
  return flat(columns[column].weights);
}

fn gradients(column: u32, batch: u32) -> u64 {
  return u64(0, 0);
}

fn gradients_line(column: u32, low: u32, high: u32) -> Line {
  return flat(u64(0, 0));
}

fn optimizer(column: u32, batch: u32) -> u64 {
  return u64(0, 0);
}

fn optimizer_line(column: u32, low: u32, high: u32) -> Line {
  return flat(u64(0, 0));
}

fn masterWeights(column: u32, batch: u32) -> u64 {
  return u64(0, 0);
}

fn masterWeights_line(column: u32, low: u32, high: u32) -> Line {
  return flat(u64(0, 0));
}

fn adapters(column: u32, batch: u32) -> u64 {
  return u64(0, 0);
}

fn adapters_line(column: u32, low: u32, high: u32) -> Line {
  return flat(u64(0, 0));
}

fn kvCache(column: u32, batch: u32) -> u64 {
  return walk(u64(0, 0), columns[column].cache_per_sequence, batch);
}

fn kvCache_line(column: u32, low: u32, high: u32) -> Line {
  return line(u64(0, 0), columns[column].cache_per_sequence, low, high);
}

fn activations(column: u32, batch: u32) -> u64 {
  return columns[column].activations;
}

fn activations_line(column: u32, low: u32, high: u32) -> Line {
  return flat(columns[column].activations);
}

fn communication(column: u32, batch: u32) -> u64 {
  return columns[column].communicators;
}

fn communication_line(column: u32, low: u32, high: u32) -> Line {
  return flat(columns[column].communicators);
}

fn overhead(column: u32, batch: u32) -> u64 {
  return columns[column].overhead;
}

fn overhead_line(column: u32, low: u32, high: u32) -> Line {
  return flat(columns[column].overhead);
}

fn total(column: u32, batch: u32) -> u64 {
  return walk(columns[column].total_fixed, columns[column].cache_per_sequence, batch);
}

fn total_line(column: u32, low: u32, high: u32) -> Line {
  return line(columns[column].total_fixed, columns[column].cache_per_sequence, low, high);
}

fn allocated(column: u32, batch: u32) -> u64 {
  return walk(columns[column].allocated_fixed, columns[column].cache_per_sequence, batch);
}

fn allocated_line(column: u32, low: u32, high: u32) -> Line {
  return line(columns[column].allocated_fixed, columns[column].cache_per_sequence, low, high);
}

fn capacity(column: u32, batch: u32) -> u64 {
  return columns[column].capacity;
}

fn capacity_line(column: u32, low: u32, high: u32) -> Line {
  return flat(columns[column].capacity);
}

fn safeCapacity(column: u32, batch: u32) -> u64 {
  return columns[column].capacity_less_the_safety_margin;
}

fn safeCapacity_line(column: u32, low: u32, high: u32) -> Line {
  return flat(columns[column].capacity_less_the_safety_margin);
}

fn cell_value(output: u32, column: u32, batch: u32) -> u64 {
  switch output {
    case 1u: { return gradients(column, batch); }
    case 2u: { return optimizer(column, batch); }
    case 3u: { return masterWeights(column, batch); }
    case 4u: { return adapters(column, batch); }
    case 5u: { return kvCache(column, batch); }
    case 6u: { return activations(column, batch); }
    case 7u: { return communication(column, batch); }
    case 8u: { return overhead(column, batch); }
    case 9u: { return total(column, batch); }
    case 10u: { return allocated(column, batch); }
    case 11u: { return capacity(column, batch); }
    case 12u: { return safeCapacity(column, batch); }
    default: { return weights(column, batch); }
  }
}

fn cell_line(output: u32, column: u32, low: u32, high: u32) -> Line {
  switch output {
    case 1u: { return gradients_line(column, low, high); }
    case 2u: { return optimizer_line(column, low, high); }
    case 3u: { return masterWeights_line(column, low, high); }
    case 4u: { return adapters_line(column, low, high); }
    case 5u: { return kvCache_line(column, low, high); }
    case 6u: { return activations_line(column, low, high); }
    case 7u: { return communication_line(column, low, high); }
    case 8u: { return overhead_line(column, low, high); }
    case 9u: { return total_line(column, low, high); }
    case 10u: { return allocated_line(column, low, high); }
    case 11u: { return capacity_line(column, low, high); }
    case 12u: { return safeCapacity_line(column, low, high); }
    default: { return weights_line(column, low, high); }
  }
}

struct Shade {
  // Pixel rows that fit, counted from the smallest batch size, and in the upper half those that fit with the safety margin.
  rows: u32,
  // Shares of the capacity, with their growth per sequence.
  line_0: vec2<f32>,
}

fn write_share(column: u32, capacity: f32) {
  shades[column].line_0 = vec2(signed(columns[column].total_fixed, u64(0, 0)) / capacity, as_f32(columns[column].cache_per_sequence) / capacity);
}

fn share(column: i32, batch: f32) -> f32 {
  let line_0 = shades[column].line_0;
  return (line_0.x + line_0.y * batch);
}
