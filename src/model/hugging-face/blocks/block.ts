/** What a block builder returns: what the layer computes with, and the tensors it stores for it. */
import type { FeedForward, Mixer, Tensor } from '../../architecture.ts'

export interface MixerBlock {
  mixer: Mixer
  tensors: Tensor[]
}

export interface FeedForwardBlock {
  feedForward: FeedForward
  tensors: Tensor[]
}
