/** Buffers of one device that only ever grow, so that nothing is allocated while a control is dragged or a sweep is tiled. */
export class Buffers {
  private readonly known = new Map<string, GPUBuffer>()
  private readonly device: GPUDevice

  constructor(device: GPUDevice) {
    this.device = device
  }

  /** The buffer of that name with room for `bytes`. Growing it forgets its contents. */
  get(name: string, bytes: number, usage: number): GPUBuffer {
    const known = this.known.get(name)
    if (known && known.size >= bytes) return known
    known?.destroy()
    // A little room, so that a slowly growing view does not reallocate at each step.
    const size = Math.max(256, 4 * Math.ceil((known ? Math.min(bytes * 1.5, bytes + 2 ** 22) : bytes) / 4))
    const buffer = this.device.createBuffer({ label: name, size, usage })
    this.known.set(name, buffer)
    return buffer
  }

  /** The buffer of that name holding `data`. */
  upload(name: string, data: Uint32Array<ArrayBuffer>, usage: number): GPUBuffer {
    const buffer = this.get(name, data.byteLength, usage | GPUBufferUsage.COPY_DST)
    this.device.queue.writeBuffer(buffer, 0, data)
    return buffer
  }

  /** Bytes held. */
  get bytes(): number {
    let bytes = 0
    for (const buffer of this.known.values()) bytes += buffer.size
    return bytes
  }

  destroy() {
    for (const buffer of this.known.values()) buffer.destroy()
    this.known.clear()
  }
}
