/** Which kind each layer is: `layer_types` where a config lists it, else a family's own rule. */
import { type ConfigReader, LIMITS } from './config-reader.ts'

/** The names in `layer_types`, checked against those the family knows; null when there is no such list. */
export function readLayerTypes(config: ConfigReader, layers: number, known: readonly string[]): string[] | null {
  const list = config.list('layer_types', layers)
  return (
    list?.map((entry, layer) => {
      if (typeof entry === 'string' && known.includes(entry)) return entry
      return config.fail(`layer_types[${layer}]`, `not one of ${known.join(', ')}, the layer types known here.`)
    }) ?? null
  )
}

/**
 * Window of each layer. `slides(layer)` is the family's rule for a config without `layer_types`; a config without a
 * window, or with `use_sliding_window` false, has full attention everywhere.
 */
export function readWindows(
  config: ConfigReader,
  layers: number,
  slides: (layer: number) => boolean,
): (layer: number) => number | null {
  // Some configs write 0 for no window.
  const window = config.optionalCount('sliding_window', LIMITS.positions, 0) || null
  const types = readLayerTypes(config, layers, ['full_attention', 'sliding_attention'])
  const enabled = config.flag('use_sliding_window', true)
  if (types?.includes('sliding_attention') && window === null) {
    config.fail('sliding_window', 'missing, though layer_types has sliding_attention; give the window in tokens.')
  }
  if (window === null || (!enabled && types === null)) return () => null
  return (layer) => ((types === null ? slides(layer) : types[layer] === 'sliding_attention') ? window : null)
}

/** True for every layer but each `period`-th: the pattern of Gemma 3 (6), Cohere 2 (4), OLMo 3 (4). */
export function allButEvery(period: number): (layer: number) => boolean {
  return (layer) => (layer + 1) % period !== 0
}
