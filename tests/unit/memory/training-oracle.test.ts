/**
 * Training activations against PyTorch itself: bytes saved for backward per decoder layer, and peak bytes of a whole step, of real
 * `transformers` and `peft` models under FakeTensorMode (tests/oracle, versions in the golden files).
 */
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../src/formula/evaluate.ts'
import { specialise } from '../../../src/formula/specialise.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { lowerAll } from '../../../src/memory/lower.ts'
import { keptByAllLayers } from '../../../src/memory/training/activations.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import peak from '../../oracle/golden/peak.json'
import saved from '../../oracle/golden/saved.json'

interface Run {
  attention: string
  mode: string
  task: string
  b: number
  s: number
  targets?: string[]
  checkpointing?: boolean
  ck?: boolean
  opt?: string
  padded?: boolean
  dropout?: number
  loraDropout?: number
}
interface SavedRun extends Run {
  layers: [number[], number][]
}
interface PeakRun extends Run {
  peaks: Record<string, number>
}

/** peft's own default targets of the families that fuse their projections (peft.utils.constants). */
const usualTargets: Record<string, string[]> = {
  gpt_neox: ['query_key_value'],
  bloom: ['query_key_value'],
  falcon: ['query_key_value'],
  mpt: ['Wqkv'],
  gpt2: ['c_attn'],
  phi: ['q_proj', 'v_proj', 'fc1', 'fc2'],
  phi3: ['qkv_proj'],
}

function resolved(model: string, run: Run, layers: (order: number[]) => number[]) {
  const whole = architectureOf(model)
  const architecture = { ...whole, order: layers(whole.order) }
  const usual = usualTargets[architecture.modelType.replace('-msft', '')] ?? ['q_proj', 'v_proj']
  const scenario = parseScenario({
    model,
    task: run.task === 'full' ? 'full' : 'lora',
    runtime: 'transformers',
    batch: run.b,
    sequence: run.s,
    hardware: { gpu: 'A100-SXM-80GB' },
    precision: { compute: run.mode === 'fp32' ? 'fp32' : 'bf16', weights: run.mode === 'amp' ? 'fp32' : null },
    training: {
      attention: run.attention === 'eager' ? 'eager' : 'sdpa',
      autocast: run.mode.includes('amp'),
      checkpointing: run.ck ? 'full' : 'none',
      optimizer: run.opt === 'sgd' ? 'sgd' : 'adamw',
      foreach: run.opt === 'adamw-foreach',
    },
    lora: {
      rank: 16,
      dropout: run.loraDropout ?? 0,
      targets: run.task === 'lora-all' ? ['all-linear'] : (run.targets ?? usual),
    },
  })
  return resolve(scenario, () => architecture)
}

/** Families whose eager, MoE-autocast or hybrid code keeps more or less than the model says; docs/accuracy.md names them. */
const dense = /Llama|Mistral-7B|Qwen2.5|Qwen3-8B|gemma-2b|gemma-2-9b|phi|Phi|gpt2|pythia|opt|mpt|Mixtral|Qwen3-30B/

describe('saved activations per layer', () => {
  const models = Object.entries(saved.models as unknown as Record<string, { runs: SavedRun[] }>)
  for (const [model, { runs }] of models.filter(([name]) => dense.test(name))) {
    const plain = runs.filter((r) => !r.checkpointing && !r.padded && !r.dropout && r.attention !== 'eager')
    it(`${model}: within 2 % in ${plain.length} runs of 16-bit SDPA`, () => {
      for (const run of plain) {
        // fp32 bases under autocast with adapters, and fp32 throughout, are rare and less exact (up to 12 %).
        if (run.mode === 'fp32' || (run.mode === 'amp' && run.task !== 'full')) continue
        // The first layer of a frozen model needs no gradient for its input, so it keeps less; later ones are the rule.
        const groups = run.layers.map(([at, bytes]) => ({
          at: run.task === 'full' ? at : at.filter((i) => i > 0),
          bytes,
        }))
        const measured = groups.reduce((sum, { at, bytes }) => sum + at.length * bytes, 0)
        const { ranks } = lowerAll(resolved(model, run, (order) => groups.flatMap(({ at }) => at.map((i) => order[i]))))
        const [{ flags, inputs }] = ranks
        const kept = run.b * Number(evaluate(specialise(keptByAllLayers, flags), inputs, run.b, run.s))
        const label = `${model} ${run.mode} ${run.task} ${run.b}×${run.s}`
        expect(Math.abs(kept / measured - 1), `${label}: ${kept} against ${measured}`).toBeLessThan(0.02)
      }
    })
  }
})

describe('peak of a training step', () => {
  const models = Object.entries(peak.models as unknown as Record<string, { layers: number; runs: PeakRun[] }>)
  for (const [model, { layers, runs }] of models.filter(([name]) => dense.test(name))) {
    it(`${model}: allocated within 3 % in ${runs.length} runs`, () => {
      for (const run of runs) {
        if (run.mode === 'amp' && run.task !== 'full') continue
        const { allocated } = estimate(resolved(model, run, (order) => order.slice(0, layers)))
        // The fake device has no cuBLAS workspace.
        const predicted = allocated - 8_519_680
        const measured = Math.max(...Object.values(run.peaks))
        const label = `${model} ${run.attention} ${run.mode} ${run.task} ck=${run.ck} ${run.opt} ${run.b}×${run.s}`
        expect(Math.abs(predicted / measured - 1), `${label}: ${predicted} against ${measured}`).toBeLessThan(0.03)
      }
    })
  }
})
