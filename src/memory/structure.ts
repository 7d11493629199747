/** The model with its flags fixed, and split into passes: what engines compile, once per set of flags. */
import type { Expression } from '../formula/expression.ts'
import { specialise } from '../formula/specialise.ts'
import { type Structure, stage } from '../formula/stages.ts'
import { modelWith } from './model.ts'
import { trainingPart } from './training-part.ts'

const known = new Map<string, Structure>()
const details = new Map<Structure, Record<string, Expression>>()

const serving = modelWith(null)
/** With training; made when it is needed. */
let whole: typeof serving | null = null

function modelOf(flags: ReadonlySet<string>): typeof serving {
  if (!flags.has('training') || flags.has('guide')) return serving
  return (whole ??= modelWith(trainingPart()))
}

const fixed = (named: Record<string, Expression>, flags: ReadonlySet<string>) =>
  Object.fromEntries(Object.entries(named).map(([name, e]) => [name, specialise(e, flags)]))

/** The structure for a set of flags; the same object for the same flags. */
export function structureOf(flags: ReadonlySet<string>): Structure {
  const key = [...flags].sort().join(', ')
  let structure = known.get(key)
  if (!structure) {
    const specialised = fixed(modelOf(flags), flags)
    structure = { key, outputs: specialised, stages: stage(specialised) }
    known.set(key, structure)
  }
  return structure
}

/** The details of training for a set of flags, which no engine evaluates. */
export function detailsOf(flags: ReadonlySet<string>): Record<string, Expression> {
  const structure = structureOf(flags)
  let expressions = details.get(structure)
  if (!expressions) {
    expressions = fixed(trainingPart().details, flags)
    details.set(structure, expressions)
  }
  return expressions
}
