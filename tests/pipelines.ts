/**
 * Pipelines whose stages are worst in different cells, as frames, and their pixels by the reference: one estimate per pixel. Stages differ in
 * layers (80 over 3 GPUs, or sliding windows unevenly over 4), embedding and head, and in the micro-batches that training keeps of each.
 */
import { estimate } from '../src/memory/estimate.ts'
import { architectureOf } from '../src/model/catalogue.ts'
import { parseScenario } from '../src/scenario/parse.ts'
import { resolve } from '../src/scenario/resolve.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'
import { distinct, type Frame, type Palette, shade } from '../src/sweep/frame.ts'
import { lowered } from '../src/sweep/plan.ts'

const resolved = (input: ScenarioInput) => resolve(parseScenario(input), architectureOf)

const scenarios: Record<string, ScenarioInput> = {
  'inference on 4 GPUs': {
    model: 'google/gemma-3-27b-it',
    runtime: 'vllm',
    hardware: { gpu: 'RTX-4090', count: 4 },
    parallelism: { pipeline: 4, tensor: 1 },
  },
  'inference, 80 layers on 3 GPUs': {
    model: 'meta-llama/Meta-Llama-3-70B',
    runtime: 'llama.cpp',
    hardware: { gpu: 'A100-SXM-80GB', count: 3 },
  },
  'training, 32 layers in 3 stages': {
    model: 'meta-llama/Meta-Llama-3-8B',
    runtime: 'megatron',
    task: 'full',
    training: { checkpointing: 'full' },
    hardware: { gpu: 'A100-SXM-80GB', count: 6 },
    parallelism: { pipeline: 3, tensor: 2 },
  },
}

const logarithmic = (count: number, from: number, to: number) =>
  Uint32Array.from({ length: count }, (_, i) => Math.round(from * (to / from) ** (i / (count - 1))))

export function pipelines(palette: Palette): { label: string; frame: Frame; expected: Uint32Array }[] {
  return Object.entries(scenarios).map(([label, input]) => {
    const { structure, ranks } = lowered(resolved(input))
    const sequences = logarithmic(16, 128, 2 ** 17)
    const batches = logarithmic(12, 1, 512).reverse()
    const [width, height] = [18, 14]
    const frame = {
      structure,
      panels: [distinct(ranks)],
      origins: [{ x: 1, y: 2 }],
      sequences,
      batches,
      width,
      height,
      palette,
    }
    const expected = new Uint32Array(width * height)
    sequences.forEach((sequence, i) => {
      batches.forEach((batch, j) => {
        const { verdict, perGpu, capacity } = estimate(resolved({ ...input, sequence, batch }))
        expected[(2 + j) * width + 1 + i] = shade(palette, verdict, perGpu.total / capacity, 1 + i, 2 + j)
      })
    })
    return { label, frame, expected }
  })
}
