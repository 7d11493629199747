/** In which phase of a training step the activations peak, under their name. Fetched after the answer is painted. */
import { css, LitElement } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { evaluator } from '../../formula/evaluate.ts'
import type { Cell } from './cell.ts'

@customElement('oom-phase')
export class OomPhase extends LitElement {
  @property({ attribute: false }) cell: Cell | null = null

  static override styles = css`
    :host {
      display: block;
      color: var(--ink-3);
      font-size: var(--tiny);
    }
  `

  /** The name of the alternative that is as large as all of them. */
  override render() {
    const activations = this.cell?.structure.outputs.activations
    const choice = activations?.op === 'named' ? activations.of : activations
    if (!this.cell || choice?.op !== 'largest') return ''
    const { inputs, batch, sequence } = this.cell
    const value = evaluator(inputs, batch, sequence)
    const peak = choice.of.find((phase) => value(phase) === value(choice))
    return peak?.op === 'named' ? peak.name : ''
  }
}
