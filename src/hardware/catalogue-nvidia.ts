/**
 * NVIDIA's GPUs, newest first within data centre, workstation and GeForce, the usual form first: lists show equals in this order.
 *
 * `reported`: `memory.total` of nvidia-smi with current drivers and ECC as shipped, read in public logs and code; among
 * them github.com/modal-labs/modal-client/pull/2797 (H100, A100, A10, L40S, L4, T4), AlexsJones/llmfit
 * (llmfit-core, community data), ai-dynamo/aiconfigurator (systems/*.yaml). A2 as the A16, whose chip and memory it has;
 * H100 96 GB as the other 96 GB Hopper cards.
 * `visible`: total that CUDA gives programs on Linux: PyTorch's `total_memory` as printed by
 * `torch.cuda.get_device_properties` or the Ultralytics start-up line in public logs. Drivers differ by up to 0.5 %;
 * the value most often met is kept. PCIe and SXM cards of one chip and size share it where only one was found.
 * L20: 46 068 MiB and 44.53 GiB in public training logs; Quadro RTX 8000: 47.268 GiB usable, as Julia's runtime reports it.
 * GB10: its 121.63 GiB as CUDA sees them. H20-3e: 139.72 GiB (github.com/vllm-project/vllm/issues/13074).
 * The rest: data sheets; H100 96 GB: pytorch/torchtitan, benchmarks/llama3_h100_202412_torchtitan.md.
 */
import type { Row } from './row.ts'

export const nvidia: readonly Row[] = [
  // Data centre
  ['GB300', 'GB300', 'Blackwell Ultra', 277, 284208, null, 8000, 4, 'NVLink 5', 1800],
  ['B300', 'B300 SXM', 'Blackwell Ultra', 270, 275040, null, 7750, 8, 'NVLink 5', 1800],
  ['GB200', 'GB200', 'Blackwell', 186, 189471, null, 8000, 4, 'NVLink 5', 1800],
  ['B200', 'B200 SXM', 'Blackwell', 180, 183359, 182631, 7700, 8, 'NVLink 5', 1800],
  ['B100', 'B100', 'Blackwell', 192, null, null, 8000, 8, 'NVLink 5', 1800],
  ['H200', 'H200 SXM', 'Hopper', 141, 143771, 143156, 4800, 8, 'NVLink 4', 900],
  ['H200-NVL', 'H200 NVL', 'Hopper', 141, 143771, null, 4800, 8, 'NVLink bridge', 900],
  ['GH200-144GB', 'GH200 144GB', 'Hopper', 144, null, 145920, 4900, 1, 'NVLink-C2C to Grace', 900],
  ['GH200-96GB', 'GH200 96GB', 'Hopper', 96, 97871, null, 4000, 1, 'NVLink-C2C to Grace', 900],
  ['H20-3e', 'H20-3e', 'Hopper', 141, 143771, 143073, 4800, 8, 'NVLink 4', 900],
  ['H20', 'H20', 'Hopper', 96, 97871, 97285, 4000, 8, 'NVLink 4', 900],
  ['H100-NVL-94GB', 'H100 NVL', 'Hopper', 94, 95830, 95320, 3938, 8, 'NVLink bridge', 600],
  ['H100-SXM-80GB', 'H100 SXM5', 'Hopper', 80, 81559, 81089, 3350, 8, 'NVLink 4', 900],
  ['H100-SXM-96GB', 'H100 SXM5 96GB HBM2e', 'Hopper', 96, 97871, null, 2400, 8, 'NVLink 4', 900],
  ['H100-PCIe-80GB', 'H100 PCIe', 'Hopper', 80, 81559, 81008, 2000, 8, 'NVLink bridge', 600],
  ['L40S', 'L40S', 'Ada', 48, 46068, 45589, 864, 8],
  ['L40', 'L40', 'Ada', 48, 46068, null, 864, 8],
  ['L20', 'L20', 'Ada', 48, 46068, 45599, 864, 8],
  ['L4', 'L4', 'Ada', 24, 23034, 22563, 300, 8],
  ['A100-SXM-80GB', 'A100 SXM4 80GB', 'Ampere', 80, 81920, 81153, 2039, 8, 'NVLink 3', 600],
  ['A100-PCIe-80GB', 'A100 PCIe 80GB', 'Ampere', 80, 81920, 81154, 1935, 8, 'NVLink bridge', 600],
  ['A100-SXM-40GB', 'A100 SXM4 40GB', 'Ampere', 40, 40960, 40514, 1555, 16, 'NVLink 3', 600],
  ['A100-PCIe-40GB', 'A100 PCIe 40GB', 'Ampere', 40, 40960, 40326, 1555, 8, 'NVLink bridge', 600],
  ['A40', 'A40', 'Ampere', 48, 46068, 45416, 696, 8, 'NVLink bridge', 112.5],
  ['A30', 'A30', 'Ampere', 24, 24576, 24164, 933, 8, 'NVLink bridge', 200],
  ['A10G', 'A10G', 'Ampere', 24, 23028, 22723, 600, 8],
  ['A10', 'A10', 'Ampere', 24, 23028, null, 600, 8],
  ['A2', 'A2', 'Ampere', 16, 15356, null, 200, 8],
  ['A16', 'A16 (one of four GPUs)', 'Ampere', 16, 15356, null, 200, 8],
  ['T4', 'Tesla T4', 'Turing', 16, 15360, 15102, 320, 8],
  ['V100-SXM-32GB', 'Tesla V100 SXM2 32GB', 'Volta', 32, 32768, 32501, 900, 16, 'NVLink 2', 300],
  ['V100-SXM-16GB', 'Tesla V100 SXM2 16GB', 'Volta', 16, 16384, 16160, 900, 8, 'NVLink 2', 300],
  ['V100-PCIe-16GB', 'Tesla V100 PCIe 16GB', 'Volta', 16, 16384, 16160, 900, 8],
  ['P100-SXM-16GB', 'Tesla P100 SXM2 16GB', 'Pascal', 16, 16384, 16280, 732, 8, 'NVLink 1', 160],
  ['P100-PCIe-16GB', 'Tesla P100 PCIe 16GB', 'Pascal', 16, 16384, 16280, 732, 8],
  ['P40', 'Tesla P40', 'Pascal', 24, 24576, null, 346, 8],

  // Workstation
  ['GB10', 'GB10 (DGX Spark)', 'Blackwell', 128, null, 124549, 273, 1],
  ['RTX-PRO-6000', 'RTX PRO 6000 Blackwell', 'Blackwell', 96, 97887, 97250, 1792, 8],
  ['RTX-PRO-5000', 'RTX PRO 5000 Blackwell', 'Blackwell', 48, 48935, null, 1344, 4],
  ['RTX-PRO-4500', 'RTX PRO 4500 Blackwell', 'Blackwell', 32, 32623, null, 896, 4],
  ['RTX-6000-Ada', 'RTX 6000 Ada', 'Ada', 48, 49140, 48539, 960, 8],
  ['RTX-5880-Ada', 'RTX 5880 Ada', 'Ada', 48, 49039, null, 960, 8],
  ['RTX-4000-Ada', 'RTX 4000 Ada', 'Ada', 20, null, null, 360, 4],
  ['RTX-A6000', 'RTX A6000', 'Ampere', 48, 49140, 48676, 768, 8, 'NVLink bridge', 112.5],
  ['RTX-A5000', 'RTX A5000', 'Ampere', 24, 24564, 24138, 768, 8, 'NVLink bridge', 112.5],
  ['RTX-A4000', 'RTX A4000', 'Ampere', 16, 16376, null, 448, 4],
  ['RTX-8000', 'Quadro RTX 8000', 'Turing', 48, null, 48402, 672, 8, 'NVLink bridge', 100],

  // GeForce and TITAN
  ['RTX-5090-Laptop', 'GeForce RTX 5090 Laptop', 'Blackwell', 24, 24463, null, 896, 1],
  ['RTX-5090', 'GeForce RTX 5090', 'Blackwell', 32, 32607, 32120, 1792, 8],
  ['RTX-5080', 'GeForce RTX 5080', 'Blackwell', 16, 16303, 15840, 960, 4],
  ['RTX-5070-Ti', 'GeForce RTX 5070 Ti', 'Blackwell', 16, 16303, null, 896, 4],
  ['RTX-5070', 'GeForce RTX 5070', 'Blackwell', 12, 12227, null, 672, 4],
  ['RTX-5060-Ti-16GB', 'GeForce RTX 5060 Ti 16GB', 'Blackwell', 16, 16311, 15841, 448, 4],
  ['RTX-4060-Laptop', 'GeForce RTX 4060 Laptop', 'Ada', 8, 8188, null, 256, 1],
  ['RTX-4090-Laptop', 'GeForce RTX 4090 Laptop', 'Ada', 16, 16376, null, 576, 1],
  ['RTX-4090', 'GeForce RTX 4090', 'Ada', 24, 24564, 24217, 1008, 8],
  ['RTX-4080-SUPER', 'GeForce RTX 4080 SUPER', 'Ada', 16, 16376, null, 736, 4],
  ['RTX-4080', 'GeForce RTX 4080', 'Ada', 16, 16376, null, 717, 4],
  ['RTX-4070-Ti-SUPER', 'GeForce RTX 4070 Ti SUPER', 'Ada', 16, 16376, 15974, 672, 4],
  ['RTX-4070', 'GeForce RTX 4070', 'Ada', 12, 12282, 12002, 504, 4],
  ['RTX-4060-Ti-16GB', 'GeForce RTX 4060 Ti 16GB', 'Ada', 16, 16380, null, 288, 4],
  ['RTX-3090-Ti', 'GeForce RTX 3090 Ti', 'Ampere', 24, 24564, 24114, 1008, 4, 'NVLink bridge', 112.5],
  ['RTX-3090', 'GeForce RTX 3090', 'Ampere', 24, 24576, 24259, 936, 8, 'NVLink bridge', 112.5],
  ['RTX-3080-Ti', 'GeForce RTX 3080 Ti', 'Ampere', 12, null, 12054, 912, 4],
  ['RTX-3080-10GB', 'GeForce RTX 3080 10GB', 'Ampere', 10, 10240, 10009, 760, 4],
  ['RTX-3070', 'GeForce RTX 3070', 'Ampere', 8, 8192, 7842, 448, 4],
  ['RTX-3060-12GB', 'GeForce RTX 3060 12GB', 'Ampere', 12, 12288, 11931, 360, 4],
  ['RTX-2080-Ti', 'GeForce RTX 2080 Ti', 'Turing', 11, 11264, 11012, 616, 8, 'NVLink bridge', 100],
  ['RTX-2070-SUPER', 'GeForce RTX 2070 SUPER', 'Turing', 8, 8192, 7982, 448, 2],
  ['RTX-2060', 'GeForce RTX 2060', 'Turing', 6, null, 5918, 336, 2],
  ['TITAN-RTX', 'TITAN RTX', 'Turing', 24, null, 24212, 672, 4, 'NVLink bridge', 100],
  ['GTX-1080-Ti', 'GeForce GTX 1080 Ti', 'Pascal', 11, 11264, 11172, 484, 4],
]
