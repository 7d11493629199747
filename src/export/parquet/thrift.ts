/**
 * Thrift's compact protocol, as much of it as Parquet's headers and footer need: structs of integers, bytes, lists and structs.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
import type { Bytes } from './bytes.ts'

/** Values by the protocol's type numbers. */
export type Value =
  | { i32: number }
  | { i64: number }
  | { bytes: Uint8Array }
  | { struct: Struct }
  | { list: readonly Value[] }

/** Field numbers, ascending, with their values; undefined is left out. */
export type Struct = readonly (readonly [id: number, value: Value | undefined])[]

const encoder = new TextEncoder()

export const i32 = (i32: number): Value => ({ i32 })
export const i64 = (i64: number): Value => ({ i64 })
export const text = (text: string): Value => ({ bytes: encoder.encode(text) })
export const struct = (...struct: Struct): Value => ({ struct })
export const list = (list: readonly Value[]): Value => ({ list })

/** Field ids follow each other closely, so their differences fit in the type's byte. */
export function writeStruct(out: Bytes, fields: Struct): void {
  let last = 0
  for (const [id, value] of fields) {
    if (value === undefined) continue
    out.byte(((id - last) << 4) | typeOf(value))
    last = id
    write(out, value)
  }
  out.byte(0)
}

function typeOf(value: Value): number {
  if ('i32' in value) return 5
  if ('i64' in value) return 6
  if ('bytes' in value) return 8
  return 'list' in value ? 9 : 12
}

function write(out: Bytes, value: Value): void {
  if ('i32' in value) out.zigzag(value.i32)
  else if ('i64' in value) out.zigzag(value.i64)
  else if ('bytes' in value) {
    out.varint(value.bytes.length)
    out.raw(value.bytes)
  } else if ('struct' in value) writeStruct(out, value.struct)
  else {
    const { length } = value.list
    const type = length > 0 ? typeOf(value.list[0]) : 12
    if (length < 15) out.byte((length << 4) | type)
    else {
      out.byte(0xf0 | type)
      out.varint(length)
    }
    for (const item of value.list) write(out, item)
  }
}
