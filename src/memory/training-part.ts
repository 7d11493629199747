/**
 * The place of training's part of the model. A page that opens on serving draws its first map without that part, a sixth of the code, and fetches it
 * afterwards; everything else imports training/index.ts at its beginning. See docs/decisions/0009-training-comes-later.md.
 */
import type { TrainingPart } from './training/index.ts'

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
