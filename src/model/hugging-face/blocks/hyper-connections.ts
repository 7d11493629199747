/** Hyper-connections (arXiv:2409.19606): several residual streams instead of one, read and written around attention and MLP by learned mixes. */
import type { Tensor } from '../../architecture.ts'
import { table, vector } from '../../tensors.ts'

/**
 * Around each of the two: what goes in from the streams and what comes back, n + n numbers, made from all streams; and, where the streams mix
 * among each other (arXiv:2512.24880), n² more.
 */
export function hyperConnections(streams: number, hidden: number, mixes = true): Tensor[] {
  const out = (mixes ? 2 + streams : 2) * streams
  return ['attn_hc', 'ffn_hc'].flatMap((name) => [
    table(`${name}.fn`, 'norm', out, streams * hidden),
    vector(`${name}.base`, 'norm', out),
    vector(`${name}.scale`, 'norm', mixes ? 3 : 2),
  ])
}

/** One stream out of all, behind the last layer. */
export function connectionHead(streams: number, hidden: number): Tensor[] {
  return [
    table('hc_head.hc_fn', 'norm', streams, streams * hidden),
    vector('hc_head.hc_base', 'norm', streams),
    vector('hc_head.hc_scale', 'norm', 1),
  ]
}
