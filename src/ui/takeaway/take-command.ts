/** The scenario as the command that runs it, with the files it needs. */
import { html, LitElement, nothing } from 'lit'
import { customElement } from 'lit/decorators.js'
import { launchCommand } from '../../export/launch/index.ts'
import { obstacleTo } from '../../memory/runnable.ts'
import { dialogStyles } from '../jobs/dialog-styles.ts'
import { runtimeNames } from '../options.ts'
import { outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { icon } from '../widgets/icons.ts'
import { takeStyles } from './take-styles.ts'
import './take-text.ts'

@customElement('oom-take-command')
export class OomTakeCommand extends LitElement {
  constructor() {
    super()
    new Watching(this, outcome)
  }

  static override styles = [...dialogStyles, takeStyles]

  override render() {
    const { answer } = outcome.value
    if (!answer) return nothing
    const { resolved, estimate } = answer
    const found = launchCommand(resolved)
    if (!found) {
      const name = runtimeNames[resolved.scenario.runtime]
      return html`<p class="note">${name} is not started by one command: it is a library, a rule, or reads recipes of its own. Choose another runtime.</p>`
    }
    const short =
      estimate.verdict === 'oom' ? html`<p class="bad">${icon('oom')} As it stands it runs out of memory.</p>` : nothing
    const obstacle = obstacleTo(resolved)
    const cannot = obstacle ? html`<p class="bad">${icon('note')} ${obstacle.message}</p>` : nothing
    return html`${cannot}${short}<p class="note">${found.tool}, with only the flags that this scenario decides.</p>
      <oom-take-text .text=${`${found.command}\n`} name="command.sh" label="Command"></oom-take-text>
      ${found.files.map(
        ({ name, text }) => html`<h3>${name}</h3>
          <oom-take-text .text=${text} .name=${name} label=${name}></oom-take-text>`,
      )}
      ${found.notes.length ? html`<ul class="notes">${found.notes.map((note) => html`<li>${note}</li>`)}</ul>` : nothing}`
  }
}
