/** Which GPUs people have or can get: what is named first among equals, and offered. */

/** What most people rent or buy, smaller first. */
export const popularGpus = ['RTX-4090', 'RTX-5090', 'L40S', 'A100-SXM-80GB', 'H100-SXM-80GB', 'H200', 'B200', 'MI300X']

/** Those, and the others that many have. */
export const commonGpus: readonly string[] = [
  ...popularGpus,
  'T4',
  'L4',
  'A10G',
  'A100-SXM-40GB',
  'A100-PCIe-40GB',
  'A100-PCIe-80GB',
  'H100-PCIe-80GB',
  'RTX-3060-12GB',
  'RTX-3090',
  'RTX-4080',
  'RTX-4070',
  'RX-7900-XTX',
  'MI210',
]
