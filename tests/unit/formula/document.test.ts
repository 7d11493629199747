/** The documenting reading against a document written by hand, and the committed document against the model. */
import { describe, expect, it } from 'vitest'
import { memoryModelDocument } from '../../../scripts/memory-model.ts'
import { documentFormulas } from '../../../src/formula/document.ts'
import * as f from '../../../src/formula/expression.ts'
import { modelWith } from '../../../src/memory/model.ts'
import { trainingPart } from '../../../src/memory/training-part.ts'

const rows: f.List = { name: 'doc_rows', about: 'kinds of thing' }
const n = f.quantity('n_things', 'things', 'how many | of them')
const b = f.quantity('doc_batch', 'sequences', 'at once', 'cell')
const size = f.field(rows, 'doc_size', 'B', 'of one')
const inner = f.named('inner', 'B', 'a paper (arXiv:1)', f.sumOver(rows, f.ceilDiv(size, n)))

describe('documentFormulas', () => {
  it('gives every step its formula, unit and source once, and every quantity its meaning', () => {
    const first = f.named('first', 'B', 'another paper', f.product(b, inner))
    const second = f.when('doc flag', f.sum(inner, 1), f.when('other flag', n))
    expect(documentFormulas({ first, second })).toBe(`## first

### first [B]

\`doc_batch × inner\`

another paper

### inner [B]

\`Σ over kinds of thing (⌈doc_size / n_things⌉)\`

a paper (arXiv:1)

## second

Output \`second\`:

- if *doc flag*: \`inner + 1\`
- else if *other flag*: \`n_things\`
- else: \`0\`

## Quantities

Of the scenario:

| name | unit | meaning |
|---|---|---|
| \`doc_batch\` | sequences | at once (walked along batch) |
| \`n_things\` | things | how many \\| of them |

For each of the kinds of thing:

| name | unit | meaning |
|---|---|---|
| \`doc_size\` | B | of one |
`)
  })

  it('puts steps of one name under one heading', () => {
    const variants = [1, 2].map((i) => f.named('same name', 'B', 'one source', f.sum(n, i)))
    const text = documentFormulas({ out: f.largest(...variants) })
    expect(text.match(/### same name/g)).toHaveLength(1)
    expect(text).toContain('`n_things + 1`\n\n`n_things + 2`\n\none source')
  })
})

describe('the memory model', () => {
  it('docs/memory-model.md is up to date; npm run docs writes it', async () => {
    await expect(memoryModelDocument()).toMatchFileSnapshot('../../../docs/memory-model.md')
  })

  it('every step names its source, every quantity its meaning', () => {
    const missing: string[] = []
    const visit = (node: f.Expression): void => {
      if (node.op === 'named' && !node.source) missing.push(node.name)
      if (node.op === 'quantity' && !node.about) missing.push(node.name)
      f.operands(node).forEach(visit)
    }
    Object.values(modelWith(trainingPart())).forEach(visit)
    expect(missing).toEqual([])
  })
})
