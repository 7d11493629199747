// The heatmap: a quad per panel, each fragment a cell. The same colours as `shade` in src/sweep/frame.ts. The generated half of the module
// declares Shade and share.

struct Picture {
  size: vec2<f32>,
  panel: vec2<u32>,
  // 1 where batch sizes fall from top to bottom.
  falling: u32,
}

@group(0) @binding(0) var<uniform> picture: Picture;
@group(0) @binding(1) var<storage, read> shades: array<Shade>;
// Of each pixel row, from the smallest batch size; no canvas is higher.
@group(0) @binding(2) var<storage, read> batches: array<f32, 8192>;
@group(0) @binding(3) var<storage, read> origins: array<vec2<u32>>;
// The shades of what fits, then three more colours.
@group(0) @binding(4) var<storage, read> palette: array<u32, 259>;

const TIGHT = 256;
const OOM = 257;
const HATCH = 258;

struct Corner {
  @builtin(position) position: vec4<f32>,
  // At pixel (0, 0) the column and the row would be x and y; from there rows count up or down by z.
  @location(0) @interpolate(flat) place: vec3<i32>,
}

@vertex
fn corner(@builtin(vertex_index) vertex: u32, @builtin(instance_index) panel: u32) -> Corner {
  let origin = vec2<i32>(origins[panel]);
  let size = vec2<i32>(picture.panel);
  let at = vec2<f32>(origin + vec2(i32(vertex & 1u), i32(vertex >> 1u)) * size);
  let position = vec4(at.x / picture.size.x * 2.0 - 1.0, 1.0 - at.y / picture.size.y * 2.0, 0.0, 1.0);
  let column = i32(panel) * size.x - origin.x;
  if picture.falling == 1u {
    return Corner(position, vec3(column, origin.y + size.y - 1, -1));
  }
  return Corner(position, vec3(column, -origin.y, 1));
}

// Every load costs, so a pixel that does not fit loads one number before its colour.
@fragment
fn pixel(in: Corner) -> @location(0) vec4<f32> {
  let at = vec2<i32>(in.position.xy);
  let column = in.place.x + at.x;
  let row = in.place.y + in.place.z * at.y;
  let rows = shades[column].rows;
  let stripe = at.x + at.y;
  var colour = select(OOM, HATCH, (stripe & 7) < 2);
  if row < i32(rows & 0xffffu) {
    let shade = min(i32(share(column, batches[row]) * 256.0), 255);
    colour = select(shade, TIGHT, (row >= i32(rows >> 16u)) & (stripe % 6 < 2));
  }
  return unpack4x8unorm(palette[colour]);
}
