/** What docs/memory-model.md says. `npm run docs` writes it; a test holds it up to date. */
import { documentFormulas } from '../src/formula/document.ts'
import { modelWith } from '../src/memory/model.ts'
import { trainingPart } from '../src/memory/training-part.ts'
import '../src/memory/training/index.ts'

const introduction = `# The memory model

Generated from \`src/memory\` by \`npm run docs\`; do not edit. These are the formulas that run: the CPU reference, the compiled
evaluator, the WGSL shaders and the page's explanations are readings of the same expressions.

**How to read them.** Every value is a whole number from 0 to 2⁵³ − 1, bytes unless a unit in brackets says otherwise, and every
operation saturates there. ⌈a / b⌉ rounds up, ⌊a / b⌋ down, max(0, a − b) never falls below 0, Σ and max go over rows: kinds of
layer or tensor of the pipeline stage being estimated. Words in *italics* are conditions that runtime, task or options of the scenario
set; names with underscores are quantities, listed at the end; other names are formulas with a section of their own, under the first
output that needs them. The estimate is that of the fullest GPU: formulas are evaluated for every pipeline stage, and the largest share
of its capacity counts.

`

export const memoryModelDocument = (): string => introduction + documentFormulas(modelWith(trainingPart()))
