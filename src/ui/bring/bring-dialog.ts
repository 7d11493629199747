/** Bring your own: a model by its config.json, its GGUF file or its Hugging Face id, or a GPU by its memory. */
import { html, LitElement, nothing } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { weightSchemeNames } from '../../memory/precision/index.ts'
import { ModelImportError } from '../../model/errors.ts'
import { compareWithIndex, type SafetensorsIndex } from '../../model/safetensors-index.ts'
import { askSizes, sizedModels } from '../atlas/sweep.ts'
import { dialogStyles, wayOut } from '../jobs/dialog-styles.ts'
import { type Change, edit, page } from '../state/document.ts'
import { Watching } from '../state/signal.ts'
import type { Changed } from '../widgets/events.ts'
import { bringStyles } from './bring-styles.ts'
import { fetchConfig, modelId } from './fetch-config.ts'
import { forgetModel, keepModel, type OwnModel, ownModels } from './own.ts'
import { indexPreview, preview } from './preview.ts'
import {
  BringError,
  type Brought,
  type BroughtIndex,
  renamed,
  understandConfig,
  understandFile,
  understandText,
} from './understand.ts'
import '../widgets/segmented.ts'
import './own-gpu.ts'

@customElement('oom-bring')
export class OomBring extends LitElement {
  @state() private what: 'model' | 'gpu' = 'model'
  @state() private brought: Brought | null = null
  @state() private index: SafetensorsIndex | null = null
  @state() private failure = ''
  @state() private busy = false
  @state() private over = false
  @state() private said = ''
  @query('dialog') private dialog!: HTMLDialogElement
  @query('textarea') private area!: HTMLTextAreaElement
  /** Counts what was brought: an older reading that ends late is dropped. */
  private turn = 0

  constructor() {
    super()
    new Watching(this, ownModels, sizedModels, page)
  }

  static override styles = [...dialogStyles, bringStyles]

  async show(what: 'model' | 'gpu' = 'model') {
    this.what = what
    this.said = ''
    await this.updateComplete
    this.dialog.showModal()
  }

  override render() {
    return html`<dialog
      aria-labelledby="title"
      class=${this.over ? 'over' : ''}
      @dragover=${this.dragOver}
      @dragleave=${() => {
        this.over = false
      }}
      @drop=${this.drop}
    >
      <div class="body">
        <div class="head">
          <h2 id="title">Bring your own</h2>
          <oom-segmented
            quiet
            label="What"
            .options=${[{ value: 'model', label: 'Model' }, { value: 'gpu', label: 'GPU' }]}
            .value=${this.what}
            @oom-change=${({ detail }: CustomEvent<Changed<'model' | 'gpu'>>) => {
              this.what = detail.value
            }}
          ></oom-segmented>
        </div>
        ${this.what === 'model' ? this.model() : html`<oom-own-gpu @oom-used=${() => this.dialog.close()}></oom-own-gpu>`}
        <p role="status" class="good">${this.said}</p>
      </div>
      ${wayOut()}
    </dialog>`
  }

  private model() {
    return html`<p class="note">
        Paste a <code>config.json</code>, or drop it here, a <code>.gguf</code> file or a <code>model.safetensors.index.json</code>. Files stay in this
        browser; of a GGUF file only the header is read.
      </p>
      <textarea
        class="field"
        rows="5"
        spellcheck="false"
        aria-label="config.json"
        placeholder=${'{ "model_type": "llama", "hidden_size": 4096, … }'}
        aria-invalid=${this.failure ? 'true' : 'false'}
        aria-describedby=${this.failure ? 'failure' : nothing}
        @paste=${this.paste}
        @input=${() => this.read(async () => understandText(this.area.value))}
      ></textarea>
      <div class="row">
        <label class="button file">Choose files …<input type="file" multiple accept=".json,.gguf" @change=${this.choose} /></label>
        <form @submit=${this.fetch}>
          <input class="field" name="id" aria-label="Hugging Face id" placeholder="Qwen/Qwen3-8B" autocomplete="off" spellcheck="false" />
          <button class="button" ?disabled=${this.busy}>${this.busy ? 'Fetching …' : 'Fetch from huggingface.co'}</button>
        </form>
      </div>
      ${this.failure ? html`<p class="bad" id="failure" role="alert">${this.failure}</p>` : nothing}
      ${this.result()} ${ownModels.value.length ? this.saved() : nothing}`
  }

  private result() {
    const { brought, index } = this
    if (brought) {
      const notes = index ? compareWithIndex(brought.architecture, index) : []
      return html`${preview(brought, notes, page.value.view.units)}
        <div>
          <label class="label" for="name">Name</label>
          <input id="name" class="field" autocomplete="off" spellcheck="false" .value=${brought.architecture.id} />
        </div>
        <div class="row">
          <button class="button primary" @click=${() => this.take(brought, this.use)}>Use this model</button>
          <button class="button" @click=${() => this.take(brought, this.keep)}>Keep in this browser</button>
        </div>`
    }
    if (!index) return nothing
    const widths = [2, 1, 4]
    const same = sizedModels.value.flatMap(({ id, parameters }) => {
      const bytes = widths.find((width) => parameters * width === index.totalBytes)
      return bytes ? [{ id, bytes }] : []
    })
    return indexPreview(index, same, (id) => this.apply([{ path: 'model', value: id }]))
  }

  private saved() {
    return html`<h3>Kept in this browser</h3>
      <ul class="saved">
        ${ownModels.value.map(
          (own) => html`<li>
            <button class="button" @click=${() => this.useOwn(own)}>${own.name}</button>
            <button class="button quiet" aria-label="Forget ${own.name}" @click=${() => forgetModel(own.name)}>Forget</button>
          </li>`,
        )}
      </ul>`
  }

  /** Understands what was brought last, or says why not. */
  private async read(work: () => Promise<Brought | BroughtIndex>) {
    const turn = ++this.turn
    this.said = ''
    try {
      const found = await work()
      if (turn !== this.turn) return
      this.failure = ''
      if (found.kind === 'index') {
        this.index = found.index
        askSizes()
      } else this.brought = found
    } catch (error) {
      if (!(error instanceof BringError || error instanceof ModelImportError)) throw error
      if (turn !== this.turn) return
      this.brought = null
      this.failure = error.message
    }
  }

  /** A very long text is not even put into the field: that alone would stop the page for seconds. */
  private paste(event: ClipboardEvent) {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (text.length < 100_000) return
    event.preventDefault()
    void this.read(async () => understandText(text))
  }

  private dragOver(event: DragEvent) {
    event.preventDefault()
    this.over = true
  }

  private drop(event: DragEvent) {
    event.preventDefault()
    this.over = false
    this.files([...(event.dataTransfer?.files ?? [])])
  }

  private choose(event: Event) {
    const input = event.target as HTMLInputElement
    this.files([...(input.files ?? [])])
    input.value = ''
  }

  private files(files: readonly File[]) {
    this.index = null
    this.brought = null
    void this.read(async () => {
      const found = await Promise.all(files.slice(0, 4).map(understandFile))
      const index = found.find((one) => one.kind === 'index')
      if (index) this.index = index.index
      const model = found.find((one) => one.kind === 'model') ?? index
      if (!model) throw new BringError('There is no file in what was dropped.')
      return model
    })
  }

  private fetch(event: SubmitEvent) {
    event.preventDefault()
    const id = String(new FormData(event.target as HTMLFormElement).get('id'))
    this.busy = true
    this.index = null
    void this.read(async () => {
      const known = modelId(id)
      return understandText(await fetchConfig(known), known)
    }).finally(() => {
      this.busy = false
    })
  }

  /** Under the name in the field; an empty one is the name it came with. */
  private take(brought: Brought, put: (brought: Brought) => void) {
    const name = this.renderRoot.querySelector<HTMLInputElement>('#name')?.value.trim()
    try {
      put.call(this, name ? renamed(brought, name) : brought)
    } catch (error) {
      if (!(error instanceof ModelImportError)) throw error
      this.failure = error.message
    }
  }

  private use({ config, stored }: Brought) {
    const weights = weightSchemeNames
      .find((name) => name.toLowerCase() === stored?.scheme?.toLowerCase())
      ?.toLowerCase()
    const gguf: Change[] = stored
      ? [
          { path: 'runtime', value: 'llama.cpp' },
          { path: 'task', value: 'inference' },
        ]
      : []
    if (weights) gguf.push({ path: 'precision.weights', value: weights })
    this.apply([{ path: 'model', value: config }, ...gguf])
  }

  private useOwn({ name, config }: OwnModel) {
    void this.read(async () => {
      const found = understandConfig(config, name)
      this.use(found)
      return found
    })
  }

  private keep({ config, architecture }: Brought) {
    keepModel({ name: architecture.id, config })
    this.said = 'Kept. It is in the list of models from now on.'
  }

  private apply(changes: Change[]) {
    edit(changes)
    this.dialog.close()
  }
}
