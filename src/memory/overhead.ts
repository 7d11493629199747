/** What the GPU holds that no tensor explains: the CUDA context, library workspaces, communication buffers, allocator slack. */
import { named, sum, when } from '../formula/expression.ts'
import { step } from './inference/quantities.ts'
import { device, serving } from './quantities.ts'

/** NCCL's channels and user buffers; grows once with the first peer and again with the third (measured, docs/memory-model.md). */
export const communicators = named(
  'communicators',
  'B',
  'NCCL buffers: 544 MB with 2 GPUs, 688 MB with more, on 4×A100 (NVIDIA/nccl#964); 1.85 GiB where a server reduces in the NVSwitch of Hopper or Blackwell (sglang#11716, llm-d-planner)',
  device.communicatorBytes,
)

/** Of a process, whatever it has loaded. */
export const processOverhead = sum(
  device.contextBytes,
  device.workspaceBytes,
  serving.graphBytes,
  when('pool', step.outside),
)

export const overhead = named(
  'overhead',
  'B',
  'CUDA context of the GPU generation (pytorch PR 86509: lazy loading), cuBLAS workspace (8 519 680 B; 32 MiB on Hopper), CUDA graphs; of a server also what it makes with the weights, which its log counts among them',
  sum(processOverhead, when('pool', step.buffers)),
)
