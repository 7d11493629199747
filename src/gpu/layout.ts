/** The bytes the shaders read: tile parameters, slices and their rows. Everything is 32-bit words; u64 is (low, high). */
import type { Inputs } from '../formula/expression.ts'
import type { Shader } from '../formula/wgsl.ts'
import type { Frame, Palette } from '../sweep/frame.ts'

/** The struct Tile of shaders/sweep.wgsl, field by field. */
export interface TileParameters {
  firstSequence: number
  sequences: number
  slices: number
  columns: number
  batches: number
  batchStep: number
  run: number
  runs: number
  most: number
  keepMargin: boolean
}

export const tileBytes = 40

export function encodeTile(tile: TileParameters): Uint32Array<ArrayBuffer> {
  return new Uint32Array([
    tile.firstSequence,
    tile.sequences,
    tile.slices,
    tile.columns,
    tile.batches,
    tile.batchStep,
    tile.run,
    tile.runs,
    tile.most,
    tile.keepMargin ? 1 : 0,
  ])
}

/** The struct Picture of shaders/heatmap.wgsl. */
export function encodePicture(
  { width, height, sequences, batches }: Frame,
  falling: boolean,
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(6)
  new Float32Array(words.buffer).set([width, height])
  words.set([sequences.length, batches.length, falling ? 1 : 0], 2)
  return words
}

/** The struct Panel of shaders/heatmap.wgsl, one per panel: where it stands, the first column of its first rank, and how many ranks it has. */
export function encodePanels({ panels, origins, sequences }: Frame): Uint32Array<ArrayBuffer> {
  let first = 0
  return Uint32Array.from(
    panels.flatMap((ranks, i) => {
      const words = [origins[i].x, origins[i].y, first, ranks.length]
      first += ranks.length * sequences.length
      return words
    }),
  )
}

/** Rows of the fixed array of shaders/heatmap.wgsl; no canvas is higher. */
const mostPixelRows = 8192

/** The batch sizes of pixel rows as that array. @throws RangeError when there are too many */
export function encodePixelRows(batches: Uint32Array): Uint32Array<ArrayBuffer> {
  if (batches.length > mostPixelRows) {
    throw new RangeError(
      `A frame has at most ${mostPixelRows} rows of pixels, not ${batches.length}: lower its resolution`,
    )
  }
  const rows = new Float32Array(mostPixelRows)
  rows.set(batches)
  return new Uint32Array(rows.buffer)
}

/** The palette of shaders/heatmap.wgsl: SHADES of them, tight, OOM, hatch. */
export const encodePalette = ({ fits, tight, oom, hatch }: Palette) => Uint32Array.of(...fits, tight, oom, hatch)

/** Bytes of the struct Slice; never 0, as WGSL has no empty structs. */
export const sliceBytes = (shader: Shader) => 8 * Math.max(1, shader.quantities.length + shader.lists.length)

function write(words: Uint32Array, at: number, value: number, name: string) {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} must be an integer from 0 to 2^53-1, not ${value}`)
  }
  words[at] = value
  words[at + 1] = value / 2 ** 32
}

/**
 * Slices as the struct Slice, and the rows of their lists. Rows shared by slices are written once, unless the slice pass keeps something
 * in them.
 */
export function encodeSlices(
  shader: Shader,
  slices: readonly Inputs[],
): { slices: Uint32Array<ArrayBuffer>; rows: Uint32Array<ArrayBuffer> } {
  const words = new Uint32Array((slices.length * sliceBytes(shader)) / 4)
  const places = shader.lists.map(() => new Map<unknown, number>())
  const written: { rows: Record<string, number>[]; list: Shader['lists'][number]; first: number }[] = []
  let end = 0
  slices.forEach(({ values, lists }, s) => {
    let at = (s * sliceBytes(shader)) / 4
    for (const name of shader.quantities) {
      write(words, at, values[name], name)
      at += 2
    }
    shader.lists.forEach((list, l) => {
      const rows = lists[list.name] ?? []
      const size = rows.length * rowWords(list)
      let first = list.kept > 0 ? undefined : places[l].get(rows)
      if (first === undefined) {
        first = end
        end += size
        places[l].set(rows, first)
        written.push({ rows, list, first })
      }
      words[at] = first
      words[at + 1] = first + size
      at += 2
    })
  })
  const encoded = new Uint32Array(Math.max(1, end) * 2)
  for (const { rows, list, first } of written) {
    rows.forEach((row, r) => {
      list.fields.forEach((name, f) => {
        write(encoded, 2 * (first + r * rowWords(list) + f), row[name], `${list.name}.${name}`)
      })
    })
  }
  return { slices: words, rows: encoded }
}

/** Words of 64 bits in a row. */
const rowWords = ({ fields, kept }: Shader['lists'][number]) => Math.max(1, fields.length + kept)

/** Words (low, high) as numbers. */
export function decode(words: Uint32Array, out: Float64Array) {
  for (let i = 0, w = 0; i < out.length; i++, w += 2) out[i] = words[w] + words[w + 1] * 4294967296
}
