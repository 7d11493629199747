/** A brought model as it was understood: what it is made of, how many parameters, and what had to be assumed. */
import { html, nothing, type TemplateResult } from 'lit'
import type { Architecture } from '../../model/architecture.ts'
import { describe } from '../../model/describe.ts'
import { countParameters, type ParameterCounts } from '../../model/parameters.ts'
import { type ByteUnit, formatBytes, formatInteger } from '../../units.ts'
import type { Brought } from './understand.ts'

const classNames: [key: keyof ParameterCounts['perClass'], name: string][] = [
  ['embedding', 'Embedding'],
  ['attention', 'Attention'],
  ['recurrent', 'Recurrent'],
  ['mlp', 'MLP'],
  ['expert', 'Experts'],
  ['router', 'Routers'],
  ['norm', 'Norms'],
  ['head', 'Head'],
  ['vision', 'Vision'],
  ['mtp', 'Token prediction'],
]

export function preview({ architecture, stored }: Brought, notes: readonly string[], units: ByteUnit): TemplateResult {
  const counts = countParameters(architecture)
  const facts: [name: string, value: string][] = [
    ['Architecture', describe(architecture).replaceAll(/\d{4,}/g, (digits) => formatInteger(Number(digits)))],
    ['Parameters', parameters(counts)],
    ['Hidden size', formatInteger(architecture.hiddenSize)],
    ['Positions', positions(architecture)],
    ['Stored as', storedAs(architecture, stored, units)],
  ]
  const assumed = [...architecture.assumptions, ...notes]
  return html`<div class="preview">
    <h3>${architecture.id}</h3>
    <dl>
      ${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
    </dl>
    <details>
      <summary>Parameters by kind of tensor</summary>
      <table>
        <tbody>
          ${classNames
            .filter(([key]) => counts.perClass[key] > 0)
            .map(
              ([key, name]) =>
                html`<tr><th scope="row">${name}</th><td>${formatInteger(counts.perClass[key])}</td></tr>`,
            )}
        </tbody>
      </table>
    </details>
    ${
      assumed.length
        ? html`<div class="assumed"><b>Assumed</b><ul>${assumed.map((text) => html`<li>${text}</li>`)}</ul></div>`
        : html`<p class="good">Everything in it was understood; nothing had to be assumed.</p>`
    }
  </div>`
}

function parameters({ total, active, language }: ParameterCounts): string {
  return active < language
    ? `${formatInteger(total)}, ${formatInteger(active)} of them active for a token`
    : formatInteger(total)
}

function positions({ maxPositionEmbeddings, position }: Architecture): string {
  const kind = { rope: 'rotary', learned: 'learned', alibi: 'ALiBi', none: 'none' }[position]
  return maxPositionEmbeddings === null ? kind : `${kind}, up to ${formatInteger(maxPositionEmbeddings)} tokens`
}

function storedAs(
  { dtype, quantisation, tiedEmbeddings }: Architecture,
  stored: Brought['stored'],
  units: ByteUnit,
): string {
  const type = stored
    ? `GGUF ${stored.scheme ?? 'of mixed types'}, ${formatBytes(stored.bytes, units)} of weights`
    : (quantisation ?? dtype).toUpperCase()
  return `${type}, ${tiedEmbeddings ? 'tied' : 'untied'} head`
}

/** What an index says by itself, and which catalogue models have exactly its size. */
export function indexPreview(
  index: { tensors: number; layers: number; shards: number; totalBytes: number | null; storesHead: boolean },
  same: readonly { id: string; bytes: number }[],
  use: (id: string) => void,
): TemplateResult {
  const size = index.totalBytes === null ? 'of unknown size' : `${formatInteger(index.totalBytes)} bytes`
  return html`<div class="preview">
    <p>
      An index of ${formatInteger(index.tensors)} tensors in ${formatInteger(index.shards)} files, ${size}, ${formatInteger(index.layers)} layers,
      ${index.storesHead ? 'with' : 'without'} a head. It holds no shapes, so it cannot tell the model’s widths.
    </p>
    ${
      same.length
        ? html`<p>These models of the catalogue have exactly this size:</p>
            <ul class="saved">
              ${same.map(({ id, bytes }) => html`<li><button class="button" @click=${() => use(id)}>${id}</button> <span class="note">${bytes} bytes a parameter</span></li>`)}
            </ul>`
        : nothing
    }
    <p class="missing">Missing: the config.json that belongs to it. Drop both files together, or paste the config above.</p>
  </div>`
}
