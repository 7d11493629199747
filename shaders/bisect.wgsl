// Where usage crosses a limit. The generated half of the module declares total, capacity and safeCapacity.

// Limits do not depend on batch.
fn limit(column: u32, keep_margin: bool) -> u64 {
  if keep_margin {
    return safeCapacity(column, 1u);
  }
  return capacity(column, 1u);
}

// The largest batch size in 0 … most whose total does not exceed the limit.
fn largest_batch(column: u32, limit: u64, most: u32) -> u32 {
  var fits = 0u;
  var fails = most + 1u;
  while fails - fits > 1u {
    let middle = (fits + fails) / 2u;
    if at_most(total(column, middle), limit) {
      fits = middle;
    } else {
      fails = middle;
    }
  }
  return fits;
}
