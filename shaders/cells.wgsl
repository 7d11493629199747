// The cell pass: every output of every cell of the tile. The generated half of the module declares cell_value and cell_line.

// Neighbouring threads that share a run of LANES × run_steps batch sizes, so that they write side by side.
const LANES = 4u;

// One block of columns × batches per output, batch fastest.
@group(0) @binding(7) var<storage, read_write> cells: array<u64>;

@compute @workgroup_size(WORKGROUP)
fn cell_pass(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let index = thread(group, groups, local);
  let run = index / LANES;
  let column = run / tile.runs;
  if column < tile.columns {
    let first = (run % tile.runs) * tile.run_steps * LANES + index % LANES;
    if first < tile.batches {
      let count = min(tile.run_steps, (tile.batches - first + LANES - 1u) / LANES);
      fill(group.z, column, first, count);
    }
  }
}

// Writes `count` cells of a column, LANES apart: along straight lines by one unchecked addition each, and one by one where nothing is straight.
fn fill(output: u32, column: u32, first: u32, count: u32) {
  let base = (output * tile.columns + column) * tile.batches;
  var at = first;
  let end = first + count * LANES;
  var size = count;
  while at < end {
    size = min(size, (end - at) / LANES);
    if tile.batch_step > 0u && size > 2u {
      let line = cell_line(output, column, batches[at], batches[at + (size - 1u) * LANES]);
      if !line.straight {
        size /= 2u;
        continue;
      }
      let step = times_small(line.slope, tile.batch_step * LANES);
      var value = line.low;
      let stop = base + at + size * LANES;
      for (var cell = base + at; cell < stop; cell += LANES) {
        cells[cell] = value;
        value = plus_unchecked(value, step);
      }
    } else {
      for (var i = 0u; i < size; i++) {
        cells[base + at + i * LANES] = cell_value(output, column, batches[at + i * LANES]);
      }
    }
    at += size * LANES;
    size *= 2u;
  }
}
