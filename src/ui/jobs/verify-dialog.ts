/** Holds the GPU engine against the CPU, and both against the BigInt reference, over the visible sweep. */
import { html, LitElement, nothing } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { cellOutputs } from '../../sweep/run.ts'
import type { Verification } from '../../sweep/verify.ts'
import { formatInteger, formatTokens } from '../../units.ts'
import { wantedEngine } from '../engine/engines.ts'
import { page } from '../state/document.ts'
import { dialogStyles, wayOut } from './dialog-styles.ts'
import { runJob } from './job.ts'
import { visibleAxes } from './sweep-axes.ts'

@customElement('oom-verify')
export class OomVerify extends LitElement {
  @state() private share: number | null = null
  @state() private found: Verification | null = null
  @state() private failure = ''
  @query('dialog') private dialog!: HTMLDialogElement
  private abort: AbortController | null = null

  static override styles = dialogStyles

  async show() {
    await this.updateComplete
    this.dialog.showModal()
    await this.verify()
  }

  override render() {
    return html`<dialog aria-labelledby="title" @close=${() => this.abort?.abort()}>
      <div class="body">
        <h2 id="title">Verify the visible sweep</h2>
        <p class="note">${
          this.alone
            ? html`The CPU draws here. Every byte of every component is computed again, in cells all over the sweep, by a plain BigInt reference
              that takes no short cuts. Both have to be equal. Where WebGPU draws, both engines are compared in every cell.`
            : html`Every byte of every component is computed twice, by WebGPU and by the CPU, and in a sample of the cells a third time by a plain
              BigInt reference that takes no short cuts. All have to be equal.`
        }</p>
        ${this.share === null ? nothing : html`<progress max="1" .value=${this.share} aria-label="Verification"></progress>`}
        <div role="status">${this.found ? this.report(this.found) : nothing}${this.failure ? html`<p class="bad">${this.failure}</p>` : nothing}</div>
      </div>
      ${wayOut()}
    </dialog>`
  }

  /** Nothing but the CPU computes: held against itself it would always be right. */
  private get alone(): boolean {
    return this.found ? this.found.engine === 'CPU' : wantedEngine() === 'cpu' || !('gpu' in navigator)
  }

  private report({ engine, cells, referenceCells, mismatches, first }: Verification) {
    const numbers = `${cellOutputs.length} numbers each`
    return html`<table>
        <tr><td>Engine</td><td>${engine}</td></tr>
        ${this.alone ? nothing : html`<tr><td>Cells compared with the CPU</td><td>${formatInteger(cells)}, ${numbers}</td></tr>`}
        <tr><td>${this.alone ? 'Cells compared with the reference' : 'Of these with the reference'}</td><td>${formatInteger(referenceCells)}${this.alone ? `, ${numbers}` : ''}</td></tr>
        <tr><td>Mismatches</td><td class=${mismatches === 0 ? 'good' : 'bad'}>${formatInteger(mismatches)}</td></tr>
      </table>
      ${
        first
          ? html`<p class="bad">
              First: ${first.output} of ${formatInteger(first.batch)} × ${formatTokens(first.sequence)} is
              ${formatInteger(first.engine)} B, expected ${formatInteger(first.expected)} B.
            </p>`
          : nothing
      }`
  }

  private async verify() {
    this.abort = new AbortController()
    Object.assign(this, { share: 0, found: null, failure: '' })
    try {
      const axes = visibleAxes(page.value, { perDoubling: 16, batches: 'all' })
      const { verification } = await runJob(
        { kind: 'verify', input: page.value.input, axes, engine: wantedEngine() },
        (share) => {
          this.share = share
        },
        this.abort.signal,
      )
      this.found = verification
    } catch (error) {
      if (!this.abort.signal.aborted)
        this.failure = `It could not be done: ${error instanceof Error ? error.message : error}.`
    } finally {
      this.share = null
    }
  }
}
