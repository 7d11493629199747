/** The atlas's worker: plans and evaluates rows of scenarios, a few at a time, and drops what a newer request overtook. */
import { architectureOf } from '../../model/catalogue.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { type AtlasCell, atlas, type Goal } from '../../sweep/atlas.ts'
import type { AxisInput } from '../../sweep/axis.ts'
import { CpuEvaluator } from '../../sweep/cpu-evaluator.ts'
import { plan, type Slice, withField } from '../../sweep/plan.ts'

export interface AtlasRequest {
  id: number
  input: ScenarioInput
  goal: Goal
  /** What the rows differ in, and its values. */
  field: string
  rows: readonly unknown[]
  columns: AxisInput
}

/** A cell, or why it cannot exist. */
export type Found = AtlasCell | string

export interface AtlasReply {
  id: number
  /** Index of the first row of `cells`. */
  first: number
  cells: Found[][]
}

/** Milliseconds of planning between two replies: often enough to be seen growing, seldom enough to cost nothing. */
const SPELL = 30

const engine = new CpuEvaluator()
let newest = 0

self.addEventListener('message', ({ data }: MessageEvent<AtlasRequest>) => {
  newest = data.id
  void answer(data)
})

async function answer(request: AtlasRequest): Promise<void> {
  const { id, input, goal, rows } = request
  const { batch = 1, sequence = 8192 } = input
  for (let first = 0; first < rows.length; ) {
    const planned: (readonly Slice[])[] = []
    const start = performance.now()
    while (first + planned.length < rows.length && performance.now() - start < SPELL) {
      planned.push(rowOf(request, rows[first + planned.length]))
    }
    const cells = await atlas(planned.flat(), { batch, sequence }, goal, engine)
    let at = 0
    const found = planned.map((slices) => slices.map(({ refusal }): Found => cells[at++] ?? refusal ?? ''))
    if (id !== newest) return
    const reply: AtlasReply = { id, first, cells: found }
    self.postMessage(reply)
    first += planned.length
    // Lets a newer request in.
    await new Promise((done) => setTimeout(done))
    if (id !== newest) return
  }
}

const rowOf = ({ input, field, columns }: AtlasRequest, value: unknown): readonly Slice[] =>
  plan(withField(input, field.split('.'), value) as ScenarioInput, [columns], architectureOf).slices
