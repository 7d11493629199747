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

const send = (message: JobMessage, transfer: Transferable[] = []) => self.postMessage(message, { transfer })

self.addEventListener('message', ({ data }: MessageEvent<Job>) => {
  run(data).catch((error: unknown) => {
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
  })
})

async function run({ kind, input, axes, engine: wanted }: Job): Promise<void> {
  const planned = plan(input, axes, architectureOf)
  const engine = await evaluator(kind === 'verify' && wanted === 'auto' ? 'gpu' : wanted)
  let said = 0
  const progress = (share: number) => {
    if (share < 1 && performance.now() - said < 50) return
    said = performance.now()
    send({ type: 'progress', share })
  }
  if (kind === 'verify') {
    send({ type: 'done', verification: await verify(planned, engine, progress) })
    return
  }
  const write =
    kind === 'csv' ? csv : kind === 'frontier' ? frontierCsv : (await import('../../export/parquet/sweep.ts')).parquet
  for await (const bytes of write(planned, engine, { onProgress: (done, all) => progress(done / all) })) {
    send({ type: 'chunk', bytes }, [bytes.buffer])
  }
  send({ type: 'done', verification: null })
}

async function evaluator(wanted: Job['engine']): Promise<Evaluator> {
  const choice = await chooseEngine(wanted)
  return choice.kind === 'gpu' ? choice.engine.evaluator : new CpuEvaluator()
}
