/** Bytes per element: weights by scheme and tensor, the cache, optimizer states. */
export { type CacheScheme, cacheScheme, cacheSchemeNames } from './cache.ts'
export { weightScheme, weightSchemeNames } from './names.ts'
export { bitsPerElement, bytesOf, type Ratio } from './ratio.ts'
export type { ComputeType, Requirements, SchemeContext, TensorPlace, WeightScheme } from './scheme.ts'
