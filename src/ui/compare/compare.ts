/** A against B: a scenario kept as A, the present one as B, and what differs: fields, components, answers. */
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import '../../memory/training/index.ts'
import { ScenarioError } from '../../scenario/parse.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { lowered } from '../../sweep/plan.ts'
import { type ByteUnit, formatBytes, formatHeadroom, formatInteger, formatRoom } from '../../units.ts'
import { componentLabels, stacked } from '../breakdown/breakdown.ts'
import { type Cell, cellOf } from '../breakdown/cell.ts'
import { inPageWords, labelOf } from '../controls/labels.ts'
import { changeView, page, replaceInput } from '../state/document.ts'
import { CatalogueNeeded, catalogue, loadCatalogue } from '../state/models.ts'
import { type Answer, answerTo, outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { icon } from '../widgets/icons.ts'
import { questionInWords, verdictInWords } from '../words.ts'
import { compareStyles } from './compare-styles.ts'
import { amount, delta } from './delta.ts'
import { differences } from './differences.ts'
import './offers.ts'

interface Side {
  answer: Answer
  cell: Cell
}

function sideOf(answer: Answer): Side {
  const { structure, ranks } = lowered(answer.resolved)
  const { batch, sequence } = answer.resolved.scenario
  return { answer, cell: cellOf(structure, ranks, batch, sequence) }
}

@customElement('oom-compare')
export class OomCompare extends LitElement {
  private known: { input: ScenarioInput; side: Side } | null = null

  constructor() {
    super()
    for (const signal of [page, outcome, catalogue]) new Watching(this, signal)
  }

  static override styles = compareStyles

  override render() {
    const { against } = page.value.view
    const { answer } = outcome.value
    if (!answer) return nothing
    if (!against) return this.invitation(answer)
    const b = sideOf(answer)
    try {
      return this.both(this.sideOfA(against), b)
    } catch (error) {
      if (error instanceof CatalogueNeeded) {
        loadCatalogue().catch(() => {})
        return html`<p>Loading the catalogue …</p>`
      }
      if (error instanceof ScenarioError)
        return html`<p>A cannot be answered: ${inPageWords(error.message)}.</p>${this.actions()}`
      throw error
    }
  }

  private sideOfA(input: ScenarioInput): Side {
    if (this.known?.input !== input) this.known = { input, side: sideOf(answerTo(input)) }
    return this.known.side
  }

  private invitation(answer: Answer) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label="What to compare with">
      <p class="invitation">
        <span>This scenario is <b>A</b>. Choose what <b>B</b> is to be, or keep A and change anything yourself.</span>
        <button class="button primary" @click=${keep}>Keep as A</button>
      </p>
      <oom-offers .answer=${answer} .units=${page.value.view.units}></oom-offers>
    </div>`
  }

  private actions() {
    return html`<div class="actions">
      <button class="button" @click=${keep}>Keep as A</button>
      <button class="button" @click=${swap}>Swap A and B</button>
      <button class="button" @click=${() => changeView({ against: null })}>Clear A</button>
    </div>`
  }

  private both(a: Side, b: Side): TemplateResult {
    const { units } = page.value.view
    const most = Math.max(a.cell.total, b.cell.total, a.cell.capacity, b.cell.capacity)
    return html`${this.actions()}
      <div class="scroll" tabindex="0" role="region" aria-label="A against B">
        ${summary('A', a, units)} ${summary('B', b, units)}
        ${whole('A', a.cell, most, units)} ${whole('B', b.cell, most, units)}
        ${table(a, b, units)} ${changes(a.answer.resolved, b.answer.resolved)}
      </div>`
  }
}

const keep = () => changeView({ against: page.value.input })

function swap() {
  const { against } = page.value.view
  if (!against) return
  changeView({ against: page.value.input }, false)
  replaceInput(against)
}

function summary(name: string, { answer, cell }: Side, units: ByteUnit) {
  return html`<p class="side">
    <b class="letter">${name}</b>
    <span
      >${questionInWords(answer.resolved)}:
      <b class=${cell.verdict}>${icon(cell.verdict)} ${verdictInWords(cell.verdict, cell.capacity - cell.total, units)}</b></span
    >
  </p>`
}

/** A side's components in a row, on the scale of both. */
function whole(name: string, cell: Cell, most: number, units: ByteUnit) {
  const percent = (bytes: number) => `${((bytes / most) * 100).toFixed(3)}%`
  let left = 0
  return html`<div class="whole">
    <b class="letter">${name}</b>
    <div class="bar" role="img" aria-label="${name}: ${formatBytes(cell.total, units)} of ${formatRoom(cell.capacity, units)}">
      ${stacked.map((component) => {
        const bytes = cell.perGpu[component]
        const style = `left:${percent(left)};width:${percent(bytes)};background:var(--c-${component})`
        left += bytes
        return bytes > 0 ? html`<i .style=${style} title=${componentLabels[component]}></i>` : nothing
      })}
      <i class="limit" .style=${`left:calc(${percent(cell.capacity)} - 2px)`}></i>
    </div>
    <span class="sum">${formatBytes(cell.total, units)} of ${formatRoom(cell.capacity, units)}</span>
  </div>`
}

function table(a: Side, b: Side, units: ByteUnit) {
  const shown = stacked.filter((name) => a.cell.perGpu[name] > 0 || b.cell.perGpu[name] > 0)
  const largest = Math.max(...shown.flatMap((name) => [a.cell.perGpu[name], b.cell.perGpu[name]]))
  const bar = (side: string, name: string, bytes: number) =>
    html`<td class="half ${side}" aria-hidden="true">
      <i .style=${`width:${((bytes / largest) * 100).toFixed(2)}%;background:var(--c-${name})`}></i>
    </td>`
  const answers: [name: string, of: (side: Side) => number, format: (n: number) => string][] = [
    ['Largest batch', ({ answer }) => answer.estimate.maxBatch, formatInteger],
    ['Longest sequence in memory', ({ answer }) => answer.estimate.maxSequence, formatInteger],
    ['Trainable parameters', ({ answer }) => answer.estimate.trainableParameters, formatInteger],
  ]
  return html`<table>
    <caption class="hidden">Bytes per GPU by component, A against B</caption>
    <thead>
      <tr>
        <th scope="col">Per GPU<span class="less">, ${units}</span></th>
        <th scope="col" class="number">A</th>
        <td class="half" aria-hidden="true"></td>
        <td class="half" aria-hidden="true"></td>
        <th scope="col" class="number">B</th>
        <th scope="col" class="number">B − A</th>
      </tr>
    </thead>
    <tbody>
      ${shown.map((name) => {
        const [x, y] = [a.cell.perGpu[name], b.cell.perGpu[name]]
        return html`<tr>
          <th scope="row">${componentLabels[name]}</th>
          <td class="number">${amount(formatBytes(x, units))}</td>
          ${bar('left', name, x)} ${bar('right', name, y)}
          <td class="number">${amount(formatBytes(y, units))}</td>
          <td class="number change" title="${formatInteger(y - x)} B">${amount(delta(y - x, units))}</td>
        </tr>`
      })}
      <tr class="strong">
        <th scope="row">Total</th>
        <td class="number">${amount(formatBytes(a.cell.total, units))}</td>
        <td class="half" colspan="2" aria-hidden="true"></td>
        <td class="number">${amount(formatBytes(b.cell.total, units))}</td>
        <td class="number change" title="${formatInteger(b.cell.total - a.cell.total)} B">${amount(delta(b.cell.total - a.cell.total, units))}</td>
      </tr>
      <tr>
        <th scope="row">Headroom</th>
        <td class="number ${a.cell.verdict}">${amount(formatHeadroom(a.cell.capacity - a.cell.total, units))}</td>
        <td class="half" colspan="2" aria-hidden="true"></td>
        <td class="number ${b.cell.verdict}">${amount(formatHeadroom(b.cell.capacity - b.cell.total, units))}</td>
        <td class="number change">
          ${amount(delta(b.cell.capacity - b.cell.total - (a.cell.capacity - a.cell.total), units))}
        </td>
      </tr>
      ${answers.map(([name, of, format]) => {
        const [x, y] = [of(a), of(b)]
        if (x === 0 && y === 0) return nothing
        const change = y === x ? '=' : x === 0 ? '' : `× ${Number((y / x).toPrecision(3))}`
        return html`<tr>
          <th scope="row">${name}</th>
          <td class="number">${format(x)}</td>
          <td class="half" colspan="2" aria-hidden="true"></td>
          <td class="number">${format(y)}</td>
          <td class="number change">${change}</td>
        </tr>`
      })}
    </tbody>
  </table>`
}

function changes(a: Resolved, b: Resolved) {
  const found = differences(a, b)
  if (found.length === 0) return html`<p class="same">The scenarios are the same. Change anything: B follows.</p>`
  return html`<dl class="changes" aria-label="What differs">
    ${found.map(({ path, a, b }) => html`<div><dt>${labelOf(path)}</dt><dd>${a} → <b>${b}</b></dd></div>`)}
  </dl>`
}
