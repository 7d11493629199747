/**
 * Which release of a framework was current in a month, for measurements that give a date instead of a version.
 * Months of the releases as published on PyPI and GitHub; only releases between which memory behaviour changed are needed.
 */
const releases: Record<string, [month: string, version: string][]> = {
  transformers: [
    ['2021-01', '4.2'],
    ['2022-01', '4.15'],
    ['2023-01', '4.25'],
    ['2023-05', '4.29'],
    ['2023-08', '4.31'],
    ['2023-10', '4.34'],
    ['2023-12', '4.36'],
    ['2024-03', '4.38'],
    ['2024-06', '4.41'],
    ['2024-09', '4.44'],
    ['2024-10', '4.45'],
    ['2024-11', '4.46'],
    ['2025-01', '4.48'],
    ['2025-03', '4.49'],
    ['2025-06', '4.52'],
    ['2025-10', '4.57'],
  ],
  peft: [
    ['2023-02', '0.2'],
    ['2023-07', '0.4'],
    ['2023-11', '0.6'],
    ['2024-03', '0.10'],
    ['2024-07', '0.12'],
    ['2024-12', '0.14'],
    ['2025-07', '0.16'],
  ],
  exllama: [
    ['2023-05', '1.0'],
    ['2023-09', '2.0'],
  ],
  // torchtitan had no release before 0.1; its loss is compiled since then.
  torchtitan: [
    ['2024-04', '0.0'],
    ['2025-02', '0.1'],
  ],
  litgpt: [
    ['2023-05', '0.0'],
    ['2024-03', '0.3'],
    ['2024-05', '0.4'],
    ['2024-10', '0.5'],
  ],
  torchtune: [
    ['2024-04', '0.1'],
    ['2024-08', '0.2'],
    ['2024-11', '0.4'],
  ],
  unsloth: [
    ['2023-12', '2023.12'],
    ['2024-11', '2024.11'],
  ],
  sglang: [
    ['2024-01', '0.1'],
    ['2025-06', '0.4.7'],
    ['2025-07', '0.4.8'],
    ['2025-10', '0.5.3'],
    ['2026-04', '0.5.10'],
  ],
  vllm: [
    ['2023-09', '0.2.0'],
    ['2024-01', '0.2.7'],
    ['2024-03', '0.3.3'],
    ['2024-05', '0.4.2'],
    ['2024-07', '0.5.1'],
    ['2024-09', '0.6.1'],
    ['2025-01', '0.6.6'],
    ['2025-02', '0.7.2'],
    ['2025-04', '0.8.3'],
    ['2025-07', '0.9.2'],
    ['2025-09', '0.10.2'],
    ['2025-12', '0.12.0'],
    ['2026-04', '0.19.0'],
  ],
}

/** Months of PyTorch's releases: what runs on one is not much younger. */
const torch: Record<string, string> = {
  '1.12': '2022-06',
  '1.13': '2022-10',
  '2.0': '2023-06',
  '2.1': '2023-11',
  '2.2': '2024-02',
  '2.3': '2024-06',
  '2.4': '2024-09',
  '2.5': '2024-12',
  '2.6': '2025-03',
  '2.7': '2025-06',
  '2.8': '2025-09',
}

/** Months of TRL's releases: what it trains with is of the same time. */
const trl: Record<string, string> = {
  '0.4': '2023-06',
  '0.7': '2023-09',
  '0.8': '2024-04',
  '0.9': '2024-06',
  '0.10': '2024-08',
  '0.11': '2024-09',
  '0.12': '2024-11',
  '0.13': '2024-12',
  '0.14': '2025-01',
  '0.15': '2025-02',
  '0.16': '2025-03',
  '0.17': '2025-04',
  '0.18': '2025-06',
  '0.19': '2025-06',
}

/** Words that only some releases print. */
const wording: Record<string, [RegExp, string][]> = {
  // "Memory profiling results: … initial_memory_usage=… peak_torch_memory=… non_torch_memory=…" (0.6.4 and 0.6.5).
  vllm: [[/\binitial(?:_memory_usage)?[\s=:]+[\d.]+\s*GiB/i, '0.6.4']],
}

/**
 * What a log that names no version is read as: the middle of the years its kind was published in, not today's release, which few logs are of. The
 * scenario itself means a recent release where it names none.
 */
const unnamed: Record<string, string> = { vllm: '0.12', 'llama.cpp': '6500', sglang: '0.5.3' }

/**
 * The version a row states (`transformers 4.38.2, torch 2.1.2`, `<=0.2.x (2023-12)`), or that its date or the words of its log imply;
 * null when nothing does.
 */
export function versionOf(runtime: string, text: string | null, settings: string): string | null {
  const logged = wording[runtime]?.find(([pattern]) => pattern.test(settings))?.[1] ?? unnamed[runtime] ?? null
  if (text === null) return logged
  const own = new RegExp(`${runtime.replace(/[.-]/g, '.?')}\\s*v?(\\d+\\.\\d+(?:\\.\\w+)?)`, 'i').exec(text)
  if (own) return own[1] ?? null
  const first = /^[<>=~ ]*(\d{1,2}\.\d+(?:\.\w+)*)/.exec(text)
  // A number below 3 is not transformers’ own but of what is built around it.
  if (first && !(runtime === 'transformers' && Number.parseInt(first[1] ?? '', 10) < 3))
    return (first[1] ?? '').replace(/\.x$/, '')
  const major = /^[<>=~ ]*(\d{1,2})\.x\b/.exec(text)
  if (major) return `${major[1]}.0`
  const known = releases[runtime]
  const month = /(20\d\d)(?:-(\d\d))?/.exec(text)
  const stamp = month
    ? `${month[1]}-${month[2] ?? '07'}`
    : (torch[/\btorch (\d+\.\d+)/.exec(text)?.[1] ?? ''] ?? trl[/\btrl[ =v]*(\d+\.\d+)/i.exec(text)?.[1] ?? ''])
  if (!stamp || !known) return logged
  return known.filter(([from]) => from <= stamp).at(-1)?.[1] ?? logged
}
