/** Identifiers for generated WGSL: legal, unique, and as close to the formula's own names as that allows. */

/** Keywords and reserved words of WGSL (https://www.w3.org/TR/WGSL/#keyword-summary), which no identifier may be. */
const reserved =
  `alias break case const const_assert continue continuing default diagnostic discard else enable false fn for if
let loop override requires return struct switch true var while
NULL Self abstract active alignas alignof as asm asm_fragment async attribute auto await become binding_array cast catch class
co_await co_return co_yield coherent column_major common compile compile_fragment concept const_cast consteval constexpr
constinit crate debugger decltype delete demote demote_to_helper do dynamic_cast enum explicit export extends extern external
fallthrough filter final finally friend from fxgroup get goto groupshared highp impl implements import inline instanceof
interface layout lowp macro macro_rules match mediump meta mod module move mut mutable namespace new nil noexcept noinline
nointerpolation non_coherent noncoherent noperspective null nullptr of operator package packoffset partition pass patch
pixelfragment precise precision premerge priv protected pub public readonly ref regardless register reinterpret_cast require
resource restrict self set shared sizeof smooth snorm static static_assert static_cast std subroutine super target template
this thread_local throw trait try type typedef typeid typename typeof union unless unorm unsafe unsized use using varying
virtual volatile wgsl where with writeonly yield`.split(/\s+/)

/** What the shaders in shaders/*.wgsl declare or generated functions use; a formula's name must not hide it. */
const ours =
  `u64 u32 f32 vec2 vec2f select min max HIGH LIMIT plus plus_unchecked minus minus_unchecked times times_small smaller larger less at_most
floor_div ceil_div divide walk line flat plus_lines minus_line smaller_lines larger_lines settled as_f32 saturated limit largest_batch
thread fill signed share write_share slice row rows column columns hoisted slices sequences sequence batches batch cells frontier shades tile
Slice Hoisted Column Shade Line Tile Quotient fits fits_safely low high`.split(/\s+/)

const unavailable = new Set([...reserved, ...ours])

/** Hands out identifiers, each only once. */
export class Names {
  private readonly taken = new Set<string>()

  /** A legal identifier as close to `wanted` as possible: with an underscore after a reserved word, with a number after a repetition. */
  unique(wanted: string): string {
    const legal = wanted.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9_])/, 'n')
    const base = unavailable.has(legal) ? `${legal}_` : legal
    let name = base
    for (let i = 2; this.taken.has(name); i++) name = `${base}_${i}`
    this.taken.add(name)
    return name
  }
}
