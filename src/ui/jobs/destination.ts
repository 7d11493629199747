/** Files that the reader chooses and a worker writes to, row by row, where the browser has the File System Access API: memory stays flat. */

interface Picker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>
}

/** From that many rows on a file is chosen before it is written; fewer are gathered and downloaded, which asks nothing. */
const MANY_ROWS = 500_000

export const asksForFile = (rows: number): boolean => rows >= MANY_ROWS && 'showSaveFilePicker' in window

/** The file that the reader chooses; null when none was. Only in answer to a click. */
export async function chooseFile(suggestedName: string): Promise<FileSystemFileHandle | null> {
  try {
    return (await (window as Picker).showSaveFilePicker?.({ suggestedName })) ?? null
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null
    throw error
  }
}

/** Takes away the empty file that choosing a new name makes, when nothing was written. What an older file held is untouched. */
export async function discard(file: FileSystemFileHandle & { remove?: () => Promise<void> }): Promise<void> {
  for (const wait of [0, 100, 1000]) {
    await new Promise((done) => setTimeout(done, wait))
    try {
      if ((await file.getFile()).size === 0) await file.remove?.()
      return
    } catch {
      // The worker that was ended still holds it, or somebody took it away.
    }
  }
}
