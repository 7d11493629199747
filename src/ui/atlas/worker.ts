/** The atlas's worker: plans and evaluates rows of scenarios, a few at a time, and drops what a newer request overtook. */
import { findGpu, ownGpu } from '../../hardware/find-gpu.ts'
import type { CustomGpu } from '../../hardware/gpu.ts'
import { obstacleTo } from '../../memory/runnable.ts'
import { architectureOf, CATALOGUE } from '../../model/catalogue.ts'
import { countParameters } from '../../model/parameters.ts'
import { parseScenario, ScenarioError } from '../../scenario/parse.ts'
import { type Resolved, resolve } from '../../scenario/resolve.ts'
import { limits, type ScenarioInput } from '../../scenario/schema.ts'
import { type AtlasCell, type AtlasSlice, atlas, type Goal, slicesOn } from '../../sweep/atlas.ts'
import type { AxisValue } from '../../sweep/axis.ts'
import { CpuEvaluator } from '../../sweep/cpu-evaluator.ts'
import type { Evaluator } from '../../sweep/evaluator.ts'
import { plan, withField } from '../../sweep/plan.ts'
import { boundary } from '../../sweep/run.ts'
import '../../memory/training/index.ts'

/** Rows are models and columns GPUs, or, without models, rows are GPUs and columns numbers of them. */
export interface AtlasRequest {
  kind: 'atlas'
  id: number
  input: ScenarioInput
  goal: Goal
  models: readonly string[] | null
  gpus: readonly (string | CustomGpu)[]
  counts: readonly number[]
  /** Cells that cannot run are evaluated all the same. */
  anyway: boolean
}

/** Asks for the boundaries of a scenario with other values of one field. */
export interface LinesRequest {
  kind: 'lines'
  id: number
  input: ScenarioInput
  field: string
  values: readonly AxisValue[]
  /** Tokens per sequence. */
  points: Uint32Array
}

/** Largest batch at each point, or why there is none. */
export type Line = Uint32Array | string

export interface LinesReply {
  kind: 'lines'
  id: number
  lines: Line[]
}

/** A request, and on which engine it is to be computed. */
export type Posted = (AtlasRequest | LinesRequest | SizesRequest) & { engine: Evaluator['kind'] }

/** Asks for every model of the catalogue with its parameters. */
export interface SizesRequest {
  kind: 'sizes'
}

/** A cell, or why it cannot exist. */
export type Found = AtlasCell | string

export interface AtlasReply {
  kind: 'atlas'
  id: number
  /** Index of the first row of `cells`. */
  first: number
  cells: Found[][]
  /** What computed them. */
  engine: Evaluator['kind']
}

export interface SizedModel {
  id: string
  parameters: number
}

export interface SizesReply {
  kind: 'sizes'
  /** Smallest first. */
  models: SizedModel[]
}

/** Milliseconds of planning between two replies: often enough to be seen growing, seldom enough to cost nothing. */
const SPELL = 30

const cpu = new CpuEvaluator()
/** The GPU of this worker: started when it is first asked for, and again after it failed; of null where there is none. */
let gpu: Promise<Evaluator | null> | null = null
let newest = 0
let newestLines = 0

self.addEventListener('message', ({ data }: MessageEvent<Posted>) => {
  if (data.kind === 'sizes') {
    const models = CATALOGUE.map(({ id }) => ({ id, parameters: countParameters(architectureOf(id)).total }))
    send({ kind: 'sizes', models: models.sort((a, b) => a.parameters - b.parameters) })
  } else if (data.kind === 'lines') {
    newestLines = data.id
    void draw(data)
  } else {
    newest = data.id
    void answer(data)
  }
})

const send = (reply: AtlasReply | LinesReply | SizesReply) => self.postMessage(reply)

/** Evaluates on the engine asked for; what the GPU cannot do, the CPU does: both give the same numbers. */
async function evaluated<T>(
  on: Evaluator['kind'],
  work: (engine: Evaluator) => Promise<T>,
): Promise<{ result: T; engine: Evaluator['kind'] }> {
  if (on === 'gpu') {
    gpu ??= startGpu()
    const engine = await gpu
    try {
      if (engine) return { result: await work(engine), engine: 'gpu' }
    } catch {
      engine?.destroy()
      gpu = null
    }
  }
  return { result: await work(cpu), engine: 'cpu' }
}

async function startGpu(): Promise<Evaluator | null> {
  const { GpuEngine } = await import('../../gpu/engine.ts')
  const engine = await GpuEngine.start().catch(() => null)
  return engine?.evaluator ?? null
}

type Request<T> = T & Pick<Posted, 'engine'>

async function draw(request: Request<LinesRequest>): Promise<void> {
  const { id, values } = request
  const lines: Line[] = []
  for (const value of values) {
    lines.push(await lineOf(request, value))
    await new Promise((done) => setTimeout(done))
    if (id !== newestLines) return
  }
  send({ kind: 'lines', id, lines })
}

async function lineOf({ input, field, points, engine }: Request<LinesRequest>, value: AxisValue): Promise<Line> {
  const free = field === 'hardware.count' && value !== (input.hardware?.count ?? 1)
  const degrees = free ? ['parallelism.tensor', 'parallelism.pipeline', 'parallelism.data'] : []
  const changed = degrees.reduce<unknown>((at, path) => withField(at, path.split('.'), null), input)
  try {
    const [slice] = plan(withField(changed, field.split('.'), value) as ScenarioInput, [], architectureOf).slices
    if (slice.refusal) return slice.refusal
    return (await evaluated(engine, (on) => boundary(slice, points, limits.batch, 'capacity', on))).result
  } catch (error) {
    if (error instanceof ScenarioError) return error.message
    throw error
  }
}

async function answer(request: Request<AtlasRequest>): Promise<void> {
  const { id, input, goal, models, gpus } = request
  const { batch = 1, sequence = 8192 } = input
  const rowOf = rowsOf(request)
  const count = (models ?? gpus).length
  for (let first = 0; first < count; ) {
    const planned: AtlasSlice[][] = []
    const start = performance.now()
    while (first + planned.length < count && performance.now() - start < SPELL) {
      planned.push(rowOf(first + planned.length))
    }
    const { result: cells, engine } = await evaluated(request.engine, (on) =>
      atlas(planned.flat(), { batch, sequence }, goal, on),
    )
    let at = 0
    const found = planned.map((slices) => slices.map(({ refusal }): Found => cells[at++] ?? refusal ?? ''))
    if (id !== newest) return
    send({ kind: 'atlas', id, first, cells: found, engine })
    first += planned.length
    // Lets a newer request in.
    await new Promise((done) => setTimeout(done))
    if (id !== newest) return
  }
}

/** The slices of a row, by its index. */
function rowsOf({ input, models, gpus, counts, anyway }: AtlasRequest): (row: number) => AtlasSlice[] {
  const cards = gpus.map((gpu) => (typeof gpu === 'string' ? findGpu(gpu) : ownGpu(gpu)))
  const scenario = parseScenario(input)
  const refuse = anyway ? undefined : (at: Resolved) => obstacleTo(at)?.message ?? null
  if (!models) {
    const resolved = resolve(scenario, architectureOf)
    return (row) =>
      slicesOn(
        resolved,
        counts.map((count) => ({ gpu: cards[row], count })),
        refuse,
      )
  }
  const places = cards.map((gpu) => ({ gpu, count: counts[0] }))
  return (row) => slicesOn(resolve({ ...scenario, model: models[row] }, architectureOf), places, refuse)
}
