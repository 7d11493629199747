/** What a PNG says of itself: words and resolution, put behind its header (W3C PNG, sections 11.3.3.4 iTXt and 11.3.4.3 pHYs). */

/** Signature and IHDR, which comes first and has a fixed length. */
const HEAD = 8 + 25
const encoder = new TextEncoder()

/** The picture with a text chunk for each keyword, and so many pixels per metre. */
export function withText(
  png: Uint8Array,
  texts: Readonly<Record<string, string>>,
  pixelsPerMetre: number,
): Uint8Array<ArrayBuffer> {
  const density = new Uint8Array(9)
  const view = new DataView(density.buffer)
  view.setUint32(0, pixelsPerMetre)
  view.setUint32(4, pixelsPerMetre)
  density[8] = 1
  // Keyword, then: not compressed, by no method, in no language, keyword not translated.
  const words = Object.entries(texts).map(([keyword, text]) =>
    chunk('iTXt', encoder.encode(`${keyword}\0\0\0\0\0${text}`)),
  )
  const parts = [png.subarray(0, HEAD), chunk('pHYs', density), ...words, png.subarray(HEAD)]
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(encoder.encode(type), 4)
  bytes.set(data, 8)
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)))
  return bytes
}

/** ISO 3309's cyclic redundancy check, bit by bit: chunks are short. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}
