/** Reads switches out of a measurement's free text: command-line flags, log words and remarks on the meter. */

/** Numbers a text gives, by name; null where it does not. */
export function numberIn(text: string, ...patterns: RegExp[]): number | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text)
    if (found?.[1]) return Number(found[1].replace(/,/g, ''))
  }
  return null
}

export interface Settings {
  utilization: number | null
  maxModelLength: number | null
  maxBatchedTokens: number | null
  maxSequences: number | null
  context: number | null
  ubatch: number | null
  flash: boolean | null
  mlaMode: number | null
  cudaGraphs: boolean | null
  /** Tokens the published bytes are for. */
  forTokens: number | null
  partialOffload: boolean
  /** Sliding layers cached at full length, or at their window. */
  slidingCache: boolean | null
  /** What logs count outside weights, cache and activations. */
  overheadGiB: number | null
  /** NVML's first memory call counts what the driver keeps back as used (pynvml, py3nvml and tools on them). */
  countsReserve: boolean
  /** Total memory as the runtime sees it. */
  totalGiB: number | null
}

export function readSettings(text: string): Settings {
  const flash = numberIn(text, /\bflash_attn\s*=\s*([01])/)
  return {
    utilization: numberIn(
      text,
      /\b(?:gpu[_-]memory[_-]utilization|util(?:ization)?|mem[_-]fraction(?:[_-]static)?)[\s=:]+(0?\.\d+|1(?:\.0+)?)\b/i,
      /\b(?:kv_cache_)?free_gpu_mem(?:ory)?_fraction[\s=:]+(0?\.\d+)/i,
      /\b(0\.\d+) free fraction/i,
    ),
    maxModelLength: numberIn(text, /\bmax[_-]model[_-]len[\s=:]+([\d,]+)/i),
    maxBatchedTokens: numberIn(
      text,
      /\bmax[_-]num[_-](?:batched[_-])?tokens[\s=:]+([\d,]+)/i,
      /\bprofiled at ([\d,]+) tokens/i,
    ),
    maxSequences: numberIn(text, /\bmax[_-](?:num[_-]seqs|batch(?:[_-]size)?|running[_-]requests)[\s=:]+([\d,]+)/i),
    context: numberIn(text, /\bn_ctx\s*=\s*(\d+)/),
    ubatch: numberIn(text, /\bn_ubatch\s*=\s*(\d+)/),
    flash: flash === null ? null : flash === 1,
    mlaMode: numberIn(text, /\bmla_mode\s*=\s*(\d)/),
    cudaGraphs: /\benforce[_-]eager\b|\beager mode\b/i.test(text)
      ? false
      : /\bwith cuda graphs\b/i.test(text)
        ? true
        : null,
    forTokens: numberIn(text, /\bfor ([\d,]+) tokens\b/i),
    slidingCache: /\bfull-length KV for sliding|\bno SWA saving\b|\ball layers treated as full attention\b/i.test(text)
      ? false
      : /\bsliding window honou?red\b/i.test(text)
        ? true
        : null,
    overheadGiB:
      numberIn(text, /\bnon_torch(?:_memory)?[\s=:]+([\d.]+)\s*GiB/i) ??
      contextIn(text) ??
      total(text, /([\d.]+)\s*GB (?:GPU memory for )?(?:runtime buffers|decoder)\b/gi),
    countsReserve: /\bmemory_tracker\.py\b|\bNVML used\b|\bpy3?nvml\b/i.test(text),
    totalGiB: numberIn(text, /\btotal(?:_gpu_memory)?[\s=:]+([\d.]+)\s*GiB/i),
    partialOffload: /\bpartial CPU offload\b/i.test(text),
  }
}

/** A CUDA context measured alone. */
function contextIn(text: string): number | null {
  const mebibytes = numberIn(text, /(\d+) Mi?B CUDA context/i, /CUDA context \((\d+) Mi?B/i)
  return mebibytes === null ? null : mebibytes / 1024
}

/** Sum of all numbers that match; null when none does. */
function total(text: string, pattern: RegExp): number | null {
  const found = [...text.matchAll(pattern)].map((match) => Number(match[1]))
  return found.length === 0 ? null : found.reduce((a, b) => a + b, 0)
}
