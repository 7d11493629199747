/** What an atlas leaves out because it cannot run, in a line, and the way to see it all the same. */
import { html, nothing, type TemplateResult } from 'lit'
import type { Scenario } from '../../scenario/schema.ts'
import { runtimeNames } from '../options.ts'
import { filterBy, gpuFilter } from './filter.ts'
import type { ListedGpu } from './fold.ts'

/** More kinds than these are counted together; the title names them. */
const NAMED = 4

/** `81 GPUs left out, on which vLLM does not run: 52 Apple, 4 NVIDIA Pascal, 3 TPU and 7 others` */
export function leftInWords(left: readonly ListedGpu[], runtime: Scenario['runtime'], most = NAMED): string {
  const counts = new Map<string, number>()
  for (const { obstacle } of left) if (obstacle) counts.set(obstacle.kind, (counts.get(obstacle.kind) ?? 0) + 1)
  const kinds = [...counts].sort((a, b) => b[1] - a[1])
  const named = kinds.slice(0, most).map(([kind, count]) => `${count} ${kind}`)
  const others = kinds.slice(most).reduce((sum, [, count]) => sum + count, 0)
  const list = others > 0 ? `${named.join(', ')} and ${others} others` : named.join(', ')
  return `${left.length === 1 ? '1 GPU' : `${left.length} GPUs`} on which ${runtimeNames[runtime]} does not run: ${list}`
}

export function leftOut(left: readonly ListedGpu[], runtime: Scenario['runtime']): TemplateResult | typeof nothing {
  if (left.length === 0) return nothing
  const { all } = gpuFilter.value
  return html`<p class="left" title=${leftInWords(left, runtime, 99)}>
    <span>${all ? 'With' : 'Without'} ${leftInWords(left, runtime)}.</span>
    <button class="link" @click=${() => filterBy({ all: !all })}>${all ? 'Leave out' : 'Show all'}</button>
  </p>`
}
