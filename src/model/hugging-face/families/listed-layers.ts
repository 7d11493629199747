/** Which layers have experts, where a config lists them one by one. */
import type { ConfigReader } from '../config-reader.ts'

/** `mlp_layer_types`, or `moe_layer_freq` with a 1 for each layer that has experts; else all have them. */
export function readListed(config: ConfigReader, layers: number): (layer: number) => boolean {
  const types = config.list('mlp_layer_types', layers)
  const listed = Array.isArray(config.raw('moe_layer_freq')) ? config.indices('moe_layer_freq', 1, layers) : null
  return (layer) => (types ? types[layer] === 'sparse' : listed ? listed[layer] === 1 : true)
}
