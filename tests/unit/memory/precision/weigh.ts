/** Adds up what a scheme says about every tensor of a catalogue model, layer by layer. */

import { type SchemeContext, weightScheme } from '../../../../src/memory/precision/index.ts'
import type { Architecture, Tensor } from '../../../../src/model/architecture.ts'
import { architectureOf } from '../../../../src/model/catalogue.ts'

export interface Weighed {
  bytes: number
  parameters: number
}

/** Files for language models hold neither the vision tower nor, by default, the MTP layers. */
const text = (tensor: Tensor) => tensor.class !== 'vision' && tensor.class !== 'mtp'

export function weigh(
  model: string | Architecture,
  precision: string | null,
  over: Partial<SchemeContext> = {},
  counted: (tensor: Tensor) => boolean = text,
): Weighed {
  const architecture = typeof model === 'string' ? architectureOf(model) : model
  const scheme = weightScheme(precision, contextOf(architecture, over))
  const sum: Weighed = { bytes: 0, parameters: 0 }
  const add = (tensor: Tensor, layer: number | null) => {
    if (!counted(tensor)) return
    const elements = tensor.count * tensor.out * tensor.in
    const { bytes, per } = scheme.ofTensor(tensor, { architecture, layer })
    sum.bytes += (elements * bytes) / per
    sum.parameters += elements
  }
  for (const tensor of architecture.outside) add(tensor, null)
  architecture.order.forEach((kind, layer) => {
    for (const tensor of architecture.kinds[kind]!.tensors) add(tensor, layer)
  })
  return sum
}

export function contextOf(architecture: Architecture, over: Partial<SchemeContext> = {}): SchemeContext {
  return { architecture, runtime: 'transformers', task: 'inference', compute: 'bf16', groupSize: null, ...over }
}

export const bitsPerWeight = ({ bytes, parameters }: Weighed) => (8 * bytes) / parameters
