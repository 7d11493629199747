/** Bytes per element: weights by scheme and tensor, the cache, optimizer states. */
export { cacheScheme, cacheSchemeNames } from './cache.ts'
export { weightScheme, weightSchemeNames } from './names.ts'
export { type OptimizerName, optimizerState } from './optimizer.ts'
export { bitsPerElement, bytesOf, type Ratio } from './ratio.ts'
export type { SchemeContext, TensorPlace, WeightScheme } from './scheme.ts'
