/** Where a command writes. Waits when the reader is slow; ends quietly when it has gone away (`oomscape sweep … | head`). */
import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { UsageError } from './arguments.ts'
import { reasonOf } from './input.ts'

export interface Sink {
  write(chunk: string | Uint8Array): Promise<void>
  end(): Promise<void>
}

/** Leaves with success when standard output is closed by its reader. Called once, at the start. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Other failures reach the call that writes.
    if (error.code === 'EPIPE') process.exit(0)
  })
}

/** A sink into a file; `-` is standard output. */
export function openSink(file: string): Sink {
  return file === '-' ? sink(process.stdout, 'standard output', false) : sink(createWriteStream(file), file, true)
}

export const standardOutput = (): Sink => openSink('-')

function sink(stream: Writable, name: string, owned: boolean): Sink {
  // Every failure reaches the call that was waiting; without a listener it would also end the process.
  if (owned) stream.on('error', () => {})
  const settle = (start: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => {
      start((error) => (error ? reject(new UsageError(`${name} cannot be written: ${reasonOf(error)}`)) : resolve()))
    })
  return {
    write: (chunk) => settle((done) => void stream.write(chunk, done)),
    end: () => (owned ? settle((done) => void stream.end(done)) : Promise.resolve()),
  }
}

/** One JSON value, indented. */
export const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

/** Text in columns, the last one ragged. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) for (const [i, text] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, text.length)
  return rows
    .map(
      (row) =>
        `${row
          .map((text, i) => text.padEnd(widths[i]))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
