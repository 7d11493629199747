// Exact integers from 0 to LIMIT = 2^53 - 1, as (low, high) halves of 32 bits. Every operation saturates at LIMIT and never goes below 0,
// like the reference in src/formula/evaluate.ts. Nothing here is a float except as_f32, which only feeds colours.

alias u64 = vec2<u32>;

const HIGH = 0x1fffffu;
const LIMIT = u64(0xffffffffu, HIGH);

fn less(a: u64, b: u64) -> bool {
  return (a.y < b.y) | ((a.y == b.y) & (a.x < b.x));
}

fn at_most(a: u64, b: u64) -> bool {
  return !less(b, a);
}

fn smaller(a: u64, b: u64) -> u64 {
  return select(b, a, less(a, b));
}

fn larger(a: u64, b: u64) -> u64 {
  return select(a, b, less(a, b));
}

fn saturated(a: u64) -> u64 {
  return select(a, LIMIT, a.y > HIGH);
}

// a + b modulo 2^64: for sums known to stay within LIMIT.
fn plus_unchecked(a: u64, b: u64) -> u64 {
  let low = a.x + b.x;
  return u64(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn plus(a: u64, b: u64) -> u64 {
  return saturated(plus_unchecked(a, b));
}

// a - b modulo 2^64.
fn minus_unchecked(a: u64, b: u64) -> u64 {
  return u64(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}

// a - b, but never below 0.
fn minus(a: u64, b: u64) -> u64 {
  return select(minus_unchecked(a, b), u64(0, 0), less(a, b));
}

// The 64 bits of a × b, from products of 16-bit halves.
fn wide(a: u32, b: u32) -> vec2<u32> {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let left = (a >> 16u) * (b & 0xffffu);
  let right = (a & 0xffffu) * (b >> 16u);
  let middle = (low >> 16u) + (left & 0xffffu) + (right & 0xffffu);
  return vec2((low & 0xffffu) | (middle << 16u), (a >> 16u) * (b >> 16u) + (left >> 16u) + (right >> 16u) + (middle >> 16u));
}

fn times(a: u64, b: u64) -> u64 {
  let low = wide(a.x, b.x);
  // Two high halves make at least 2^64; with one of them 0 a single product is left for the upper 32 bits.
  let high = wide(a.y | b.y, select(a.x, b.x, a.y != 0u));
  let over = ((a.y != 0u) & (b.y != 0u)) | (high.y != 0u) | (high.x > HIGH) | (low.y > HIGH);
  return select(saturated(u64(low.x, low.y + high.x)), LIMIT, over);
}

// a × n for n of at most 65 536, such as a batch size: every product of 16-bit halves and its carry fits in 32 bits.
fn times_small(a: u64, n: u32) -> u64 {
  let p0 = (a.x & 0xffffu) * n;
  let p1 = (a.x >> 16u) * n + (p0 >> 16u);
  let p2 = (a.y & 0xffffu) * n + (p1 >> 16u);
  let p3 = (a.y >> 16u) * n + (p2 >> 16u);
  return select(u64((p0 & 0xffffu) | (p1 << 16u), (p2 & 0xffffu) | (p3 << 16u)), LIMIT, p3 > (HIGH >> 16u));
}

struct Quotient {
  whole: u64,
  rest: u64,
}

// Long division, bit by bit, unless both fit in 32 bits; b must be at least 1. Kept short, because compilers inline it at every division of
// a formula.
fn divide(a: u64, b: u64) -> Quotient {
  let short = (a.y | b.y) == 0u;
  if short {
    let whole = a.x / b.x;
    return Quotient(u64(whole, 0), u64(a.x - whole * b.x, 0));
  }
  // Bits of a leave at the top, bits of the quotient enter at the bottom.
  var bits = u64(a.x << 11u, (a.y << 11u) | (a.x >> 21u));
  var rest = u64(0, 0);
  for (var left = 53u; left > 0u; left--) {
    rest = u64((rest.x << 1u) | (bits.y >> 31u), (rest.y << 1u) | (rest.x >> 31u));
    let less_b = minus_unchecked(rest, b);
    // Both are below 2^54, so the top bit says which is larger.
    let fits = less_b.y < 0x80000000u;
    rest = select(rest, less_b, fits);
    bits = u64((bits.x << 1u) | select(0u, 1u, fits), (bits.y << 1u) | (bits.x >> 31u));
  }
  return Quotient(bits, rest);
}

fn floor_div(a: u64, b: u64) -> u64 {
  return divide(a, b).whole;
}

fn ceil_div(a: u64, b: u64) -> u64 {
  let q = divide(a, b);
  return plus_unchecked(q.whole, u64(select(0u, 1u, any(q.rest != u64(0, 0))), 0));
}

fn as_f32(a: u64) -> f32 {
  return f32(a.y) * 4294967296.0 + f32(a.x);
}
