// The heatmap: one quad per panel, each fragment a cell. The same colours as `shade` in src/sweep/frame.ts. The generated half of the module
// declares Shade and share.

struct Picture {
  size: vec2<f32>,
  panel: vec2<u32>,
  tight: u32,
  oom: u32,
  hatch: u32,
}

@group(0) @binding(0) var<uniform> picture: Picture;
@group(0) @binding(1) var<storage, read> shades: array<Shade>;
@group(0) @binding(2) var<storage, read> batches: array<u32>;
@group(0) @binding(3) var<storage, read> origins: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read> palette: array<u32>;

struct Corner {
  @builtin(position) position: vec4<f32>,
  @location(0) @interpolate(flat) panel: u32,
}

@vertex
fn corner(@builtin(vertex_index) vertex: u32, @builtin(instance_index) panel: u32) -> Corner {
  let at = vec2<f32>(origins[panel] + vec2(vertex & 1u, vertex >> 1u) * picture.panel);
  return Corner(vec4(at.x / picture.size.x * 2.0 - 1.0, 1.0 - at.y / picture.size.y * 2.0, 0.0, 1.0), panel);
}

@fragment
fn pixel(in: Corner) -> @location(0) vec4<f32> {
  let at = vec2<u32>(in.position.xy);
  let inside = at - origins[in.panel];
  let column = in.panel * picture.panel.x + inside.x;
  let batch = batches[inside.y];
  var colour: u32;
  if batch > shades[column].fits {
    colour = select(picture.oom, picture.hatch, (at.x + at.y) % 8u < 2u);
  } else if batch > shades[column].fits_safely && (at.x + at.y) % 6u < 2u {
    colour = picture.tight;
  } else {
    colour = palette[u32(clamp(share(column, f32(batch)) * 256.0, 0.0, 255.0))];
  }
  return unpack4x8unorm(colour);
}
