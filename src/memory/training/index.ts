/** Training's part of the model; importing it puts it in its place. */
import { type Expression, sum } from '../../formula/expression.ts'
import { communicators } from '../overhead.ts'
import { provideTraining } from '../training-part.ts'
import { trainingActivations } from './activations.ts'
import { adapterParameters } from './adapters.ts'
import { buckets } from './communication.ts'
import { trainingInputs } from './lower.ts'
import { afterForward, cacheSlack, phases, reserved } from './phases.ts'
import { trainingDefaults } from './runtimes.ts'
import { adapterWeights, gradients, masterWeights, optimizer, trainingWeights } from './states.ts'

/** What only an estimate tells, read by the reference alone: phases, and the allocator's view. */
const details: Record<string, Expression> = { ...phases, afterForward, cacheSlack, reserved }

const part = {
  weights: trainingWeights,
  gradients,
  optimizer,
  masterWeights,
  adapters: adapterWeights,
  activations: trainingActivations,
  communication: sum(communicators, buckets),
  /** What of the communication is the allocator's. */
  buckets,
  details,
  inputs: trainingInputs,
  defaults: trainingDefaults,
  adapterParameters,
}
export type TrainingPart = typeof part

provideTraining(part)
