/** What the page shows before its code has come: the opening scenario's answer and bytes in the page's own elements, rendered by lit where there is no browser. */
import './globals.ts'
import { render } from '@lit-labs/ssr'
import { collectResult } from '@lit-labs/ssr/lib/render-result.js'
import { html } from 'lit'
import { DEFAULT_MODEL } from '../../src/model/default-model.ts'
import { appStyles } from '../../src/ui/app-styles.ts'
import { startAnswering } from '../../src/ui/state/outcome.ts'
import { shared } from '../../src/ui/styles/shared.ts'
import '../../src/ui/answer/answer.ts'
import '../../src/ui/breakdown/breakdown.ts'

export { DEFAULT_MODEL }

/**
 * The contents of the page's shadow tree. Text alone is painted soonest, so controls and map are empty and the header is the plain one of
 * index.html. Nothing can be entered that would be lost when the code takes over.
 */
export async function firstPicture(): Promise<string> {
  startAnswering()
  const elements = html`<main inert class="coming">
    <oom-controls></oom-controls>
    <div class="answer"><oom-answer></oom-answer></div>
    <section class="map"></section>
    <oom-breakdown></oom-breakdown>
  </main>`
  const styles = appStyles.map(({ cssText }) => cssText).join('')
  const picture = `<style>${styles}</style><slot></slot>${await collectResult(render(elements))}`
  // What they all share stands apart: a browser reads the same sheet once.
  return picture.replaceAll(shared.cssText, `${shared.cssText}</style><style>`)
}
