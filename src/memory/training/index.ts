/** Training's part of the model; importing it puts it in its place. */
import { type Expression, sum } from '../../formula/expression.ts'
import { communicators } from '../overhead.ts'
import { provideTraining, type TrainingPart } from '../training-part.ts'
import { trainingActivations } from './activations.ts'
import { adapterParameters } from './adapters.ts'
import { buckets } from './communication.ts'
import { trainingInputs } from './lower.ts'
import { afterForward, cacheSlack, phases, reserved } from './phases.ts'
import { keepsFp32 } from './recipe.ts'
import { trainingDefaults } from './runtimes.ts'
import { adapterWeights, gradients, masterWeights, optimizer, trainingWeights } from './states.ts'

const details: Record<string, Expression> = { ...phases, afterForward, cacheSlack, reserved }

const part: TrainingPart = {
  weights: trainingWeights,
  gradients,
  optimizer,
  masterWeights,
  adapters: adapterWeights,
  activations: trainingActivations,
  communication: sum(communicators, buckets),
  buckets,
  details,
  inputs: trainingInputs,
  defaults: trainingDefaults,
  keepsFp32,
  adapterParameters,
}
provideTraining(part)
