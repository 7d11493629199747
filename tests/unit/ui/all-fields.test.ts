/** The page's promise that everything the schema knows can be set on it: checked against the schema itself. */
import { expect, test } from 'vitest'
import { runtimes, tasks } from '../../../src/scenario/schema.ts'
import { urlFields } from '../../../src/scenario/url-fields.ts'
import { fieldGroups } from '../../../src/ui/controls/all-fields.ts'
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
})

test('every runtime can be chosen for some task', () => {
  expect(runtimes.filter((runtime) => !tasks.some((task) => runtimesFor(task).includes(runtime)))).toEqual([])
})
