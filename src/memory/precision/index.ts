/** Bytes per element: weights by scheme and tensor, the cache, optimizer states. */
export { type CacheScheme, cacheScheme, cacheSchemeNames } from './cache.ts'
export { weightScheme, weightSchemeNames } from './names.ts'
export {
  type OptimizerName,
  type OptimizerOptions,
  type OptimizerState,
  optimizerState,
  type Trained,
} from './optimizer.ts'
export { bitsPerElement, bytesOf, type Ratio, safeFor } from './ratio.ts'
export type { ComputeType, Requirements, SchemeContext, TensorPlace, WeightScheme } from './scheme.ts'
