/**
 * The place of training's part of the model. A page that opens on serving draws its first map without that part, a sixth of the code, and fetches it
 * afterwards; everything else imports training/index.ts at its beginning. See docs/decisions/0009-training-comes-later.md.
 */
import type { Expression, Inputs } from '../formula/expression.ts'
import type { Architecture } from '../model/architecture.ts'
import type { Resolved } from '../scenario/resolve.ts'
import type { Scenario } from '../scenario/schema.ts'
import type { Layout } from './layout.ts'
import type { WeightScheme } from './precision/index.ts'
import type { TrainingDefaults } from './training/runtimes.ts'

/** Formulas by component, and what the words of a scenario that trains become. */
export interface TrainingPart {
  weights: Expression
  gradients: Expression
  optimizer: Expression
  masterWeights: Expression
  adapters: Expression
  activations: Expression
  communication: Expression
  /** What of the communication is the allocator's. */
  buckets: Expression
  /** What only an estimate tells, read by the reference alone: phases, and the allocator's view. */
  details: Record<string, Expression>
  inputs(resolved: Resolved, layout: Layout, stage: number, scheme: WeightScheme, flags: Set<string>): Inputs
  defaults(scenario: Scenario): TrainingDefaults
  /** Whether what is trained in 16 bits is kept in fp32: shards, master weights, moments. */
  keepsFp32(resolved: Resolved): boolean
  adapterParameters(architecture: Architecture, lora: Scenario['lora'], slices?: boolean): number
}

let part: TrainingPart | null = null

export function provideTraining(given: TrainingPart): void {
  part = given
}

/** Thrown where a scenario trains before the part is there. No error: it says that there will be an answer. */
export class TrainingNeeded {}

/** @throws TrainingNeeded */
export function trainingPart(): TrainingPart {
  if (part === null) throw new TrainingNeeded()
  return part
}
