/** What an atlas's colours mean, and the choice of what they show. */
import { html, type TemplateResult } from 'lit'
import type { Goal } from '../../sweep/atlas.ts'
import { formatTokens } from '../../units.ts'
import { Signal } from '../state/signal.ts'
import { theme } from '../state/theme.ts'
import type { Changed } from '../widgets/events.ts'
import { shadeOf, spans } from './scale.ts'
import '../widgets/segmented.ts'

/** What cells show, in every atlas. */
export const goal = new Signal<Goal>('sequence')

const names: Record<Goal, string> = { sequence: 'Longest sequence', batch: 'Largest batch' }

export const goals = (): TemplateResult => html`<oom-segmented
  quiet
  label="Cells show"
  .options=${(Object.keys(names) as Goal[]).map((value) => ({ value, label: names[value] }))}
  .value=${goal.value}
  @oom-change=${({ detail }: CustomEvent<Changed<Goal>>) => {
    goal.value = detail.value
  }}
></oom-segmented>`

export function legend(): TemplateResult {
  const [from, to] = spans[goal.value]
  const stops = Array.from(
    { length: 13 },
    (_, i) => shadeOf(from * (to / from) ** (i / 12), goal.value, theme.value).ground,
  )
  const { ground, ink } = shadeOf(from * (to / from) ** 0.5, goal.value, theme.value)
  return html`<p class="legend">
    <span>${names[goal.value]} in memory</span>
    <span class="scale"
      >${formatTokens(from)}<span class="ramp" .style=${`background:linear-gradient(90deg, ${stops.join(', ')})`}></span>${formatTokens(to)}</span
    >
    <span class="key"><span class="swatch oom"></span>this scenario does not fit</span>
    <span class="key"><span class="swatch tight" .style=${`background-color:${ground};color:${ink}`}></span>it is tight</span>
    <span class="key"><span class="swatch impossible">×</span>impossible</span>
  </p>`
}
