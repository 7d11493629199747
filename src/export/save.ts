/**
 * Saves a stream as a file: gathered into Blobs, which browsers keep outside the JavaScript heap, up to a limit, and then downloaded.
 */

/** The most that is gathered: browsers refuse Blobs or fill the disk somewhere above. */
export const BLOB_LIMIT = 2 ** 31

/** The stream is larger than `BLOB_LIMIT` and this browser cannot write files as they come. */
export class TooLargeError extends Error {
  constructor() {
    super(
      'More than 2 GiB cannot be gathered in this browser: use Chrome or Edge, narrow the sweep, or use the command line.',
    )
  }
}

/** Chunks become Blobs as they come, so that the heap holds one at a time. */
export async function gather(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  type: string,
  limit = BLOB_LIMIT,
): Promise<Blob> {
  const parts: Blob[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > limit) throw new TooLargeError()
    parts.push(new Blob([chunk]))
  }
  return new Blob(parts, { type })
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
