/** Long work in a worker of its own: exports and verifications. What goes over, and the page's side of it. */

import type { ScenarioInput } from '../../scenario/schema.ts'
import type { AxisInput } from '../../sweep/axis.ts'
import type { Verification } from '../../sweep/verify.ts'
import { trustedScript } from '../engine/trusted.ts'
import workerUrl from './job-worker.ts?worker&url'

export type JobKind = 'csv' | 'parquet' | 'frontier' | 'verify'

export interface Job {
  kind: JobKind
  input: ScenarioInput
  axes: AxisInput[]
  engine: 'auto' | 'gpu' | 'cpu'
}

export type JobMessage =
  | { type: 'chunk'; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'progress'; share: number }
  | { type: 'done'; verification: Verification | null }
  | { type: 'failed'; message: string }

/** Bytes that are handed to the browser's own keeping at a time, so that an export does not fill the page's memory. */
const HANDED_OVER = 2 ** 23

/**
 * Runs a job. Resolves to the file's bytes, or to the verification. An aborted job ends at once and rejects with the signal's reason.
 */
export function runJob(
  job: Job,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<{ file: Blob; verification: Verification | null }> {
  const worker = new Worker(trustedScript(workerUrl), { type: 'module', name: `Oomscape ${job.kind}` })
  let file = new Blob([])
  let parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  const handOver = () => {
    file = new Blob([file, ...parts])
    parts = []
    size = 0
  }
  return new Promise<{ file: Blob; verification: Verification | null }>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
    worker.onerror = (event) => {
      event.preventDefault()
      reject(new Error(event.message || 'the worker could not be started'))
    }
    worker.onmessage = ({ data }: MessageEvent<JobMessage>) => {
      if (data.type === 'chunk') {
        parts.push(data.bytes)
        size += data.bytes.length
        if (size > HANDED_OVER) handOver()
      } else if (data.type === 'progress') onProgress(data.share)
      else if (data.type === 'failed') reject(new Error(data.message))
      else {
        handOver()
        resolve({ file, verification: data.verification })
      }
    }
    worker.postMessage(job)
  }).finally(() => worker.terminate())
}
