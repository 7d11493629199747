/** The page's beginning: the document from the address, its answer, and the elements that show them. */
import { OomApp } from './app.ts'
import { startEngines } from './engine/engines.ts'
import { nextTask, whenIdle } from './idle.ts'
import { mapPainted } from './map-painted.ts'
import { startOffline } from './offline.ts'
import { startLink } from './state/link.ts'
import { loadCatalogue, readModels } from './state/models.ts'
import { startAnswering } from './state/outcome.ts'
import { startTheme } from './state/theme.ts'
import { loadTraining } from './state/training.ts'

startTheme()
startLink()
// A step a task: together they would hold up a slow machine for longer than a reader's touch can wait.
await nextTask()
startAnswering()
await nextTask()
customElements.define('oom-app', OomApp)

// Nobody waits for these: the CPU has drawn, and catalogue and training are needed only when they are chosen. One after the other, so that a slow
// machine hears its reader between them.
void mapPainted.then(async () => {
  for (const work of [startEngines, startOffline, loadCatalogue, loadTraining, readModels]) {
    await new Promise<void>(whenIdle)
    await Promise.resolve(work()).catch(() => {})
  }
})
