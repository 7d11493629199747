/** Light or dark: the system's choice until the reader makes one. */

import { Signal } from './signal.ts'
import { recall, remember } from './storage.ts'

export type Theme = 'light' | 'dark'

const system = matchMedia('(prefers-color-scheme: dark)')
const fromSystem = (): Theme => (system.matches ? 'dark' : 'light')
const chosen = () => {
  const value = recall<unknown>('theme', null)
  return value === 'light' || value === 'dark' ? value : null
}

/** The theme in force. */
export const theme = new Signal<Theme>(chosen() ?? fromSystem())

export function startTheme(): void {
  const show = () => {
    document.documentElement.dataset.theme = theme.value
  }
  show()
  theme.watch(show)
  system.addEventListener('change', () => {
    if (chosen() === null) theme.value = fromSystem()
  })
}

export function toggleTheme(): void {
  const next = theme.value === 'light' ? 'dark' : 'light'
  // Back at what the system says, the system decides again.
  remember('theme', next === fromSystem() ? null : next)
  theme.value = next
}
