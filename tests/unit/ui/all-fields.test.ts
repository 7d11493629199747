/** The page's promise that everything the schema knows can be set on it: checked against the schema itself. */
import { expect, test } from 'vitest'
import { runtimes, tasks } from '../../../src/scenario/schema.ts'
import { urlFields } from '../../../src/scenario/url-fields.ts'
import { allFields, fieldGroups } from '../../../src/ui/controls/all-fields.ts'
import { inPageWords, labelOf, remedyOf } from '../../../src/ui/controls/labels.ts'
import { runtimesFor } from '../../../src/ui/options.ts'

/** In the first column of controls for every task. */
const everyday = ['model', 'hardware.gpu', 'task', 'runtime', 'batch', 'sequence', 'precision.weights']

test('every field of the scenario has a control', () => {
  const offered = tasks.flatMap((task) =>
    runtimesFor(task).flatMap((runtime) =>
      fieldGroups({ task, runtime }).flatMap(({ fields }) => fields.map(({ path }) => path)),
    ),
  )
  const missing = urlFields.filter(({ path }) => ![...everyday, 'precision.kvCache', ...offered].includes(path))
  expect(missing).toEqual([])
  expect(allFields.filter(({ about }) => about === '')).toEqual([])
  // Every label the page may name is that of a field.
  expect(urlFields.filter(({ path }) => labelOf(path) === path)).toEqual([])
})

test('every runtime can be chosen for some task', () => {
  expect(runtimes.filter((runtime) => !tasks.some((task) => runtimesFor(task).includes(runtime)))).toEqual([])
})

test('messages name controls, not fields of a file', () => {
  expect(inPageWords('parallelism.tensor: 3 does not divide the model’s 32 attention heads; use a divisor of 32')).toBe(
    'Tensor parallel: 3 does not divide the model’s 32 attention heads; use a divisor of 32',
  )
  expect(inPageWords('batch: 0 must be at least 1; sequence: -1 must be at least 1')).toBe(
    'Batch: 0 must be at least 1; Tokens per sequence: -1 must be at least 1',
  )
  expect(inPageWords('vLLM does not unpack such weights there: choose another precision.weights.')).toBe(
    'vLLM does not unpack such weights there: choose another “Weights”.',
  )
  expect(inPageWords('model: "x" is not in the catalogue: choose from the list (command line: oomscape models).')).toBe(
    'Model: "x" is not in the catalogue: choose from the list.',
  )
  expect(inPageWords('Llama-3.1 of 3.5 GiB is said in e.g. config.json')).toBe(
    'Llama-3.1 of 3.5 GiB is said in e.g. config.json',
  )
})

test('a note’s remedy is a change', () => {
  expect(remedyOf('Tesla T4 has no BF16 units: set precision.compute to fp16, which takes as much memory.')).toEqual({
    before: 'Tesla T4 has no BF16 units: ',
    words: 'set Compute to FP16',
    after: ', which takes as much memory.',
    changes: [{ path: 'precision.compute', value: 'fp16' }],
  })
  expect(remedyOf('8k tokens are more than the 4k the model was made for.')).toBeNull()
})
