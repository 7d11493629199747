/** Which pipeline stage an estimate speaks of. */

/** Bytes a GPU needs and what programs, or a runtime's pool, can have there. */
export interface Used {
  total: number
  capacity: number
}

/**
 * Whether one stage uses a larger share of its capacity than another. Bytes alone do not say: a pool is what a stage's own activations leave, so that
 * the stage which needs most may not be the first without room.
 */
export const isFuller = (a: Used, b: Used): boolean => a.total * b.capacity > b.total * a.capacity

/** Index of the fullest stage, the first of equals. */
export const fullest = (stages: readonly Used[]): number =>
  stages.reduce((best, used, index) => (isFuller(used, stages[best]) ? index : best), 0)
