/** Whether a scenario can run at all, however much memory there is: runtime, GPU, number of GPUs and number formats together. */
import type { Gpu } from '../hardware/gpu.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { type Runtime, runtimeNames } from '../scenario/runtimes.ts'
import { does } from '../scenario/schema.ts'
import { mostTogether, runsOn, support } from '../scenario/support.ts'
import { before } from './inference/version.ts'
import { schemeOf } from './lower.ts'

export interface Obstacle {
  /** Whom it concerns, short, for counting: `Apple`, `NVIDIA Volta`, `without FP8 units`. */
  kind: string
  /** A sentence with a remedy. */
  message: string
}

/** Why a scenario cannot run, null when nothing is known against it. */
export const obstacleTo = (resolved: Resolved): Obstacle | null => placeObstacle(resolved) ?? formatObstacle(resolved)

/** The same, whatever the model and its precision. */
export const placeObstacle = (resolved: Resolved): Obstacle | null =>
  platformObstacle(resolved) ?? numberObstacle(resolved)

function kindOf({ vendor, arch }: Gpu): string {
  if (vendor === 'Google' || vendor === 'Apple' || arch === 'Gaudi')
    return vendor === 'Google' ? 'TPU' : arch.replace(' GPU', '')
  return `${vendor} ${arch}`
}

function platformObstacle(resolved: Resolved): Obstacle | null {
  const { scenario, gpu } = resolved
  const { runtime } = scenario
  const found = runsOn(runtime, gpu, (major, minor) => before(scenario, major, minor))
  if (found === true) return null
  const kind = kindOf(gpu)
  const them = kind === 'TPU' ? 'TPUs' : kind === 'Gaudi' ? kind : `${kind} GPUs`
  const name = runtimeNames[runtime]
  if (found && 'through' in found) {
    const message = `${name} runs on ${them} only through ${found.through}, whose memory is not what is reckoned here`
    return { kind, message: `${message}${instead(resolved)}.` }
  }
  const since = found ? ` from version ${found.before} on` : ''
  return { kind, message: `${name} does not run on ${them}${since}${instead(resolved)}.` }
}

/** What runs there, the most usual first. */
const usual: readonly Runtime[] = ['llama.cpp', 'vllm', 'transformers', 'peft', 'deepspeed', 'torchtune']

/** The two most usual runtimes that do the task on the GPU. */
export const runningOn = ({ scenario: { task }, gpu }: Resolved): readonly Runtime[] =>
  usual.filter((other) => does(other, task) && runsOn(other, gpu, () => false) === true).slice(0, 2)

function instead(resolved: Resolved): string {
  const names = runningOn(resolved).map((runtime) => runtimeNames[runtime])
  return names.length > 0 ? `: choose ${names.join(' or ')}` : ''
}

/** What unpacks weights to 16 bits where matrix units lack their format. Elsewhere such weights are refused. */
const unpacked: Record<string, string> = {
  // docs.vllm.ai/quantization (Marlin from 7.5 on); vllm-project/recipes, OpenAI/GPT-OSS.md (A100, MI300X).
  'vllm fp8': 'Turing Ampere',
  'vllm mxfp4': 'Turing Ampere Ada Hopper CDNA3',
  'vllm nvfp4': 'Turing Ampere Ada Hopper',
  // vllm-project/vllm issue 40902: nothing before Hopper; SGLang's cookbook for DeepSeek-V4 has FP4 experts on Hopper.
  'vllm fp8-mxfp4': 'Hopper',
  'sglang fp8-mxfp4': 'Hopper',
  // SGLang's Marlin kernels are vLLM's, built for 8.0 and later.
  'sglang fp8': 'Ampere',
  'sglang mxfp4': 'Ampere Ada Hopper CDNA3',
  'tensorrt-llm mxfp4': 'Hopper',
  // huggingface.co/docs/transformers/quantization/mxfp4: 7.5 and later.
  'transformers mxfp4': 'Turing Ampere Ada Hopper',
}

/** vLLM refuses FP16 for them (config/model.py, _FLOAT16_NOT_SUPPORTED_MODELS). */
const onlyBf16 = ['gemma2', 'gemma3', 'gemma3_text', 'glm4']

function formatObstacle(resolved: Resolved): Obstacle | null {
  const { scenario, gpu, architecture } = resolved
  const { runtime, task } = scenario
  const name = runtimeNames[runtime]
  if (!gpu.formats || !support[runtime] || task !== 'inference') return null
  if (insists(resolved) && onlyBf16.includes(architecture.modelType)) {
    return {
      kind: 'without BF16 units',
      message: `${name} computes this model in BF16 only, for which ${gpu.name} has no units.`,
    }
  }
  if (runtime === 'llama.cpp' || runtime === 'exllama') return null
  const { id, requires } = schemeOf(resolved)
  for (const format of ['fp8', 'fp4', 'int8'] as const) {
    if (!requires[format] || gpu.formats[format]) continue
    const asked = format === 'fp4' ? id : format
    if (unpacked[`${runtime} ${asked}`]?.split(' ').includes(gpu.arch)) continue
    const upper = format.toUpperCase()
    return {
      kind: `without ${upper} units`,
      message: `${gpu.name} has no ${upper} units, and ${name} does not unpack such weights there: choose another precision.weights.`,
    }
  }
  return null
}

function numberObstacle({ scenario, gpu }: Resolved): Obstacle | null {
  const { runtime, hardware } = scenario
  const most = mostTogether(runtime, gpu)
  if (hardware.count <= most) return null
  if (most === 1) {
    return {
      kind: 'alone in their computers',
      message: `Each ${gpu.name} is a computer of its own: ${runtimeNames[runtime]} cannot join several.`,
    }
  }
  return {
    kind: 'in several machines',
    message: `${runtimeNames[runtime]} runs in one machine, which has at most ${most} of these GPUs.`,
  }
}

/** Whether the runtime refuses to compute in BF16 without units for it, as vLLM does below 8.0 (vllm#1157). SGLang takes FP16 by itself. */
const insists = ({ scenario, gpu }: Resolved): boolean =>
  scenario.runtime === 'vllm' && scenario.precision.compute === 'bf16' && gpu.formats?.bf16 === false

/** What has to change for a scenario to run on its GPU: 16 bits in the format it has, which takes as much memory. Empty for most. */
export function fp16Changes(resolved: Resolved): { path: string; value: string }[] {
  if (!insists(resolved)) return []
  const { weights, kvCache } = resolved.scenario.precision
  const stored = [weights === 'bf16' ? 'weights' : '', kvCache === 'bf16' ? 'kvCache' : ''].filter(Boolean)
  return ['compute', ...stored].map((field) => ({ path: `precision.${field}`, value: 'fp16' }))
}
