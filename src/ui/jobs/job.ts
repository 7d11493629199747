/** Long work in a worker of its own: exports and verifications. What goes over, and the page's side of it. */

import { Gathering } from '../../export/save.ts'
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
  /** Where an export is written to as it comes; without one it is gathered. */
  file?: FileSystemFileHandle
}

export interface JobResult {
  /** What was gathered; empty when it was written to a file. */
  gathered: Blob
  /** Bytes of the export. */
  size: number
  verification: Verification | null
}

export type JobMessage =
  | { type: 'chunk'; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'progress'; share: number }
  | { type: 'done'; size: number; verification: Verification | null }
  | { type: 'failed'; message: string }

/**
 * Runs a job. An aborted job ends at once and rejects with the signal's reason; a file it was writing to is as it was before.
 * @throws {TooLargeError} when there is more to gather than a browser can
 */
export function runJob(job: Job, onProgress: (share: number) => void, signal: AbortSignal): Promise<JobResult> {
  const worker = new Worker(trustedScript(workerUrl), { type: 'module', name: `Oomscape ${job.kind}` })
  const gathering = new Gathering()
  return new Promise<JobResult>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
    worker.onerror = (event) => {
      event.preventDefault()
      reject(new Error(event.message || 'the worker could not be started'))
    }
    worker.onmessage = ({ data }: MessageEvent<JobMessage>) => {
      if (data.type === 'chunk') {
        try {
          gathering.add(data.bytes)
        } catch (error) {
          reject(error)
        }
      } else if (data.type === 'progress') onProgress(data.share)
      else if (data.type === 'failed') reject(new Error(data.message))
      else resolve({ gathered: gathering.done(), size: data.size, verification: data.verification })
    }
    worker.postMessage(job)
  }).finally(() => worker.terminate())
}
