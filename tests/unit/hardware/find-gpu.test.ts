/**
 * Names as drivers (nvidia-smi, torch.cuda.get_device_name, rocm-smi), published measurements and people write them,
 * against the cards they mean.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gpus } from '../../../src/hardware/catalogue.ts'
import { findGpu, ownGpu, UnknownGpuError } from '../../../src/hardware/find-gpu.ts'

const refusal = (query: string): UnknownGpuError => {
  try {
    findGpu(query)
  } catch (error) {
    if (error instanceof UnknownGpuError) return error
    throw error
  }
  throw new Error(`${query} was found`)
}

test('every GPU is found by id and by name, however written', () => {
  for (const gpu of gpus) {
    for (const name of [gpu.id, gpu.name, `${gpu.vendor} ${gpu.name}`]) {
      expect(findGpu(name)).toBe(gpu)
      expect(findGpu(name.toUpperCase())).toBe(gpu)
      expect(findGpu(` ${name.toLowerCase()} `)).toBe(gpu)
      expect(findGpu(name.replace(/[\s-]/g, ''))).toBe(gpu)
      expect(findGpu(name.replace(/\s/g, '_'))).toBe(gpu)
    }
  }
})

describe('names that drivers print', () => {
  test.each([
    ['NVIDIA GeForce RTX 4090', 'RTX-4090'],
    ['NVIDIA GeForce RTX 4090 Laptop GPU', 'RTX-4090-Laptop'],
    ['NVIDIA GeForce RTX 3060', 'RTX-3060-12GB'],
    ['NVIDIA H100 80GB HBM3', 'H100-SXM-80GB'],
    ['NVIDIA H100 PCIe', 'H100-PCIe-80GB'],
    ['NVIDIA H100 NVL', 'H100-NVL-94GB'],
    ['NVIDIA A100-SXM4-80GB', 'A100-SXM-80GB'],
    ['NVIDIA A100 80GB PCIe', 'A100-PCIe-80GB'],
    ['NVIDIA A100-PCIE-40GB', 'A100-PCIe-40GB'],
    ['Tesla V100-SXM2-32GB', 'V100-SXM-32GB'],
    ['Tesla P100-PCIE-16GB', 'P100-PCIe-16GB'],
    ['Tesla T4', 'T4'],
    ['NVIDIA A10G', 'A10G'],
    ['NVIDIA RTX 6000 Ada Generation', 'RTX-6000-Ada'],
    ['NVIDIA RTX PRO 6000 Blackwell Server Edition', 'RTX-PRO-6000'],
    ['NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition', 'RTX-PRO-6000'],
    ['NVIDIA GH200 480GB', 'GH200-96GB'],
    ['NVIDIA GH200 144G HBM3e', 'GH200-144GB'],
    ['NVIDIA H200 NVL', 'H200-NVL'],
    ['NVIDIA B200', 'B200'],
    ['AMD Instinct MI300X', 'MI300X'],
    ['AMD Instinct MI250X/MI250', 'MI250X'],
    ['Intel(R) Arc(TM) A770 Graphics', 'Arc-A770'],
    ['Intel(R) Data Center GPU Max 1550', 'Max-1550'],
  ])('%s is %s', (query, id) => {
    expect(findGpu(query).id).toBe(id)
  })
})

describe('names that published measurements use', () => {
  test.each([
    ['A100-80GB', 'A100-SXM-80GB'],
    ['A100-80GB-SXM', 'A100-SXM-80GB'],
    ['A100-40GB', 'A100-SXM-40GB'],
    ['A100-40GB-SXM', 'A100-SXM-40GB'],
    ['A800-80GB', 'A100-SXM-80GB'],
    ['H100-80GB', 'H100-SXM-80GB'],
    ['H100-96GB (HBM2e)', 'H100-SXM-96GB'],
    ['H20-96GB', 'H20'],
    ['H20-3e (139.72 GiB)', 'H20-3e'],
    ['H200-141GB', 'H200'],
    ['A10-24GB', 'A10'],
    ['A10G-24GB', 'A10G'],
    ['V100-16GB', 'V100-SXM-16GB'],
    ['V100-32GB', 'V100-SXM-32GB'],
    ['TITAN RTX 24GB', 'TITAN-RTX'],
    ['RTX A4000-16GB', 'RTX-A4000'],
    ['RTX A5000-24GB', 'RTX-A5000'],
    ['RTX 6000 Ada-48GB', 'RTX-6000-Ada'],
    ['RTX 6000 Ada Generation', 'RTX-6000-Ada'],
    ['RTX 3090 Ti', 'RTX-3090-Ti'],
    ['RTX 4090 48GB (modded)', 'RTX-4090-48GB'],
    ['RTX 4090-24GB', 'RTX-4090'],
    ['AMD MI50-32GB', 'MI50'],
    ['AMD Strix Halo gfx1151', 'Strix-Halo-128GB'],
  ])('%s is %s', (query, id) => {
    expect(findGpu(query).id).toBe(id)
  })

  test.each([
    'RTX 4090 + RTX 3070 Ti 8GB',
    'RTX 4090, RTX A6000, RTX 5090',
    'H200-class',
    '16GB GPU (model not named)',
    '80GB card',
    '24GB class',
    'CPU only (size independent of GPU)',
  ])('%s names no card and is refused', (query) => {
    expect(refusal(query).message).toContain('is not in the catalogue')
  })
})

describe('names that people type', () => {
  test.each([
    ['4090', 'RTX-4090'],
    ['RTX3090', 'RTX-3090'],
    ['3080', 'RTX-3080-10GB'],
    ['a6000', 'RTX-A6000'],
    ['H100', 'H100-SXM-80GB'],
    ['h100 sxm5', 'H100-SXM-80GB'],
    ['H100 94GB', 'H100-NVL-94GB'],
    ['B200 192GB', 'B200'],
    ['GB200 NVL72', 'GB200'],
    ['mi300x', 'MI300X'],
    ['7900 XTX', 'RX-7900-XTX'],
    ['W7900', 'PRO-W7900'],
    ['DGX Spark', 'GB10'],
    ['M3 Max 128GB', 'M3-Max-128GB'],
    ['apple m1 16 gb', 'M1-16GB'],
    ['TPU v5e', 'TPU-v5e'],
  ])('%s is %s', (query, id) => {
    expect(findGpu(query).id).toBe(id)
  })
})

describe('refusals', () => {
  test('a name that fits several cards lists them', () => {
    const error = refusal('A100')
    expect(error.suggestions).toEqual(['A100-SXM-80GB', 'A100-SXM-40GB'])
    expect(error.message).toBe('hardware.gpu: "A100" fits several cards. Say which: A100-SXM-80GB, A100-SXM-40GB.')
    expect(refusal('M3 Max').suggestions).toEqual([
      'M3-Max-36GB',
      'M3-Max-48GB',
      'M3-Max-64GB',
      'M3-Max-96GB',
      'M3-Max-128GB',
    ])
  })

  test('a card that does not exist with that memory lists those that do', () => {
    expect(refusal('A100 60GB').suggestions).toContain('A100-SXM-80GB')
    expect(refusal('RTX 3090 48GB').suggestions).toEqual(['RTX-3090'])
  })

  test('an unknown name gives the nearest ids and the way out', () => {
    const error = refusal('NVIDIA GeForce RTX 4099')
    expect(error.suggestions[0]).toBe('RTX-4090')
    expect(error.message).toMatch(
      /^hardware\.gpu: "NVIDIA GeForce RTX 4099" is not in the catalogue\. Did you mean RTX-4090, .*\? Or give its memory: \{ "name", "memoryMiB" \}\.$/,
    )
    for (const absurd of ['', 'asdfqwer']) {
      expect(refusal(absurd).suggestions).toEqual([])
      expect(refusal(absurd).message).toBe(
        `hardware.gpu: "${absurd}" is not in the catalogue. No name there is like it: choose from the list (command line: oomscape gpus), or give its memory: { "name", "memoryMiB" }.`,
      )
    }
  })

  test('any text is found or refused in one short line, never anything else', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('__proto__', 'constructor', 'toString'),
    )
    fc.assert(
      fc.property(text, (query) => {
        try {
          return gpus.includes(findGpu(query))
        } catch (error) {
          return error instanceof UnknownGpuError && error.message.length < 600 && !error.message.includes('\n')
        }
      }),
    )
  })
})

describe('cards with other memory than they are sold with', () => {
  test('a refitted RTX 4090 shows 49 140 MiB (tinygrad/open-gpu-kernel-modules#36) and is in no list', () => {
    expect(findGpu('RTX 4090 48GB')).toMatchObject({ arch: 'Ada', memoryMiB: 49_140 })
    expect(gpus.map(({ id }) => id)).not.toContain('RTX-4090-48GB')
  })

  test('one described by its memory keeps what its chip is', () => {
    const own = ownGpu({ name: 'RTX 2080 Ti 22GB', memoryMiB: 22_528 })
    const { vendor, arch, formats, link } = findGpu('RTX 2080 Ti')
    expect(own).toMatchObject({ id: 'RTX 2080 Ti 22GB', memoryMiB: 22_528, reserveMiB: 0, vendor, arch, formats, link })
    expect(ownGpu({ name: 'mine', memoryMiB: 22_528 })).toMatchObject({
      vendor: 'custom',
      arch: 'unknown',
      formats: null,
    })
  })
})
