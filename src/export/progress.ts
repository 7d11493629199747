/** Progress of a long export, and turns for the event loop while it runs. */

export interface ExportOptions {
  /** Rows written of rows in all; called at most once a chunk. */
  onProgress?: (done: number, all: number) => void
  signal?: AbortSignal
}

export interface Progress {
  add(rows: number): void
  /** Tells the caller, and throws the signal's reason when it has aborted. */
  report(): void
}

export function progressOf(all: number, { onProgress, signal }: ExportOptions): Progress {
  let done = 0
  return {
    add: (rows) => void (done += rows),
    report() {
      signal?.throwIfAborted()
      onProgress?.(done, all)
    },
  }
}

/** Lets everything else that waits run once. A message is not delayed as nested timers are. */
const turn = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })

/** Reports, and gives the event loop a turn. */
export async function breathe(progress: Progress): Promise<void> {
  await turn()
  progress.report()
}
