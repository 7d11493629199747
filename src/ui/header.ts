/** The bar on top: name, examples, undo and redo, units, theme, link, help. */
import { css, html, LitElement } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { canRedo, canUndo, changeView, page, redo, steps, undo } from './state/document.ts'
import { fragmentOf } from './state/link.ts'
import { Watching } from './state/signal.ts'
import { theme, toggleTheme } from './state/theme.ts'
import { shared } from './styles/shared.ts'
import { type Icon, icon } from './widgets/icons.ts'

@customElement('oom-header')
export class OomHeader extends LitElement {
  @state() private said = ''

  constructor() {
    super()
    new Watching(this, page, steps, theme)
  }

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--gap-1);
        height: 48px;
        padding: 0 var(--gap-4);
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }
      .name {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        font-size: var(--large);
        font-weight: 680;
        letter-spacing: -0.02em;
      }
      .name img {
        width: 22px;
        height: 22px;
      }
      .about {
        margin-left: var(--gap-3);
        color: var(--ink-3);
      }
      .examples {
        margin-left: var(--gap-2);
        color: var(--accent);
      }
      .space {
        flex: 1;
      }
      /* No item of the row, which would move when the first dialog comes. */
      .dialogs {
        position: absolute;
      }
      .button {
        min-width: 32px;
        padding: 0 8px;
      }
      @media (max-width: 1099px) {
        .about {
          display: none;
        }
      }
      @media (max-width: 899px) {
        :host {
          padding: 0 var(--gap-3);
          height: 44px;
        }
        .examples,
        .button .word {
          display: none;
        }
      }
      @media (max-width: 419px) {
        :host {
          gap: 0;
        }
        .name {
          gap: 6px;
          font-size: 0.9375rem;
        }
        .button {
          min-width: 30px;
          padding: 0 6px;
        }
      }
      @media (max-width: 379px) {
        :host {
          gap: 0;
          padding: 0 var(--gap-2);
        }
        .name {
          font-size: 0;
        }
        .button {
          padding: 0 6px;
        }
      }
      @media print {
        :host {
          padding: 0;
          border: 0;
        }
        .button {
          display: none;
        }
      }
    `,
  ]

  override render() {
    const { units } = page.value.view
    const dark = theme.value === 'dark'
    return html`<div class="name"><img src="./icon.svg" alt="" width="22" height="22" />Oomscape</div>
      <span class="about">where a language model runs out of GPU memory</span>
      <button class="button quiet examples" @click=${() => this.examples()}>Examples …</button>
      <span class="space"></span>
      ${this.button('undo', 'Undo', undo, !canUndo())} ${this.button('redo', 'Redo', redo, !canRedo())}
      <button class="button quiet" title="Gibibytes (2³⁰) or gigabytes (10⁹); only labels change" @click=${() => changeView({ units: units === 'GiB' ? 'GB' : 'GiB' })}>
        ${units}
      </button>
      ${this.button(dark ? 'light' : 'dark', dark ? 'Light colours' : 'Dark colours', toggleTheme)}
      ${this.lazily('verify', 'Verify', () => import('./jobs/verify-dialog.ts'))}
      ${this.lazily('export', 'Export', () => import('./jobs/export-dialog.ts'))}
      <button class="button quiet" title="Copy link" @click=${this.copy}>${icon('link')} <span class="word">${this.said || 'Copy link'}</span></button>
      <button class="button quiet help" aria-label="Keyboard and pointer" title="Keyboard and pointer (?)" @click=${() => this.help()}>
        ${icon('help')}
      </button>
      <span class="hidden" role="status">${this.said}</span>
      <slot></slot>
      <div class="dialogs"></div>`
  }

  private button(name: Icon, label: string, action: () => void, disabled = false) {
    return html`<button class="button quiet" aria-label=${label} title=${label} ?disabled=${disabled} @click=${action}>${icon(name)}</button>`
  }

  /** Opens the keyboard map. */
  help() {
    return this.open('keys', () => import('./help/keys-dialog.ts'))
  }

  /** Opens situations to begin with. */
  examples() {
    return this.open('examples', () => import('./examples/examples-dialog.ts'))
  }

  private lazily(name: 'verify' | 'export', label: string, load: () => Promise<unknown>) {
    return html`<button class="button quiet" title=${label} @click=${() => this.open(name, load)}>${icon(name)} <span class="word">${label}</span></button>`
  }

  /** Opens a dialog fetched when it is wanted: the element `oom-${name}`, which has a method `show`. */
  private async open(name: string, load: () => Promise<unknown>) {
    try {
      await load()
    } catch {
      this.say('It could not be loaded')
      return
    }
    const dialogs = this.renderRoot.querySelector('.dialogs')
    const dialog = dialogs?.querySelector(`oom-${name}`) ?? dialogs?.appendChild(document.createElement(`oom-${name}`))
    await (dialog as HTMLElement & { show(): Promise<void> }).show()
  }

  private async copy() {
    const link = new URL(await fragmentOf(page.value), location.href).href
    try {
      await navigator.clipboard.writeText(link)
      this.say('Link copied')
    } catch {
      this.say('Copy it from the address bar')
    }
  }

  private say(text: string) {
    this.said = text
    setTimeout(() => {
      this.said = ''
    }, 2500)
  }
}
