/** Training's part of the memory model: fetched when a scenario trains, or once the first map is there. */
import { Signal } from './signal.ts'

/** Whether it is there. */
export const training = new Signal(false)

export const loadTraining = () =>
  import('../../memory/training/index.ts').then(() => {
    training.value = true
  })
