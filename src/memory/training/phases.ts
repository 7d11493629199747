/** The phases of a training step one by one, and what PyTorch's allocator reserves beyond what they allocate. */
import {
  ceilDiv,
  difference,
  type Expression,
  largest,
  named,
  product,
  smallest,
  sum,
  when,
} from '../../formula/expression.ts'
import { batch, device, hiddenSize, tensorParallel, vocabulary } from '../quantities.ts'
import { backward, forward, loss, transients, work } from './activations.ts'
import { buckets } from './communication.ts'
import { keptByAllLayers, tokens } from './kept.ts'
import { cached, saved } from './quantities.ts'
import { adapterWeights, gradients, masterWeights, optimizer, stepTemporaries, trainingWeights } from './states.ts'

/** What is there in every phase. */
const resident = sum(trainingWeights, optimizer, masterWeights, adapterWeights, buckets, device.workspaceBytes)

/** Allocated bytes at the height of each phase; the largest of them is the peak. */
export const phases: Record<'forward' | 'backward' | 'step', Expression> = {
  forward: named(
    'forward and loss',
    'B',
    'everything kept for backward and the loss; gradients only where they outlive a step',
    sum(resident, when('gradients persist', gradients), forward),
  ),
  backward: named('backward', 'B', 'all gradients and one layer’s work', sum(resident, gradients, backward)),
  step: named('optimizer step', 'B', 'gradients and temporaries', sum(resident, gradients, stepTemporaries)),
}

/** Alive when forward has returned logits in fp32 and nothing else. */
export const afterForward = sum(
  resident,
  when('gradients persist', gradients),
  product(
    batch,
    sum(
      keptByAllLayers,
      product(
        saved.headHere,
        tokens,
        sum(ceilDiv(product(vocabulary, 4), tensorParallel), product(hiddenSize, saved.headInputBytes)),
      ),
    ),
  ),
)

const logitsLeft = product(saved.headHere, tokens, ceilDiv(product(vocabulary, cached.logitBytes), tensorParallel))

/**
 * Free blocks in the cache at the peak: logit blocks too small for what followed them, one layer's temporaries (too small for logits), buffers of
 * communication streams; what is left of blocks that checkpoints were cut from; and where lengths vary, blocks of all
 * sizes. Many small blocks of equal size, as layers without checkpoints keep them, serve shorter sequences as well.
 */
export const cacheSlack = named(
  'cached and free',
  'B',
  'PyTorch’s caching allocator (c10/cuda/CUDACachingAllocator.cpp): best fit, no compaction, one pool per stream',
  sum(
    product(batch, sum(logitsLeft, product(cached.transients, transients))),
    when('sharded parameters', sum(cached.streamBytes, when('gradients persist', 0, gradients))),
    ceilDiv(
      product(
        batch,
        sum(
          when('full checkpointing', product(sum(cached.pinned, cached.growth), keptByAllLayers), 0),
          product(cached.growth, largest(loss, work)),
        ),
      ),
      1000,
    ),
  ),
)

const peak = largest(phases.forward, phases.backward, phases.step)

/** What the stream holds that computes: where another reduces gradients, they and their blocks are in that one's pool. */
const computing = when(
  'sharded parameters',
  when(
    'gradients persist',
    peak,
    largest(phases.forward, difference(largest(phases.backward, phases.step), gradients)),
  ),
  peak,
)

/** torch.cuda.max_memory_reserved: the cache gives way where memory runs out. */
export const reserved = named(
  'reserved',
  'B',
  'allocated, and what the allocator keeps for later while there is room',
  largest(
    peak,
    smallest(
      sum(computing, cacheSlack),
      difference(device.capacity, sum(device.contextBytes, device.communicatorBytes)),
    ),
  ),
)
