/** What the page shows before its code has come: its own elements with the opening scenario's answer, rendered by lit where there is no browser. */
import './globals.ts'
import { render } from '@lit-labs/ssr'
import { collectResult } from '@lit-labs/ssr/lib/render-result.js'
import { html } from 'lit'
import { appStyles } from '../../src/ui/app-styles.ts'
import { startAnswering } from '../../src/ui/state/outcome.ts'
import { shared } from '../../src/ui/styles/shared.ts'
import '../../src/ui/answer/answer.ts'
import '../../src/ui/breakdown/breakdown.ts'
import '../../src/ui/controls/controls.ts'
import '../../src/ui/header.ts'
import '../../src/ui/map/compare-by.ts'
import '../../src/ui/map/legend.ts'
import '../../src/ui/views/tabs.ts'

/** The contents of the page's shadow tree. The map is empty; nothing can be entered that would be lost when the code takes over. */
export async function firstPicture(): Promise<string> {
  startAnswering()
  const elements = html`<oom-header role="banner" inert></oom-header>
    <main inert>
      <oom-controls></oom-controls>
      <div class="answer"><oom-answer></oom-answer></div>
      <section class="map">
        <oom-tabs></oom-tabs>
        <div class="bar"><oom-compare-by></oom-compare-by><oom-legend></oom-legend></div>
      </section>
      <oom-breakdown></oom-breakdown>
    </main>`
  const styles = appStyles.map(({ cssText }) => cssText).join('')
  const picture = `<style>${styles}</style>${await collectResult(render(elements))}`
  // What they all share stands apart: a browser reads the same sheet once.
  return picture.replaceAll(shared.cssText, `${shared.cssText}</style><style>`)
}
