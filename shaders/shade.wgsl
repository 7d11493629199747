// What the heatmap needs to know of each column: where its verdict changes, in integers, and its share of the capacity as walks in floats,
// which only pick one of 256 colours. The generated half of the module declares Shade and write_share.

@group(0) @binding(7) var<storage, read_write> shades: array<Shade>;

@compute @workgroup_size(WORKGROUP)
fn shade_pass(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let column = thread(group, groups, local);
  if column < tile.columns {
    let capacity = limit(column, false);
    shades[column].fits_safely = largest_batch(column, limit(column, true), tile.most);
    shades[column].fits = largest_batch(column, capacity, tile.most);
    write_share(column, as_f32(capacity));
  }
}
