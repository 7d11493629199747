/** Bytes per element: weights by scheme and tensor, the cache, optimizer states. */
export { type CacheScheme, cacheOf, cacheScheme, cacheSchemeNames } from './cache.ts'
export { ownMix, weightScheme, weightSchemeNames } from './names.ts'
export { type OptimizerName, optimizerState } from './optimizer.ts'
export { bitsPerElement, bytesOf } from './ratio.ts'
export type { SchemeContext, WeightScheme } from './scheme.ts'
