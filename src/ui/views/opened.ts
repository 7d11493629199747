/** The elements behind the tabs, fetched when they are wanted, so that they cost nothing before. */
import { html, nothing, type TemplateResult } from 'lit'
import { until } from 'lit/directives/until.js'
import type { ViewName } from '../state/document.ts'

const sources: Record<Exclude<ViewName, 'map'>, () => Promise<TemplateResult>> = {
  profile: () => import('../profile/profile.ts').then(() => html`<oom-profile></oom-profile>`),
  gpus: () => import('../atlas/gpu-atlas.ts').then(() => html`<oom-gpu-atlas></oom-gpu-atlas>`),
  models: () => import('../atlas/model-atlas.ts').then(() => html`<oom-model-atlas></oom-model-atlas>`),
  overlay: () => import('../overlay/overlay.ts').then(() => html`<oom-overlay></oom-overlay>`),
  compare: () => import('../compare/compare.ts').then(() => html`<oom-compare></oom-compare>`),
}

const fetched = new Map<ViewName, Promise<TemplateResult>>()

function source(name: Exclude<ViewName, 'map'>): Promise<TemplateResult> {
  const known = fetched.get(name)
  if (known) return known
  const wanted = sources[name]().catch(() => {
    fetched.delete(name)
    return html`<p>This view could not be loaded. Check the connection, and choose it again.</p>`
  })
  fetched.set(name, wanted)
  return wanted
}

/** Fetches a view that is likely to be wanted soon. */
export function warmView(name: ViewName): void {
  if (name !== 'map') void source(name)
}

export const opened = (name: Exclude<ViewName, 'map'>): TemplateResult =>
  html`<div class="view" role="tabpanel" tabindex="-1" aria-label=${name}>${until(source(name), nothing)}</div>`
