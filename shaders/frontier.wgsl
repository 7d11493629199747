// The frontier pass: per column the largest batch size that fits, by bisection, because usage never falls as batch grows.

@group(0) @binding(7) var<storage, read_write> frontier: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn frontier_pass(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let column = thread(group, groups, local);
  if column < tile.columns {
    fill_column(column);
    frontier[column] = largest_batch(column, limit(column, tile.keep_margin == 1u), tile.most);
  }
}
