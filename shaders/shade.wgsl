// What the heatmap needs to know of each column: where its verdict changes, decided in integers, and its share of the capacity as walks in
// floats. The batch sizes are those of the pixel rows, from the smallest. The generated half of the module declares Shade and write_share.

@group(0) @binding(7) var<storage, read_write> shades: array<Shade>;

// a - b as a float, exact until then.
fn signed(a: u64, b: u64) -> f32 {
  return as_f32(minus(a, b)) - as_f32(minus(b, a));
}

// How many of the first rows do not exceed the limit, by bisection, because usage never falls as batch grows.
fn rows_within(column: u32, limit: u64, most: u32) -> u32 {
  var fit = 0u;
  var fail = most + 1u;
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
    fill_column(column);
    let capacity = limit(column, false);
    let fit = rows_within(column, capacity, tile.batches);
    shades[column].rows = fit | (rows_within(column, limit(column, true), fit) << 16u);
    write_share(column, as_f32(capacity));
  }
}
