/**
 * Modules that a quantised checkpoint leaves in 16 bits, as its `quantization_config` lists them: names of modules, of modules of one layer
 * (`model.layers.0.mlp`), or patterns around such (`re:.*self_attn.*`, `*lm_head*`). What is listed by a pattern of another kind is assumed quantised.
 */
import { shown } from '../errors.ts'
import type { ConfigReader } from './config-reader.ts'

/** Whether a module is left alone: its path below the layer, and the layer's number. */
export interface LeftAlone {
  inLayer(path: string, layer: number): boolean
  vision: boolean
}

/** transformers and vLLM, llm-compressor, Model Optimizer, bitsandbytes. */
const KEYS = ['modules_to_not_convert', 'ignore', 'exclude_modules', 'ignored_layers', 'llm_int8_skip_modules']

/** Null where nothing is listed. @throws ModelImportError for what is no list of names */
export function leftAlone(config: ConfigReader): LeftAlone | null {
  const quantised = config.child('quantization_config')
  const listed = KEYS.flatMap((key) => quantised?.list(key, null) ?? [])
  if (!quantised || listed.length === 0) return null
  const layers = new Map<number, string[]>()
  const everywhere = new Set<string>()
  let vision = false
  for (const name of listed) {
    const pattern =
      typeof name === 'string' && name.length <= 300
        ? name
        : quantised.fail('ignore', `${shown(name)} is not a module's name.`)
    for (const module of spelledOut(pattern).map(moduleOf)) {
      if (module === null)
        config.assume(
          'A pattern of modules that stay unquantised is not one of those read here; they count as quantised.',
        )
      else if (/vis(ion|ual)|image/.test(module)) vision = true
      else {
        const [, layer, path = ''] = /(?:^|\.)layers\.(\d{1,4})(?:\.(.+))?$/.exec(module) ?? []
        if (layer === undefined) everywhere.add(module)
        else {
          const known = layers.get(Number(layer))
          if (known) known.push(path)
          else layers.set(Number(layer), [path])
        }
      }
    }
  }
  const known = new Map<string, boolean>()
  return {
    vision,
    inLayer(path, layer) {
      if (!known.has(path))
        known.set(
          path,
          [...everywhere].some((module) => `.${path}.`.includes(`.${module}.`)),
        )
      return (
        known.get(path) ||
        (layers.get(layer) ?? []).some((module) => module === '' || `${path}.`.startsWith(`${module}.`))
      )
    },
  }
}

/** A pattern with a choice of words as one for each: `mlp.(gate|up)_proj` (Kimi-K2-Thinking). */
function spelledOut(name: string): string[] {
  const [before, choice, after] = name.split(/\((\w+(?:\|\w+)+)\)/)
  return choice === undefined ? [name] : choice.split('|').map((word) => `${before}${word}${after}`)
}

/** The plain name within a pattern; null where there is more to it. */
function moduleOf(name: string): string | null {
  const body = name.startsWith('re:')
    ? name
        .slice(3)
        .replace(/^\^|\$$/g, '')
        .replaceAll('\\.', '.')
    : name
  // Walked, because an expression for the end of a hostile name takes the square of its length.
  let [from, to] = [0, body.length]
  while ('.*'.includes(body[from] ?? ' ')) from++
  while (to > from && '.*'.includes(body[to - 1])) to--
  const module = body.slice(from, to)
  return /^[\w.-]+$/.test(module) ? module : null
}
