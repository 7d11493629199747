/** The page's beginning: the document from the address, its answer, and the elements that show them. */
import { startEngines } from './engine/engines.ts'
import { startLink } from './state/link.ts'
import { loadCatalogue } from './state/models.ts'
import { startAnswering } from './state/outcome.ts'
import { startTheme } from './state/theme.ts'

startTheme()
startLink()
startAnswering()

import './app.ts'

const later = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 500))
// Nothing waits for these: the CPU has drawn, and the pickers need the catalogue only when they are opened.
later(() => {
  void startEngines()
  void loadCatalogue().catch(() => {})
})
