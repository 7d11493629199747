// The longest pass: per slice the longest sequence that fits at the first batch size, by bisection, because usage never falls as sequences grow.
// A thread evaluates its slice's one column again and again.

@group(0) @binding(7) var<storage, read_write> longest: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn longest_pass(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let slice = thread(group, groups, local);
  if slice < tile.slices {
    var fits = 0u;
    var fails = tile.most + 1u;
    while fails - fits > 1u {
      let middle = (fits + fails) / 2u;
      evaluate_column(slice, u64(middle, 0), slice);
      if at_most(total(slice, batches[0]), limit(slice, false)) {
        fits = middle;
      } else {
        fails = middle;
      }
    }
    longest[slice] = fits;
  }
}
