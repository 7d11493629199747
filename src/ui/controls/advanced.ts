/** Every other field of the scenario that matters to its task and runtime. Fetched when it is first opened. */
import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { formatTokens, parseQuantity } from '../../units.ts'
import { edit, given, page } from '../state/document.ts'
import { outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import type { Changed } from '../widgets/events.ts'
import { besideField } from '../words.ts'
import { type FieldControl, fieldGroups } from './all-fields.ts'
import '../widgets/entry.ts'
import '../widgets/select.ts'
import { usualRuntime } from '../../scenario/schema.ts'

@customElement('oom-advanced')
export class OomAdvanced extends LitElement {
  /** The field whose meaning was sent away with Escape. */
  @state() private hushed = ''

  constructor() {
    super()
    new Watching(this, page, outcome)
  }

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: var(--gap-4);
      }
      h3 {
        grid-column: 1 / -1;
        padding-top: var(--gap-3);
        border-top: 1px solid var(--line);
      }
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        gap: var(--gap-2) var(--gap-3);
        align-items: end;
      }
      .wide {
        grid-column: 1 / -1;
      }
      .lead {
        margin-bottom: calc(-1 * var(--gap-2));
        color: var(--ink-3);
        font-size: var(--small);
      }
      /* As wide as the section, over what is below: nothing moves while one goes from field to field. */
      section {
        position: relative;
      }
      .about {
        display: none;
        position: absolute;
        inset-inline: 0;
        z-index: 2;
        margin-top: 5px;
        padding: 6px 9px;
        border: 1px solid var(--accent);
        border-radius: var(--radius);
        background: var(--accent-ground);
        font-size: var(--small);
        line-height: 1.4;
        pointer-events: none;
      }
      .setting:focus-within .about {
        display: block;
      }
      .setting .hushed {
        display: none !important;
      }
    `,
  ]

  override render() {
    const { task = 'inference', runtime = usualRuntime(task) } = page.value.input
    return html`<p class="lead">Go to a field, and it says what it means.</p>
      ${fieldGroups({ task, runtime }).map(
        ({ name, fields }) =>
          html`<section aria-label=${name}><h3>${name}</h3>${fields.map((field) => this.explained(field))}</section>`,
      )}`
  }

  private explained(field: FieldControl): TemplateResult {
    const { path, about, kind } = field
    return html`<div
      class="setting ${kind.type === 'list' ? 'wide' : ''}"
      title=${about}
      @keydown=${({ key }: KeyboardEvent) => {
        if (key === 'Escape') this.hushed = path
      }}
      @focusout=${() => {
        this.hushed = ''
      }}
    >
      ${this.field(field)}
      <p class="about ${this.hushed === path ? 'hushed' : ''}" aria-hidden="true">${about}</p>
    </div>`
  }

  private field(field: FieldControl): TemplateResult {
    const { path, label, about, kind, usual } = field
    const value = given(path)
    const found = outcome.value.refusal?.fields.find(
      (refused) => refused.field === path || refused.field.startsWith(`${path}.`),
    )
    const error = found ? besideField(found.message) : ''
    const change = ({ detail }: CustomEvent<Changed<unknown>>) =>
      edit([{ path, value: detail.value ?? usual }], detail.last)
    if (kind.type === 'choice' || kind.type === 'flag') {
      const texts = kind.type === 'flag' ? ['true', 'false'] : kind.options
      const auto = usual === null ? [{ value: '', label: 'auto' }] : []
      return html`<oom-select
        .label=${label}
        .about=${about}
        .options=${[...auto, ...texts.map((text) => ({ value: text, label: flagNames[text] ?? text }))]}
        .value=${String(value ?? usual ?? '')}
        .error=${error}
        @oom-change=${({ detail }: CustomEvent<Changed<string>>) =>
          edit([
            { path, value: detail.value === '' ? null : kind.type === 'flag' ? detail.value === 'true' : detail.value },
          ])}
      ></oom-select>`
    }
    return html`<oom-entry
      .label=${label}
      .about=${about}
      .shown=${value === undefined || value === null ? '' : written(value)}
      .usual=${usual === null ? 'auto' : written(usual) || 'none'}
      .error=${error}
      .read=${(text: string) => read(field, text)}
      @oom-change=${change}
    ></oom-entry>`
  }
}

const flagNames: Record<string, string> = { true: 'yes', false: 'no' }

const written = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : Number.isInteger(value) ? formatTokens(value as number) : String(value)

/** @throws {RangeError} */
function read({ kind, label, usual }: FieldControl, text: string): unknown {
  if (kind.type === 'text') return text
  if (kind.type === 'list') {
    const parts = text.split(/[\s,]+/).filter(Boolean)
    const odd = kind.options && parts.find((part) => !kind.options?.includes(part))
    if (odd !== undefined) throw new RangeError(`“${odd}” is not one of ${kind.options?.join(', ')}.`)
    return parts
  }
  if (kind.type === 'choice' || kind.type === 'flag') return text
  const value = numberIn(kind.type, text)
  if (value >= kind.min && value <= kind.max) return value
  const what = kind.type === 'count' ? 'a whole number' : 'a number'
  throw new RangeError(
    `${label}: “${text.slice(0, 24)}” is not ${what} from ${written(kind.min)} to ${written(kind.max)}; leave it empty for ${usual === null ? 'auto' : 'the usual'}.`,
  )
}

/** NaN for what cannot be read. */
function numberIn(type: 'count' | 'number', text: string): number {
  if (type === 'number') return Number(text.replace(',', '.'))
  try {
    return parseQuantity(text)
  } catch {
    return Number.NaN
  }
}
