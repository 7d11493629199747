/** The page's beginning: the document from the address, its answer, and the elements that show them. */
import { startLink } from './state/link.ts'
import { loadCatalogue } from './state/models.ts'
import { startAnswering } from './state/outcome.ts'
import { startTheme } from './state/theme.ts'

startTheme()
startLink()
startAnswering()

import './app.ts'

const later = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 500))
// The pickers need it next; nothing waits for it.
later(() => void loadCatalogue().catch(() => {}))
