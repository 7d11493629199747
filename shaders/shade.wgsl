// What the heatmap needs to know of each column: where its verdict changes, decided in integers, and its share of the capacity as walks in
// floats. The batch sizes are those of the pixel rows, from the smallest. The generated half of the module declares Shade and write_share.

@group(0) @binding(7) var<storage, read_write> shades: array<Shade>;

// How many of the rows do not exceed the limit, by bisection, because usage never falls as batch grows.
fn rows_within(column: u32, limit: u64) -> u32 {
  var fit = 0u;
  var fail = tile.batches + 1u;
  while fail - fit > 1u {
    let middle = (fit + fail) / 2u;
    if at_most(total(column, batches[middle - 1u]), limit) {
      fit = middle;
    } else {
      fail = middle;
    }
  }
  return fit;
}

@compute @workgroup_size(WORKGROUP)
fn shade_pass(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let column = thread(group, groups, local);
  if column < tile.columns {
    let capacity = limit(column, false);
    shades[column].rows = rows_within(column, capacity) | (rows_within(column, limit(column, true)) << 16u);
    write_share(column, as_f32(capacity));
  }
}
