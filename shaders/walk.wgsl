// How a value moves with batch. A walk is start + slope × batch; a Line is what is known of a tree of walks between two batch sizes.

fn walk(start: u64, slope: u64, batch: u32) -> u64 {
  return plus(start, times_small(slope, batch));
}

struct Line {
  // The value at the first and the last batch size, exact in any case.
  low: u64,
  high: u64,
  // Where `straight`, the value grows by this for each batch in between.
  slope: u64,
  straight: bool,
  // Inside larger_lines(larger_lines(a, b), c): whether all of a, b, c are straight, though the largest may change hands.
  parts: bool,
}

fn flat(value: u64) -> Line {
  return Line(value, value, u64(0, 0), true, true);
}

fn line(start: u64, slope: u64, low: u32, high: u32) -> Line {
  let last = walk(start, slope, high);
  let straight = less(last, LIMIT);
  return Line(walk(start, slope, low), last, slope, straight, straight);
}

fn plus_lines(a: Line, b: Line) -> Line {
  let last = plus(a.high, b.high);
  let straight = a.straight & b.straight & less(last, LIMIT);
  return Line(plus(a.low, b.low), last, plus_unchecked(a.slope, b.slope), straight, straight);
}

// Values never fall as batch grows, so what ends at or below `less_by` is 0 all along.
fn minus_line(a: Line, less_by: u64) -> Line {
  let above = at_most(less_by, a.low);
  let below = at_most(a.high, less_by);
  let straight = (a.straight & above) | below;
  return Line(minus(a.low, less_by), minus(a.high, less_by), select(a.slope, u64(0, 0), below), straight, straight);
}

// One part that wins at both ends wins in between: lines cross at most once.
fn larger_lines(a: Line, b: Line) -> Line {
  let parts = a.parts & b.parts;
  let first = at_most(b.low, a.low) & at_most(b.high, a.high);
  let second = at_most(a.low, b.low) & at_most(a.high, b.high);
  let straight = parts & (second | (first & a.straight));
  return Line(larger(a.low, b.low), larger(a.high, b.high), select(a.slope, b.slope, second), straight, parts);
}

fn smaller_lines(a: Line, b: Line) -> Line {
  let parts = a.parts & b.parts;
  let first = at_most(a.low, b.low) & at_most(a.high, b.high);
  let second = at_most(b.low, a.low) & at_most(b.high, a.high);
  let straight = parts & (second | (first & a.straight));
  return Line(smaller(a.low, b.low), smaller(a.high, b.high), select(a.slope, b.slope, second), straight, parts);
}

// Ends a chain of larger_lines or smaller_lines.
fn settled(a: Line) -> Line {
  return Line(a.low, a.high, a.slope, a.straight, a.straight);
}
