/** Every other field of the scenario that matters to its task and runtime. Fetched when it is first opened. */
import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement } from 'lit/decorators.js'
import { formatTokens, parseQuantity } from '../../units.ts'
import { edit, given, page } from '../state/document.ts'
import { outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import type { Changed } from '../widgets/events.ts'
import { type FieldControl, fieldGroups } from './all-fields.ts'
import '../widgets/entry.ts'
import '../widgets/select.ts'
import { usualRuntime } from '../../scenario/schema.ts'

@customElement('oom-advanced')
export class OomAdvanced extends LitElement {
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
    `,
  ]

  override render() {
    const { task = 'inference', runtime = usualRuntime(task) } = page.value.input
    return fieldGroups({ task, runtime }).map(
      ({ name, fields }) =>
        html`<section aria-label=${name}><h3>${name}</h3>${fields.map((field) => this.field(field))}</section>`,
    )
  }

  private field(field: FieldControl): TemplateResult {
    const { path, label, about = '', kind, usual } = field
    const value = given(path)
    const found = outcome.value.refusal?.fields.find(
      (refused) => refused.field === path || refused.field.startsWith(`${path}.`),
    )
    const error = found ? found.message.replace(/^[\w.]+: /, '') : ''
    const change = ({ detail }: CustomEvent<Changed<unknown>>) =>
      edit([{ path, value: detail.value ?? usual }], detail.last)
    if (kind.type === 'choice' || kind.type === 'flag') {
      const texts = kind.type === 'flag' ? ['true', 'false'] : kind.options
      const auto = usual === null ? [{ value: '', label: 'auto' }] : []
      return html`<oom-select
        .label=${label}
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
      class=${kind.type === 'list' ? 'wide' : ''}
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
function read({ kind }: FieldControl, text: string): unknown {
  if (kind.type === 'text') return text
  if (kind.type === 'list') {
    const parts = text.split(/[\s,]+/).filter(Boolean)
    const odd = kind.options && parts.find((part) => !kind.options?.includes(part))
    if (odd !== undefined) throw new RangeError(`“${odd}” is not one of ${kind.options?.join(', ')}.`)
    return parts
  }
  if (kind.type === 'choice' || kind.type === 'flag') return text
  const value = kind.type === 'count' ? parseQuantity(text) : Number(text.replace(',', '.'))
  if (!Number.isFinite(value)) throw new RangeError(`“${text.slice(0, 40)}” is not a number.`)
  if (value < kind.min || value > kind.max) {
    throw new RangeError(`${text.slice(0, 40)} is not between ${written(kind.min)} and ${written(kind.max)}.`)
  }
  return value
}
