/**
 * A field that searches a list while you type: the first match is picked by Enter, arrows walk, Escape gives up. After the ARIA combobox pattern
 * (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). The list is shown above everything, so nothing clips it.
 */
import { html, LitElement, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { comboboxStyles } from './combobox-styles.ts'
import { changedEvent } from './events.ts'
import { icon } from './icons.ts'
import { type Entry, search } from './search.ts'

/** More than anyone reads; typing narrows. */
const MOST = 80

/** @fires oom-change  @fires oom-star with the value whose star was toggled  @fires oom-open when the list is about to be seen */
@customElement('oom-combobox')
export class OomCombobox extends LitElement {
  @property() label = ''
  /** The label is for screen readers only. */
  @property({ type: Boolean }) quiet = false
  @property() value = ''
  /** What the field shows for the value. */
  @property() shown = ''
  /** Asked for when they are to be seen: there may be hundreds. */
  @property({ attribute: false }) entries: () => readonly Entry[] = () => []
  /** There will be more entries. */
  @property({ type: Boolean }) loading = false
  /** What a name means that no entry is found by. */
  @property({ attribute: false }) named: (name: string) => Entry[] = () => []
  @property({ attribute: false }) starred: readonly string[] = []
  @property() error = ''
  @property() hint = ''
  @state() private typed: string | null = null
  /** The place that was walked to; null before any was. */
  @state() private walked: number | null = null
  /** What was typed when Enter was pressed before there were entries: its first match is picked when they come, wherever the focus went. */
  private awaited: string | null = null
  @query('input') private input!: HTMLInputElement
  @query('#list') private list!: HTMLElement

  static override styles = comboboxStyles

  private get found(): Entry[] {
    const order = (entry: Entry) => (this.starred.includes(entry.value) ? 0 : 1)
    const found = this.matching(this.typed ?? '')
    return this.typed ? found : found.sort((a, b) => order(a) - order(b))
  }

  private matching(words: string): Entry[] {
    const found = search(this.entries(), words)
    return found.length > 0 ? found : this.named(words)
  }

  /** The active place: before any was walked to the first match or, nothing typed, the present value's; -1 for none, so that Enter changes nothing. */
  private activeIn(found: readonly Entry[]): number {
    return this.walked ?? (this.typed ? 0 : found.findIndex((entry) => this.isPresent(entry)))
  }

  private isPresent({ value, label }: Entry) {
    return value === this.value || label === this.shown
  }

  private get open() {
    return this.typed !== null
  }

  override render() {
    const { open } = this
    const found = open ? this.found : []
    const active = this.activeIn(found)
    // The active one is always among those that are listed.
    const listed = found.slice(0, Math.max(MOST, active + 1))
    const more = found.length - listed.length
    return html`<div class=${this.quiet ? 'hidden' : 'label'}><label for="input">${this.label}</label><slot></slot></div>
      <div class="box">
        <input
          id="input"
          class="field"
          role="combobox"
          autocomplete="off"
          spellcheck="false"
          aria-autocomplete="list"
          aria-expanded=${open ? 'true' : 'false'}
          aria-controls="list"
          aria-activedescendant=${open && listed[active] ? `option-${active}` : nothing}
          aria-invalid=${this.error ? 'true' : 'false'}
          aria-describedby=${this.error ? 'error' : this.hint ? 'hint' : nothing}
          .value=${this.typed ?? this.shown}
          @input=${this.type}
          @keydown=${this.key}
          @click=${this.show}
          @focus=${() => this.input.select()}
          @blur=${this.hide}
        />
        ${icon('chevron')}
      </div>
      <div id="list" role="listbox" popover="manual" aria-label=${this.label} @mousedown=${(e: Event) => e.preventDefault()}>
        ${open ? listed.map((entry, index) => this.option(entry, index, index === active)) : nothing}
        ${open && more > 0 ? html`<div class="none" role="option" aria-selected="false" aria-disabled="true">${more} more: type to find them.</div>` : nothing}
        ${open && found.length === 0 ? html`<div class="none" role="option" aria-selected="false" aria-disabled="true">${this.entries().length ? `Nothing is called like this.${this.childElementCount ? ' Bring your own, above.' : ''}` : 'Loading …'}</div>` : nothing}
      </div>
      ${this.error ? html`<p class="error" id="error" role="alert">${this.error}</p>` : nothing}
      ${this.hint && !this.error ? html`<p class="hint" id="hint">${this.hint}</p>` : nothing}`
  }

  private option(entry: Entry, index: number, active: boolean) {
    const starred = this.starred.includes(entry.value)
    return html`<div
      role="option"
      id="option-${index}"
      class=${this.isPresent(entry) ? 'present' : ''}
      aria-selected=${active ? 'true' : 'false'}
      @click=${() => this.pick(entry)}
      @mousemove=${() => {
        this.walked = index
      }}
    >
      <span class="name">${entry.label}</span>
      <span class="detail">${entry.detail}</span>
      <span
        class="star ${starred ? 'on' : ''}"
        title=${starred ? 'Remove the star' : 'Star: keep at the top'}
        @click=${(event: Event) => {
          event.stopPropagation()
          this.dispatchEvent(new CustomEvent('oom-star', { detail: entry.value }))
        }}
        >${icon('star', starred)}</span
      >
    </div>`
  }

  protected override updated() {
    if (this.awaited !== null && this.entries().length > 0) {
      const [first] = this.matching(this.awaited)
      this.awaited = null
      if (first) return this.pick(first)
    }
    if (this.open && !this.list.matches(':popover-open')) {
      this.list.showPopover()
      this.place()
    } else if (!this.open && this.list.matches(':popover-open')) this.list.hidePopover()
    if (this.open) this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }

  /** Below the field, at least as wide, never outside the window. */
  private place() {
    const box = this.input.getBoundingClientRect()
    const width = Math.min(window.innerWidth - 16, Math.max(box.width, 340))
    const left = Math.min(box.left, window.innerWidth - width - 8)
    const below = window.innerHeight - box.bottom - 12
    const above = box.top - 12
    const up = below < 220 && above > below
    Object.assign(this.list.style, {
      width: `${width}px`,
      left: `${Math.max(8, left)}px`,
      top: up ? 'auto' : `${box.bottom + 4}px`,
      bottom: up ? `${window.innerHeight - box.top + 4}px` : 'auto',
      maxHeight: `${Math.min(420, up ? above : below)}px`,
    })
  }

  private show() {
    if (this.open) return
    this.dispatchEvent(new CustomEvent('oom-open'))
    this.typed = ''
    this.input.value = ''
    this.walked = null
    this.input.placeholder = this.shown
  }

  private hide() {
    this.typed = null
    this.input.placeholder = ''
    this.input.value = this.shown
  }

  private type() {
    this.dispatchEvent(new CustomEvent('oom-open'))
    this.typed = this.input.value
    this.awaited = null
    this.walked = null
  }

  private key(event: KeyboardEvent) {
    const { found } = this
    const active = this.activeIn(found)
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }
    if (event.key in steps) {
      event.preventDefault()
      if (this.open) this.walked = Math.min(found.length - 1, Math.max(0, active + steps[event.key]))
      else this.show()
    } else if (event.key === 'Enter' && this.open) {
      event.preventDefault()
      if (found[active]) this.pick(found[active])
      else if (this.entries().length === 0) this.awaited = this.typed
      else if (!this.typed) this.hide()
    } else if (event.key === 'Escape' && this.open) {
      event.stopPropagation()
      this.awaited = null
      this.hide()
    }
  }

  private pick(entry: Entry) {
    this.shown = entry.label
    this.hide()
    this.dispatchEvent(changedEvent(entry.value))
  }
}
