// The heatmap: a quad per panel, each fragment a cell. The same colours as `shade` in src/sweep/frame.ts. The generated half of the module
// declares Shade, share and MOST_COLUMNS.

struct Panel {
  origin: vec2<u32>,
  // The first column of its first rank, and how many ranks it has; each has its columns after those of the rank before.
  first: u32,
  ranks: u32,
}

struct Picture {
  size: vec2<f32>,
  panel: vec2<u32>,
  // 1 where batch sizes fall from top to bottom.
  falling: u32,
}

@group(0) @binding(0) var<uniform> picture: Picture;
@group(0) @binding(1) var<storage, read> shades: array<Shade, MOST_COLUMNS>;
// Of each pixel row, from the smallest batch size; no canvas is higher.
@group(0) @binding(2) var<storage, read> batches: array<f32, 8192>;
@group(0) @binding(3) var<storage, read> panels: array<Panel>;
// The shades of what fits, then three more colours.
@group(0) @binding(4) var<storage, read> palette: array<u32, SHADES + 3>;

const SHADES = 1024;
const TIGHT = SHADES;
const OOM = SHADES + 1;
const HATCH = SHADES + 2;

struct Corner {
  @builtin(position) position: vec4<f32>,
  // At pixel (0, 0) the column of the first rank and the row would be x and y; from there rows count up or down by z. w ranks.
  @location(0) @interpolate(flat) place: vec4<i32>,
}

@vertex
fn corner(@builtin(vertex_index) vertex: u32, @builtin(instance_index) index: u32) -> Corner {
  let panel = panels[index];
  let origin = vec2<i32>(panel.origin);
  let ranks = i32(panel.ranks);
  let size = vec2<i32>(picture.panel);
  let at = vec2<f32>(origin + vec2(i32(vertex & 1u), i32(vertex >> 1u)) * size);
  let position = vec4(at.x / picture.size.x * 2.0 - 1.0, 1.0 - at.y / picture.size.y * 2.0, 0.0, 1.0);
  let column = i32(panel.first) - origin.x;
  if picture.falling == 1u {
    return Corner(position, vec4(column, origin.y + size.y - 1, -1, ranks));
  }
  return Corner(position, vec4(column, -origin.y, 1, ranks));
}

// Every load costs, so a pixel that does not fit loads one number before its colour.
@fragment
fn pixel_of_one(in: Corner) -> @location(0) vec4<f32> {
  let at = vec2<i32>(in.position.xy);
  let column = in.place.x + at.x;
  let row = in.place.y + in.place.z * at.y;
  let rows = shades[column].rows;
  let stripe = at.x + at.y;
  var colour = select(OOM, HATCH, (stripe & 7) < 2);
  if row < i32(rows & 0xffffu) {
    let shade = min(i32(share(column, batches[row]) * f32(SHADES)), SHADES - 1);
    colour = select(shade, TIGHT, (row >= i32(rows >> 16u)) & (stripe % 6 < 2));
  }
  return unpack4x8unorm(palette[colour]);
}

// The worst verdict and the largest share of all ranks.
@fragment
fn pixel_of_several(in: Corner) -> @location(0) vec4<f32> {
  let at = vec2<i32>(in.position.xy);
  let row = in.place.y + in.place.z * at.y;
  let batch = batches[row];
  let stripe = at.x + at.y;
  let tight_here = stripe % 6 < 2;
  var colour = 0;
  var column = in.place.x + at.x;
  for (var rank = 0; rank < in.place.w; rank++) {
    let rows = shades[column].rows;
    if row >= i32(rows & 0xffffu) {
      colour = select(OOM, HATCH, (stripe & 7) < 2);
      break;
    }
    let shade = min(i32(share(column, batch) * f32(SHADES)), SHADES - 1);
    colour = max(colour, select(shade, TIGHT, (row >= i32(rows >> 16u)) & tight_here));
    column += i32(picture.panel.x);
  }
  return unpack4x8unorm(palette[colour]);
}
