/** Files that leave the page as downloads. */

/** The most that is gathered for a download: browsers refuse Blobs or fill the disk somewhere above. */
const BLOB_LIMIT = 2 ** 31

/** The file is larger than `BLOB_LIMIT` and this browser cannot write files as they come. */
export class TooLargeError extends Error {
  constructor() {
    super(
      'more than 2 GiB cannot be gathered in this browser; use Chrome or Edge, narrow the sweep, or use the command line',
    )
    this.name = 'TooLargeError'
  }
}

/** Bytes that are handed to the browser's own keeping at a time, so that an export does not fill the page's memory. */
const HANDED_OVER = 2 ** 23

/** Chunks on their way into one file, kept outside the JavaScript heap. */
export class Gathering {
  private blob = new Blob([])
  private parts: Uint8Array<ArrayBuffer>[] = []
  private held = 0
  private readonly limit: number

  constructor(limit = BLOB_LIMIT) {
    this.limit = limit
  }

  /** @throws {TooLargeError} when it becomes too much */
  add(chunk: Uint8Array<ArrayBuffer>): void {
    this.parts.push(chunk)
    this.held += chunk.length
    if (this.blob.size + this.held > this.limit) throw new TooLargeError()
    if (this.held > HANDED_OVER) this.handOver()
  }

  done(): Blob {
    this.handOver()
    return this.blob
  }

  private handOver(): void {
    this.blob = new Blob([this.blob, ...this.parts])
    this.parts = []
    this.held = 0
  }
}

/** Offers a finished file as a download. */
export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The download has its own reference; the address must outlive the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
