/** What inference holds besides weights and cache: one step's live tensors; nothing is kept for a backward pass. */
import { named, when } from '../../formula/expression.ts'
import { batchedActivations } from './batched.ts'
import { promptActivations } from './prompt.ts'

export const inferenceActivations = named(
  'activations',
  'B',
  'peak of one step',
  when('batched tokens', batchedActivations, promptActivations),
)
