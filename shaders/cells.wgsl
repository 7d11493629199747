// The cell pass: every output of every cell of the tile. The generated half of the module declares cell_value and cell_line.

// One block of columns × batches per output, batch fastest.
@group(0) @binding(7) var<storage, read_write> cells: array<u64>;

@compute @workgroup_size(WORKGROUP)
fn cell_pass(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let index = thread(group, groups, local);
  let column = index / tile.runs;
  let first = (index - column * tile.runs) * tile.run;
  if column < tile.columns && first < tile.batches {
    fill(group.z, column, first, min(first + tile.run, tile.batches));
  }
}

// Writes the cells of a column from batch size `first` to before `end`.
fn fill(output: u32, column: u32, first: u32, end: u32) {
  let base = (output * tile.columns + column) * tile.batches;
  if tile.batch_step == 0u {
    fill_each(output, column, base, first, end);
    return;
  }
  let line = cell_line(output, column, batches[first], batches[end - 1u]);
  if line.straight {
    fill_line(base + first, base + end, line);
  } else {
    fill_pieces(output, column, base, first, end);
  }
}

// One by one.
fn fill_each(output: u32, column: u32, base: u32, first: u32, end: u32) {
  for (var at = first; at < end; at++) {
    cells[base + at] = cell_value(output, column, batches[at]);
  }
}

// By one addition each, which cannot overflow where the line is straight.
fn fill_line(first: u32, end: u32, line: Line) {
  let step = times_small(line.slope, tile.batch_step);
  var value = line.low;
  for (var cell = first; cell < end; cell++) {
    cells[cell] = value;
    value = plus_unchecked(value, step);
  }
}

// In pieces halved until they are straight, and doubled again after.
fn fill_pieces(output: u32, column: u32, base: u32, first: u32, end: u32) {
  var at = first;
  var size = max((end - first) / 2u, 1u);
  while at < end {
    size = min(size, end - at);
    if size < 4u {
      fill_each(output, column, base, at, at + size);
    } else {
      let line = cell_line(output, column, batches[at], batches[at + size - 1u]);
      if !line.straight {
        size /= 2u;
        continue;
      }
      fill_line(base + at, base + at + size, line);
    }
    at += size;
    size *= 2u;
  }
}
