/** Bytes in the making, as Parquet and Thrift's compact protocol write them: little-endian numbers, and integers in groups of seven bits. */
export class Bytes {
  private buffer = new Uint8Array(1024)
  private view = new DataView(this.buffer.buffer)
  length = 0

  byte(value: number): void {
    this.room(1)
    this.buffer[this.length++] = value
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length)
    this.buffer.set(bytes, this.length)
    this.length += bytes.length
  }

  int32(value: number): void {
    this.room(4)
    this.view.setInt32(this.length, value, true)
    this.length += 4
  }

  /** A safe integer in eight bytes. */
  int64(value: number): void {
    this.room(8)
    this.view.setUint32(this.length, value % 2 ** 32, true)
    this.view.setInt32(this.length + 4, Math.floor(value / 2 ** 32), true)
    this.length += 8
  }

  double(value: number): void {
    this.room(8)
    this.view.setFloat64(this.length, value, true)
    this.length += 8
  }

  /** A safe integer of 0 or more: seven bits a byte, the lowest first. */
  varint(value: number): void {
    let rest = value
    while (rest > 127) {
      this.byte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }

  /** A safe integer: 0, −1, 1, −2 … become 0, 1, 2, 3 …, which may need a bit more than a number holds. */
  zigzag(value: number): void {
    const folded = value < 0 ? -value - 1 : value
    const low = (folded % 64) * 2 + (value < 0 ? 1 : 0)
    const rest = Math.floor(folded / 64)
    this.byte(rest === 0 ? low : low + 128)
    if (rest > 0) this.varint(rest)
  }

  /** A copy of what was written; writing begins anew. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.buffer.slice(0, this.length)
    this.length = 0
    return taken
  }

  /** Makes room for some bytes more. */
  private room(more: number): void {
    if (this.length + more <= this.buffer.length) return
    const larger = new Uint8Array(Math.max(this.length + more, 2 * this.buffer.length))
    larger.set(this.buffer)
    this.buffer = larger
    this.view = new DataView(larger.buffer)
  }
}
