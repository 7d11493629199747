/** The model with its flags fixed, and split into passes: what engines compile, once per set of flags. */
import { specialise } from '../formula/specialise.ts'
import { type Structure, stage } from '../formula/stages.ts'
import { outputs } from './model.ts'

const known = new Map<string, Structure>()

/** The structure for a set of flags; the same object for the same flags. */
export function structureOf(flags: ReadonlySet<string>): Structure {
  const key = [...flags].sort().join(', ')
  let structure = known.get(key)
  if (!structure) {
    const specialised = Object.fromEntries(Object.entries(outputs).map(([name, e]) => [name, specialise(e, flags)]))
    structure = { key, outputs: specialised, stages: stage(specialised) }
    known.set(key, structure)
  }
  return structure
}
