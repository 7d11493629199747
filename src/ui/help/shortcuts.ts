/** Keys that work wherever the focus is, but in a text field. */
import { redo, undo } from '../state/document.ts'

/** @param open shows the keyboard map; @param focus moves to a control by its label */
export function listenToShortcuts(open: () => void, focus: (label: string) => void): () => void {
  const listener = (event: KeyboardEvent) => {
    const target = event.composedPath()[0]
    const typing =
      target instanceof HTMLElement && target.matches('input:not([type=range], [type=radio]), select, textarea')
    if (typing || event.defaultPrevented || event.altKey) return
    const action = event.ctrlKey || event.metaKey ? withCommand(event) : alone(event.key)
    if (!action) return
    event.preventDefault()
    action()
  }
  const alone = (key: string): (() => void) | undefined =>
    ({ '?': open, m: () => focus('Model'), g: () => focus('GPU') })[key]
  window.addEventListener('keydown', listener)
  return () => window.removeEventListener('keydown', listener)
}

function withCommand({ key, shiftKey }: KeyboardEvent): (() => void) | undefined {
  const letter = key.toLowerCase()
  if (letter === 'z') return shiftKey ? redo : undo
  return letter === 'y' ? redo : undefined
}
