/** The worker's side of a job: plans the sweep again from its scenario, runs it, and streams what comes out. */
import { csv } from '../../export/csv.ts'
import { frontierCsv } from '../../export/frontier-csv.ts'
import { chooseEngine } from '../../gpu/engine.ts'
import { architectureOf } from '../../model/catalogue.ts'
import { CpuEvaluator } from '../../sweep/cpu-evaluator.ts'
import type { Evaluator } from '../../sweep/evaluator.ts'
import { plan } from '../../sweep/plan.ts'
import { verify } from '../../sweep/verify.ts'
import type { Job, JobMessage } from './job.ts'
import '../../memory/training/index.ts'

const send = (message: JobMessage, transfer: Transferable[] = []) => self.postMessage(message, { transfer })

self.addEventListener('message', ({ data }: MessageEvent<Job>) => {
  run(data).catch((error: unknown) => {
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
  })
})

async function run({ kind, input, axes, engine: wanted, file }: Job): Promise<void> {
  const planned = plan(input, axes, architectureOf)
  const engine = await evaluator(kind === 'verify' && wanted === 'auto' ? 'gpu' : wanted)
  let said = 0
  const progress = (share: number) => {
    if (share < 1 && performance.now() - said < 50) return
    said = performance.now()
    send({ type: 'progress', share })
  }
  if (kind === 'verify') {
    send({ type: 'done', size: 0, verification: await verify(planned, engine, progress) })
    return
  }
  const write =
    kind === 'csv' ? csv : kind === 'frontier' ? frontierCsv : (await import('../../export/parquet/sweep.ts')).parquet
  const chunks = write(planned, engine, { onProgress: (done, all) => progress(done / all) })
  const size = await (file ? writeTo(file, chunks) : hand(chunks))
  send({ type: 'done', size, verification: null })
}

async function evaluator(wanted: Job['engine']): Promise<Evaluator> {
  const choice = await chooseEngine(wanted)
  return choice.kind === 'gpu' ? choice.engine.evaluator : new CpuEvaluator()
}

type Chunks = AsyncIterable<Uint8Array<ArrayBuffer>>

/** Hands chunks to the page. Returns how many bytes they were, as does the next. */
async function hand(chunks: Chunks): Promise<number> {
  let size = 0
  for await (const bytes of chunks) {
    size += bytes.length
    send({ type: 'chunk', bytes }, [bytes.buffer])
  }
  return size
}

/** Writes chunks to a file as they come; the next is made when the last is written. Only a whole file takes the place of what was there. */
async function writeTo(file: FileSystemFileHandle, chunks: Chunks): Promise<number> {
  const stream = await file.createWritable()
  let size = 0
  try {
    for await (const bytes of chunks) {
      size += bytes.length
      await stream.write(bytes)
    }
  } catch (error) {
    await stream.abort().catch(() => {})
    throw error
  }
  await stream.close()
  return size
}
