/**
 * Saves a stream as a file. Where the browser can write files (Chrome, Edge) it is written as it comes; elsewhere it is gathered into a Blob,
 * which browsers keep outside the JavaScript heap, up to a limit, and then downloaded.
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

interface FilePicker {
  showSaveFilePicker(options: {
    suggestedName: string
    types: { accept: Record<string, string[]> }[]
  }): Promise<{ createWritable(): Promise<FileWriter> }>
}
interface FileWriter {
  write(chunk: Uint8Array<ArrayBuffer>): Promise<void>
  close(): Promise<void>
  abort(): Promise<void>
}

export interface FileName {
  name: string
  /** Media type, e.g. `text/csv`. */
  type: string
}

/**
 * Asks where to save, which browsers allow only in answer to a click, so call it first; null when the user closes the dialogue. Errors of
 * the stream are passed on, and a half-written file is discarded.
 */
async function chooseFile(
  file: FileName,
): Promise<((chunks: AsyncIterable<Uint8Array<ArrayBuffer>>) => Promise<void>) | null> {
  if (!('showSaveFilePicker' in globalThis)) return (chunks) => download(chunks, file)
  try {
    const accept = { [file.type]: [`.${file.name.split('.').at(-1)}`] }
    const picker = globalThis as unknown as FilePicker
    const handle = await picker.showSaveFilePicker({ suggestedName: file.name, types: [{ accept }] })
    return async (chunks) => writeAll(await handle.createWritable(), chunks)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null
    // The dialogue is not allowed here (a frame, a policy): download instead.
    return (chunks) => download(chunks, file)
  }
}

async function writeAll(writer: FileWriter, chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<void> {
  try {
    for await (const chunk of chunks) await writer.write(chunk)
    await writer.close()
  } catch (error) {
    await writer.abort().catch(() => {})
    throw error
  }
}

/** Gathers a stream and downloads it. @throws TooLargeError */
export async function download(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>, file: FileName): Promise<void> {
  saveBlob(await gather(chunks, file.type), file.name)
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
