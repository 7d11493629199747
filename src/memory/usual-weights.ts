/** What weights are when a scenario does not say. */
import type { Architecture } from '../model/architecture.ts'
import type { Scenario } from '../scenario/schema.ts'

/**
 * 4-bit NormalFloat with double quantisation in QLoRA (arXiv:2305.14314 §3); in inference the quantisation a checkpoint is published in (null);
 * fp32 in torchtitan, which gathers them in the compute type (its training.dtype); else the compute type, which is what a load with a torch dtype
 * makes of them.
 */
export function usualWeights(
  { task, runtime, precision }: Scenario,
  { dtype, quantisation }: Architecture,
): string | null {
  if (task === 'qlora') return 'nf4-dq'
  if (task === 'full' && runtime === 'torchtitan') return 'fp32'
  return task === 'inference' && (quantisation !== null || dtype === 'fp8') ? null : precision.compute
}
