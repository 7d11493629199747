/**
 * What can go wrong when a model is brought in: a config that cannot be understood, or a name that is not known.
 */

import { visible } from '../units.ts'

/** A model description was refused. `field` names the key at fault; the message says value, limit and remedy. */
export class ModelImportError extends Error {
  readonly field: string

  constructor(field: string, message: string) {
    // A field can be a key from a hostile file: one printable line, not a long one.
    super(`${field.replace(/\p{C}/gu, '\ufffd').slice(0, 100)}: ${message}`)
    this.name = 'ModelImportError'
    this.field = field
  }
}

/** A model name that the catalogue does not hold, with the nearest ones it does. */
export class UnknownModelError extends Error {
  readonly suggestions: string[]

  constructor(query: string, suggestions: string[]) {
    const nearest =
      suggestions.length > 0
        ? `Did you mean ${suggestions.join(', ')}?`
        : 'No name there is like it: give its config.json, or choose from the list (command line: oomscape models).'
    super(`model: ${shown(query)} is not in the catalogue. ${nearest}`)
    this.name = 'UnknownModelError'
    this.suggestions = suggestions
  }
}

/** A value as an error message may show it: one line, printable, never longer than 60 characters. */
export function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value)
  return visible(text.length > 60 ? `${text.slice(0, 59)}…` : text)
}
