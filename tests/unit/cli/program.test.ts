/**
 * The built program as a shell sees it: streams, exit codes, JSON. Numbers are checked against published ones: Llama 3 8B has 8 030 261 248
 * parameters and caches 131 072 B a token in 16 bit (2 × 32 layers × 8 heads × 128 × 2 B; arXiv:2407.21783, table 3).
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { version } from '../../../package.json'
import { buildCli } from '../../../scripts/build-cli.mjs'

const program = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
let folder: string

beforeAll(async () => {
  expect(buildCli()).toBe(true)
  folder = await mkdtemp(join(tmpdir(), 'oomscape-'))
}, 120_000)
afterAll(() => rm(folder, { recursive: true }))

interface Result {
  code: number | null
  out: string
  err: string
}

function oomscape(args: string[], input = ''): Promise<Result> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args])
    let out = ''
    let err = ''
    child.stdout.on('data', (data) => (out += data))
    child.stderr.on('data', (data) => (err += data))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

const llama = { model: 'meta-llama/Meta-Llama-3-8B', batch: 4, sequence: 8192, hardware: { gpu: 'H100-SXM-80GB' } }

describe('estimate', () => {
  it('answers one scenario from standard input with integers that add up', async () => {
    const { code, out, err } = await oomscape(['estimate', '-'], JSON.stringify(llama))
    expect([code, err]).toEqual([0, ''])
    const answer = JSON.parse(out)
    const { total, ...components } = answer.perGpu
    expect(Object.values<number>(components).reduce((a, b) => a + b)).toBe(total)
    expect(answer.parameters).toBe(8_030_261_248)
    expect(components.weights).toBe(2 * 8_030_261_248)
    expect(components.kvCache).toBe(4 * 8192 * 131_072)
    expect(Object.keys(answer)).toEqual([
      'perGpu',
      'range',
      'allocated',
      'capacity',
      'verdict',
      'parameters',
      'trainableParameters',
      'maxBatch',
      'maxSequence',
    ])
  })

  it('answers an array with an array, a refused scenario in its place, and exit code 2', async () => {
    const input = [llama, { ...llama, batch: 0 }, { ...llama, batch: 1 }]
    const { code, out, err } = await oomscape(['estimate', '-'], JSON.stringify(input))
    const answers = JSON.parse(out)
    expect(answers[1]).toEqual({ error: 'batch: 0 is less than 1, the least allowed', fields: ['batch'] })
    expect(answers[0].perGpu.kvCache).toBe(4 * answers[2].perGpu.kvCache)
    expect(code).toBe(2)
    expect(err).toBe(
      'oomscape: 1 of 3 scenarios were refused; the first is [1] batch: 0 is less than 1, the least allowed\n',
    )
    expect(await oomscape(['estimate', '-'], '[]')).toEqual({ code: 0, out: '[]\n', err: '' })
  })

  it('takes fields on the command line, over a file', async () => {
    const file = join(folder, 'scenario.json')
    await writeFile(file, `\ufeff${JSON.stringify(llama)}`)
    const { out } = await oomscape(['estimate', file, 'kv=fp8', 'batch=8'])
    expect(JSON.parse(out).perGpu.kvCache).toBe((8 * 8192 * 131_072) / 2)
  })

  it('takes what the page saves: a scenario beside its link and estimate', async () => {
    const saved = { link: 'https://example.org/#batch=4', scenario: llama, estimate: {} }
    expect(await oomscape(['estimate', '-'], JSON.stringify(saved))).toEqual(
      await oomscape(['estimate', '-'], JSON.stringify(llama)),
    )
  })

  it('answers a thousand scenarios in one process', async () => {
    const input = Array.from({ length: 1000 }, (_, i) => ({ ...llama, batch: i + 1 }))
    const { out } = await oomscape(['estimate', '-'], JSON.stringify(input))
    const answers: { perGpu: { kvCache: number } }[] = JSON.parse(out)
    expect(answers.map(({ perGpu }) => perGpu.kvCache)).toEqual(input.map(({ batch }) => batch * 8192 * 131_072))
  })
})

describe('errors are one line on standard error, nothing on standard output, exit code 2', () => {
  const cases: [name: string, args: string[], input: string, message: RegExp][] = [
    ['unknown command', ['estimat'], '', /"estimat" is not a command; did you mean "estimate"\?/],
    ['a command named like a property', ['constructor'], '', /not a command/],
    ['unknown flag', ['sweep', '--axs', 'x'], '', /did you mean --axis\?/],
    ['no input', ['estimate'], '', /standard input/],
    ['missing file', ['estimate', 'no-such-file.json'], '', /no-such-file\.json cannot be read: there is no such file/],
    ['folder', ['estimate', '.'], '', /it is a folder/],
    ['empty input', ['estimate', '-'], '', /empty/],
    ['broken JSON', ['estimate', '-'], '{\n"a": \n}', /standard input is not JSON/],
    ['not an object', ['estimate', '-'], '3', /scenario: 3 must be an object/],
    ['unknown field', ['estimate', '-'], '{"model":"gpt2","bach":1}', /bach: unknown field; did you mean "batch"\?/],
    ['prototype', ['estimate', '-'], '{"model":"gpt2","__proto__":{"batch":1}}', /__proto__/],
    ['fraction', ['estimate', '-'], '{"model":"gpt2","batch":1.5}', /batch: 1\.5 must be a whole number/],
    ['huge number', ['estimate', '-'], '{"model":"gpt2","batch":1e300}', /batch: 1e\+300/],
    ['unknown model', ['estimate', 'model=nope-9b'], '', /model: "nope-9b" is not in the catalogue/],
    ['unknown GPU', ['estimate', 'model=gpt2', 'gpu=H1000'], '', /H1000/],
    ['impossible layout', ['max', 'model=gpt2', 'gpus=5', 'tp=5'], '', /parallelism\.tensor: 5 does not divide/],
    ['unknown axis', ['sweep', 'model=gpt2', '--axis', 'btch=1..2'], '', /did you mean "batch"\?/],
    ['a sweep of nothing that exists', ['sweep', 'model=nope', '--axis', 'batch=1..2'], '', /not in the catalogue/],
    ['axes that are no list', ['sweep', '-'], '{"scenario":{"model":"gpt2"},"axes":3}', /axes: 3 must be a list/],
    ['unknown engine', ['verify', '--engine', 'tpu'], '', /auto, gpu, cpu/],
    ['a config that is none', ['import', '-'], '{"model_type":"t5"}', /t5/],
    ['a list for a config', ['import', '-'], '[]', /it has to be an object/],
    [
      'an index for a config',
      ['import', '-'],
      '{"weight_map":{"a":"b"}}',
      /weight_map: .* give the config\.json beside it/,
    ],
    ['a config of megabytes', ['import', '-'], `{"a":"${'x'.repeat(1.5e6)}"}`, /2 MB, too large for a config\.json/],
    ['a config nested deeply', ['import', '-'], `${'{"a":'.repeat(99)}1${'}'.repeat(99)}`, /nested more than 16 deep/],
    ['bytes that steer a terminal', ['import', '-'], '\u001b]0;title\u0007\u009b31m', /is not JSON/],
    ['a name that steers a terminal', ['estimate', 'model=\u009b31m\u202egpj'], '', /\\u009b31m\\u202egpj/],
  ]
  it.each(cases)('%s', async (_, args, input, message) => {
    const { code, out, err } = await oomscape(args, input)
    expect(err).toMatch(message)
    expect(err).toMatch(/^oomscape: [^\n]*\n$/)
    expect(err.trim()).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect([code, out]).toEqual([2, ''])
  })

  it('deep nesting', async () => {
    const deep = `{"model":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`
    const { code, err } = await oomscape(['estimate', '-'], deep)
    expect(code).toBe(2)
    expect(err.length).toBeLessThan(500)
  })
})

describe('sweep', () => {
  const args = ['sweep', 'model=llama-3-8b', '--axis', 'batch=1..3', '--axis', 'seq=1k..4k:log2', '--axis', 'gpus=1,3']

  it('writes every cell to standard output and says which engine ran on standard error', async () => {
    const { code, out, err } = await oomscape(args)
    const lines = out.split('\r\n')
    expect([code, lines.length]).toEqual([0, 1 + 2 * 3 * 3 + 1])
    expect(err).toMatch(/^Engine: /)
    expect(lines[0].startsWith('"hardware.count [GPUs]","sequence [tokens]","batch [sequences]","weights [B]",')).toBe(
      true,
    )
    expect(lines.at(-2)).toMatch(/^3,4096,3,,.*impossible,parallelism\.tensor/)
  })

  it('writes the same to a file, from the same sweep as JSON', async () => {
    const file = join(folder, 'out.csv')
    const sweep = {
      scenario: { model: 'llama-3-8b' },
      axes: [
        { field: 'batch', from: 1, to: 3 },
        { field: 'sequence', from: 1024, to: 4096, scale: 'log2' },
        { field: 'hardware.count', values: [1, 3] },
      ],
    }
    const { out } = await oomscape(['sweep', '-', '--csv', file], JSON.stringify(sweep))
    expect(out).toBe('')
    expect(await readFile(file, 'utf8')).toBe((await oomscape(args)).out)
  })

  it('says when a file cannot be written', async () => {
    const { code, err } = await oomscape([...args, '--csv', join(folder, 'missing', 'out.csv')])
    expect(code).toBe(2)
    expect(err).toContain('cannot be written')
  })

  it('ends quietly when its reader leaves', async () => {
    const child = spawn(process.execPath, [
      program,
      'sweep',
      'model=gpt2',
      '--axis',
      'batch=1..60000',
      '--axis',
      'seq=1..64',
    ])
    let err = ''
    child.stderr.on('data', (data) => (err += data))
    child.stdout.once('data', () => child.stdout.destroy())
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(code).toBe(0)
    expect(err).toMatch(/^Engine: [^\n]*\n$/)
  })
})

describe('the other commands', () => {
  it('max: the boundary holds one sequence and one token, and not one more', async () => {
    const scenario = { ...llama, hardware: { gpu: 'RTX-4090' } }
    const most = JSON.parse((await oomscape(['max', '-'], JSON.stringify(scenario))).out)
    const at = [
      { ...scenario, batch: most.maxBatch },
      { ...scenario, batch: most.maxBatch + 1 },
      { ...scenario, sequence: most.maxSequence },
      { ...scenario, sequence: most.maxSequence + 1 },
      { ...scenario, batch: most.safe.maxBatch },
      { ...scenario, batch: most.safe.maxBatch + 1 },
    ]
    const { out } = await oomscape(['estimate', '-'], JSON.stringify(at))
    expect(JSON.parse(out).map(({ verdict }: { verdict: string }) => verdict === 'oom')).toEqual([
      false,
      true,
      false,
      true,
      false,
      most.safe.maxBatch === most.maxBatch,
    ])
    expect(JSON.parse(out)[4].verdict).toBe('fits')
    // In whole blocks of 16, as vLLM counts them (v1/core/kv_cache_utils.py, num_blocks).
    expect(most.pool.tokens).toBe(16 * Math.floor(most.pool.bytes / 131_072 / 16))
  })

  it('max: 141 GB of weights (70.6 B × 2 B) need two GPUs of 80 GB, and sixteen of 16 GB, which eight could not hold', async () => {
    const { out } = await oomscape([
      'max',
      'model=meta-llama/Llama-3.1-70B',
      'gpu=H100-SXM-80GB',
      'seq=1k',
      'util=0.97',
    ])
    expect(JSON.parse(out).fewestGpus).toBe(2)
    const small = await oomscape(['max', 'model=meta-llama/Llama-3.1-70B', 'gpu=T4', 'gpus=1', 'seq=1k'])
    expect(JSON.parse(small.out)).toMatchObject({ maxBatch: 0, maxSequence: 0, fewestGpus: 16 })
  })

  it('max: what every data-parallel replica holds whole fits on no number of GPUs as it is, and on some with ZeRO 3 and more', async () => {
    const run = {
      model: 'Qwen/Qwen2.5-7B',
      task: 'full',
      batch: 4,
      sequence: 8192,
      hardware: { gpu: 'A100-SXM-80GB', count: 8 },
    }
    const answer = JSON.parse((await oomscape(['max', '-'], JSON.stringify(run))).out)
    expect(answer.fewestGpus).toBeNull()
    const { 'hardware.count': count, ...fields } = answer.fewestGpusWith
    const settings = Object.entries({ 'hardware.count': count, ...fields }).map(([path, value]) => `${path}=${value}`)
    const changed = JSON.parse((await oomscape(['estimate', '-', ...settings], JSON.stringify(run))).out)
    expect(changed.verdict).not.toBe('oom')
  })

  it('explain: two sequences of Llama 3 8B, 8192 tokens each, 131 072 B a token', async () => {
    const { out } = await oomscape(['explain', 'model=llama-3-8b', 'batch=2', 'seq=8k', '--of', 'kvCache'])
    expect(out.replaceAll('\u202f', '')).toContain('kvCache: 2147483648 B\n')
    expect(out.replaceAll('\u202f', '')).toContain('= 2 × 1073741824')
    const wrong = await oomscape(['explain', 'model=llama-3-8b', '--of', 'kvcach'])
    expect([wrong.code, wrong.err]).toEqual([2, 'oomscape: --of: "kvcach" is no component; did you mean kvCache?\n'])
  })

  it('verify finds no difference', async () => {
    const { code, out } = await oomscape(['verify', '--engine', 'cpu'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ engine: 'CPU', mismatches: 0, first: null })
  })

  it('models and gpus refuse words that nothing is called by, with what is near', async () => {
    const odd = await oomscape(['models', 'extra-argument'])
    expect([odd.code, odd.out]).toEqual([2, ''])
    expect(odd.err).toMatch(
      /^oomscape: no known model is called "extra-argument"; without words it lists every model$/m,
    )
    expect((await oomscape(['gpus', 'RTX-4099'])).err).toMatch(
      /no known GPU is called "RTX-4099"; did you mean RTX-4090/,
    )
    const absurd = await oomscape(['estimate', 'model=asdfqwer'])
    expect(absurd.err).toMatch(/"asdfqwer" is not in the catalogue\. No name there is like it: give its config\.json/)
    expect((await oomscape(['estimate', '--model', 'gpt2'])).err).toContain('without dashes: model=gpt2')
  })

  it('models, gpus and import know the catalogues', async () => {
    expect((await oomscape(['models', 'meta-llama', '3-8b'])).out).toMatch(
      /^meta-llama\/Meta-Llama-3-8B\s+8\u202f030\u202f261\u202f248\s+32 layers$/m,
    )
    expect((await oomscape(['gpus', 'rtx', '4090'])).out).toMatch(/^RTX-4090 .*GiB/m)
    expect(JSON.parse((await oomscape(['import', 'openai-community/gpt2'])).out).parameters.total).toBe(124_439_808)
  })

  it('import reads the header of a GGUF file of any size', async () => {
    const golden = JSON.parse(await readFile('tests/unit/model/gguf-golden.json', 'utf8'))
    const file = join(folder, 'model.gguf')
    await writeFile(file, Buffer.from(golden.llama.header, 'base64'))
    // Longer than a file that Node reads at once.
    await truncate(file, 3 * 2 ** 30)
    const { code, out, err } = await oomscape(['import', file])
    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(out).modelType).toBe('llama')
    await writeFile(file, Buffer.from(golden.llama.header, 'base64').subarray(0, 100))
    expect((await oomscape(['import', file])).err).toMatch(/the file ends in the middle of it, at byte 100/)
    await truncate(file, 0)
    await truncate(file, 3 * 2 ** 30)
    const none = await oomscape(['import', file])
    expect([none.code, none.err]).toEqual([2, expect.stringMatching(/too large for a config\.json/)])
  })

  it('help and version', async () => {
    expect((await oomscape(['--version'])).out).toBe(`${version}\n`)
    expect((await oomscape([])).out).toBe((await oomscape(['--help'])).out)
    expect((await oomscape(['sweep', '--help'])).out).toContain('--axis')
  })
})
