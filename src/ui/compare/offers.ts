/** What the present scenario can be compared with at once: each alternative estimated, one click away as B. */
import { css, html, LitElement } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Estimate } from '../../memory/estimate.ts'
import { type ByteUnit, formatBytes, formatInteger } from '../../units.ts'
import type { Fix } from '../answer/fixes.ts'
import { changeView, edit, page } from '../state/document.ts'
import type { Answer } from '../state/outcome.ts'
import { shared } from '../styles/shared.ts'
import { icon } from '../widgets/icons.ts'
import { spare, verdictNames } from '../words.ts'
import { amount, delta } from './delta.ts'
import { searchOffers } from './offered.ts'

@customElement('oom-offers')
export class OomOffers extends LitElement {
  @property({ attribute: false }) answer!: Answer
  @property() units: ByteUnit = 'GiB'
  @state() private offers: readonly Fix[] = []
  private of: Answer | null = null

  static override styles = [
    shared,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        height: 34px;
        padding: 0 var(--gap-2);
        border-bottom: 1px solid var(--line);
        font-weight: 400;
        text-align: right;
        white-space: nowrap;
      }
      thead th {
        height: 28px;
        color: var(--ink-3);
        font-size: var(--small);
      }
      th:first-child {
        padding-left: 0;
        text-align: left;
      }
      .less {
        display: none;
      }
      .verdict {
        text-align: left;
      }
      .verdict svg {
        vertical-align: -3px;
      }
      .a > :not(.verdict) {
        color: var(--ink-2);
      }
      .offer {
        height: auto;
        min-height: 28px;
        padding-block: 2px;
        border-radius: 14px;
        font-weight: 600;
        text-align: left;
        /* Several changes at once need two lines where the columns need the width. */
        white-space: normal;
      }
      .offer:hover {
        border-color: var(--accent);
      }
      .change {
        font-weight: 600;
      }
      /* What is left goes under the verdict. */
      @media (max-width: 1199px) {
        .wide {
          display: none;
        }
        .verdict .left {
          display: block;
          color: var(--ink-2);
          font-size: var(--tiny);
        }
        .comma {
          display: none;
        }
        thead th {
          white-space: normal;
        }
        td {
          height: 40px;
        }
      }
      @media (max-width: 899px) {
        th,
        td {
          padding: 0 3px;
          font-size: var(--small);
        }
        .unit {
          display: none;
        }
        .less {
          display: inline;
        }
        .offer {
          padding: 2px 8px;
        }
      }
    `,
  ]

  override render() {
    return html`<table>
      <caption class="hidden">Scenarios to compare with, per GPU</caption>
      <thead>
        <tr>
          <th scope="col">B</th>
          <th scope="col">Per GPU<span class="less">, ${this.units}</span></th>
          <th scope="col">B − A</th>
          <th scope="col" class="verdict">Verdict</th>
          <th scope="col">Largest batch</th>
          <th scope="col" class="wide">Longest in memory</th>
        </tr>
      </thead>
      <tbody>
        ${this.row('A, as it is', this.answer.estimate)}
        ${this.offers.map((offer) => this.row(offer.label, offer.estimate, offer))}
      </tbody>
    </table>`
  }

  private row(label: string, { perGpu, capacity, verdict, maxBatch, maxSequence }: Estimate, offer?: Fix) {
    const { units } = this
    return html`<tr class=${offer ? '' : 'a'}>
      <th scope="row">
        ${offer ? html`<button class="button offer" aria-label="${label} as B" @click=${() => this.choose(offer)}>${label}</button>` : label}
      </th>
      <td>${amount(formatBytes(perGpu.total, units))}</td>
      <td class="change">${offer ? amount(delta(perGpu.total - this.answer.estimate.perGpu.total, units)) : ''}</td>
      <td class="verdict ${verdict}">
        ${icon(verdict)} ${verdictNames[verdict]}<span class="comma">, </span><span class="left">${spare(capacity - perGpu.total, units)} ${verdict === 'oom' ? 'short' : 'left'}</span>
      </td>
      <td>${formatInteger(maxBatch)}</td>
      <td class="wide">${formatInteger(maxSequence)}</td>
    </tr>`
  }

  /** A becomes what was; B, the page's scenario, what was chosen. */
  private choose({ changes }: Fix) {
    changeView({ against: page.value.input }, false)
    edit(changes)
  }

  protected override updated() {
    if (this.of === this.answer) return
    this.of = this.answer
    void this.work(this.answer)
  }

  /** One after the other, so that the page stays free. */
  private async work(answer: Answer) {
    const search = searchOffers(answer)
    for (;;) {
      await new Promise((done) => setTimeout(done))
      if (answer !== this.answer) return
      const { done, value } = search.next()
      if (!done) continue
      this.offers = value
      return
    }
  }
}
