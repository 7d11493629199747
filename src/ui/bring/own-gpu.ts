/** A GPU of the reader's own: a name, its memory, and what programs cannot have of it. */
import { html, LitElement, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import type { CustomGpu } from '../../hardware/gpu.ts'
import { formatInteger, formatRoom, MiB } from '../../units.ts'
import { dialogStyles } from '../jobs/dialog-styles.ts'
import { edit, page } from '../state/document.ts'
import { Watching } from '../state/signal.ts'
import { bringStyles } from './bring-styles.ts'
import { forgetGpu, keepGpu, ownGpus } from './own.ts'
import { readMemory } from './own-memory.ts'

/** MiB; less was meant as GiB. */
const LEAST = 256

type Field = 'name' | 'memory' | 'reserve'

/** @fires oom-used when a GPU was put into the scenario */
@customElement('oom-own-gpu')
export class OomOwnGpu extends LitElement {
  @state() private typed: Record<Field, string> = { name: '', memory: '', reserve: '0' }
  @state() private tried = false

  constructor() {
    super()
    new Watching(this, ownGpus, page)
  }

  static override styles = [...dialogStyles, bringStyles]

  override render() {
    const { gpu, errors } = this.read()
    return html`<form class="body" @submit=${this.use}>
      ${this.field('name', 'Name', 'e.g. Workstation card', errors)}
      ${this.field('memory', 'Memory, as nvidia-smi reports it', '24564 MiB, or 24 GiB', errors)}
      ${this.field('reserve', 'Of that, what programs cannot have', '0', errors)}
      <p class="note">${gpu ? this.understood(gpu) : ''}</p>
      <div class="row">
        <button class="button primary">Use this GPU</button>
        <button class="button" type="button" @click=${this.keep}>Keep in this browser</button>
      </div>
      ${
        ownGpus.value.length
          ? html`<h3>Kept in this browser</h3>
              <ul class="saved">
                ${ownGpus.value.map(
                  (own) => html`<li>
                    <button class="button" type="button" @click=${() => this.apply(own)}>${own.name}</button>
                    <button class="button quiet" type="button" aria-label="Forget ${own.name}" @click=${() => forgetGpu(own.name)}>Forget</button>
                  </li>`,
                )}
              </ul>`
          : nothing
      }
    </form>`
  }

  /** What was read, before it is used: a card is sold by GB and mostly has as many GiB. */
  private understood({ memoryMiB, reserveMiB = 0 }: CustomGpu): string {
    const free = formatRoom((memoryMiB - reserveMiB) * MiB, page.value.view.units)
    const sold = /gb\s*$/i.test(this.typed.memory) ? ' 1 GB is 10⁹ bytes; if it is sold by GB, write GiB.' : ''
    return `${formatInteger(memoryMiB)} MiB, ${free} for programs.${sold}`
  }

  private field(name: Field, label: string, placeholder: string, errors: Partial<Record<Field, string>>) {
    const error = this.tried || this.typed[name] ? (errors[name] ?? '') : ''
    return html`<div>
      <label class="label" for=${name}>${label}</label>
      <input
        id=${name}
        class="field"
        autocomplete="off"
        spellcheck="false"
        placeholder=${placeholder}
        .value=${this.typed[name]}
        aria-invalid=${error ? 'true' : 'false'}
        aria-describedby=${error ? `${name}-error` : nothing}
        @input=${(event: Event) => {
          this.typed = { ...this.typed, [name]: (event.target as HTMLInputElement).value }
        }}
      />
      ${error ? html`<p class="error" id="${name}-error" role="alert">${error}</p>` : nothing}
    </div>`
  }

  private read(): { gpu: CustomGpu | null; errors: Partial<Record<Field, string>> } {
    const errors: Partial<Record<Field, string>> = {}
    const name = this.typed.name.trim()
    if (name === '' || name.length > 100) errors.name = 'Give it a name of up to 100 characters.'
    const memoryMiB = this.amount('memory', errors)
    const reserveMiB = this.amount('reserve', errors)
    if (memoryMiB < LEAST)
      errors.memory ??= `${formatInteger(memoryMiB)} MiB holds no model: write 24564 MiB or 24 GiB.`
    if (reserveMiB >= memoryMiB && !errors.memory) errors.reserve ??= 'It must be less than the memory.'
    return { gpu: Object.keys(errors).length ? null : { name, memoryMiB, reserveMiB }, errors }
  }

  private amount(field: 'memory' | 'reserve', errors: Partial<Record<Field, string>>): number {
    try {
      return readMemory(this.typed[field])
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      errors[field] = error.message
      return 0
    }
  }

  private use(event: SubmitEvent) {
    event.preventDefault()
    this.tried = true
    const { gpu } = this.read()
    if (gpu) this.apply(gpu)
  }

  private keep() {
    this.tried = true
    const { gpu } = this.read()
    if (gpu) keepGpu(gpu)
  }

  private apply(gpu: CustomGpu) {
    edit([{ path: 'hardware.gpu', value: gpu }])
    this.dispatchEvent(new CustomEvent('oom-used'))
  }
}
