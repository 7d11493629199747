/** Kernels that only write: the physical limit of an adapter. The fastest of several ways counts. */
import type { Gpu } from '../../src/gpu/device.ts'

const ways = {
  'one cell per thread': `
    @group(0) @binding(0) var<storage, read_write> cells: array<vec2<u32>>;
    @compute @workgroup_size(64) fn main(@builtin(workgroup_id) g: vec3<u32>, @builtin(num_workgroups) n: vec3<u32>, @builtin(local_invocation_index) l: u32) {
      let i = (g.y * n.x + g.x) * 64u + l;
      if i < arrayLength(&cells) { cells[i] = vec2(l, g.x); }
    }`,
  'runs of 64 cells': `
    @group(0) @binding(0) var<storage, read_write> cells: array<vec2<u32>>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
      for (var i = id.x * 64u; i < id.x * 64u + 64u; i++) { cells[i] = vec2(i, id.y); }
    }`,
  'runs of 128 cells, two at a time': `
    @group(0) @binding(0) var<storage, read_write> cells: array<vec4<u32>>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
      for (var i = id.x * 64u; i < id.x * 64u + 64u; i++) { cells[i] = vec4(i, id.y, i, id.y); }
    }`,
}

/** One task per way, each filling `cells` × 8 bytes of the buffer and waiting for it; `cells` must be a multiple of 8192. */
export async function writeOnly(
  gpu: Gpu,
  buffer: GPUBuffer,
  cells: number,
): Promise<Record<string, () => Promise<void>>> {
  const { device } = gpu
  const perThread = [1, 64, 128]
  const tasks = Object.entries(ways).map(async ([name, code], way): Promise<[string, () => Promise<void>]> => {
    const module = device.createShaderModule({ code })
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } })
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer, size: cells * 8 } }],
    })
    const groups = cells / perThread[way] / 64
    const rows = Math.ceil(groups / 65535)
    return [
      name,
      async () => {
        const encoder = device.createCommandEncoder()
        const pass = encoder.beginComputePass()
        pass.setPipeline(pipeline)
        pass.setBindGroup(0, group)
        pass.dispatchWorkgroups(Math.ceil(groups / rows), rows)
        pass.end()
        device.queue.submit([encoder.finish()])
        await device.queue.onSubmittedWorkDone()
      },
    ]
  })
  return Object.fromEntries(await Promise.all(tasks))
}
