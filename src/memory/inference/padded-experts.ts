/**
 * MXFP4 experts as vLLM holds them: padded to what its kernels take. Which kernels, by GPU: get_mxfp4_backend; the multiples:
 * Mxfp4MoEMethod.create_weights (vllm/model_executor/layers/quantization/mxfp4.py @007d500), get_padding_alignment (utils/mxfp4_utils.py).
 */
import type { Gpu } from '../../hardware/gpu.ts'
import type { PlacedTensor } from '../rows.ts'

interface Multiples {
  hidden: number
  /** Of the intermediate width on one GPU. */
  intermediate: number
}

/** Consumer and workstation cards are compute capability 12, whose kernels are Marlin's; data-centre Blackwell is 10. */
const isDataCentre = ({ id }: Gpu) => /^G?B[123]00/.test(id)

function multiplesOn(gpu: Gpu): Multiples {
  if (gpu.vendor === 'AMD')
    return gpu.arch === 'CDNA4' ? { hidden: 256, intermediate: 256 } : { hidden: 128, intermediate: 128 }
  // Triton pads the hidden side when it swizzles the weights: gpt-oss-20b takes 13.47 GiB on an H100, rotary table included
  // (llm-d-benchmark, config_explorer/empirical-vllm-memory-results.md).
  if (gpu.arch === 'Hopper') return { hidden: 256, intermediate: 64 }
  if (isDataCentre(gpu)) return { hidden: 256, intermediate: 256 }
  return { hidden: 256, intermediate: 128 }
}

/** @param shares GPUs that share the intermediate width of one expert */
export function paddedExperts(placed: readonly PlacedTensor[], gpu: Gpu, shares: number): PlacedTensor[] {
  const multiples = multiplesOn(gpu)
  const hidden = (size: number) => padded(size, multiples.hidden)
  const intermediate = (size: number) => padded(size / shares, multiples.intermediate) * shares
  return placed.map((one) => {
    const { tensor } = one
    if (tensor.class !== 'expert') return one
    // Gate and up in one tensor are padded each for itself.
    const halves = /gate_up/.test(tensor.name) ? 2 : 1
    const out = tensor.cut === 'out' ? halves * intermediate(tensor.out / halves) : hidden(tensor.out)
    const inputs = !tensor.linear ? tensor.in : tensor.cut === 'in' ? intermediate(tensor.in) : hidden(tensor.in)
    return { ...one, tensor: { ...tensor, out, in: inputs } }
  })
}

const padded = (size: number, multiple: number) => Math.ceil(size / multiple) * multiple
