/** The examples are situations that work: none runs out of memory, and none was given a field the schema does not know. */
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import { examples } from '../../../src/ui/examples/examples.ts'

describe.each(examples)('$name', ({ input }) => {
  const { verdict, perGpu, capacity } = estimate(resolve(parseScenario(input), architectureOf))

  it('does not run out of memory', () => {
    expect(verdict).not.toBe('oom')
  })

  it('needs the cards it names: more than half of each', () => {
    expect(perGpu.total).toBeGreaterThan(capacity / 2)
  })
})
