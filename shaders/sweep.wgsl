// The first two passes of a sweep over a tile of columns: slices, then columns. A final pass with a thread per column evaluates its own column
// instead. The generated half of the module declares the structs Slice, Hoisted and Column, evaluate_slice and evaluate_column. What is made of
// the columns (cells, a frontier, a picture) is binding 7.

struct Tile {
  // Of the first column, counted within the first slice.
  first_sequence: u32,
  // Sequence lengths per slice.
  sequences: u32,
  slices: u32,
  columns: u32,
  batches: u32,
  // Between batch sizes; 0 where they are not evenly spaced.
  batch_step: u32,
  // Batch sizes a thread walks, and threads per column.
  run: u32,
  runs: u32,
  // For the frontier: the largest batch size to consider, and whether the safety margin is kept.
  most: u32,
  keep_margin: u32,
}

const WORKGROUP = 64u;

@group(0) @binding(0) var<uniform> tile: Tile;
@group(0) @binding(1) var<storage, read> slices: array<Slice>;
// Rows of all lists; a slice knows where its own begin and end. The slice pass adds to them what the column pass needs of each row.
@group(0) @binding(2) var<storage, read_write> rows: array<u64>;
@group(0) @binding(3) var<storage, read_write> hoisted: array<Hoisted>;
@group(0) @binding(4) var<storage, read> sequences: array<u32>;
@group(0) @binding(5) var<storage, read_write> columns: array<Column>;
@group(0) @binding(6) var<storage, read> batches: array<u32>;

// Dispatches wider than 65 535 workgroups continue in y.
fn thread(group: vec3<u32>, groups: vec3<u32>, local: u32) -> u32 {
  return (group.y * groups.x + group.x) * WORKGROUP + local;
}

@compute @workgroup_size(WORKGROUP)
fn slice_pass(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let slice = thread(group, groups, local);
  if slice < tile.slices {
    evaluate_slice(slice);
  }
}

// Evaluates a column of the tile, for the thread that asks.
fn fill_column(column: u32) {
  let place = tile.first_sequence + column;
  evaluate_column(place / tile.sequences, u64(sequences[place % tile.sequences], 0), column);
}

@compute @workgroup_size(WORKGROUP)
fn column_pass(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let column = thread(group, groups, local);
  if column < tile.columns {
    fill_column(column);
  }
}
