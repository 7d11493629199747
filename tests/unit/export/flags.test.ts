/**
 * Every command of a broad set of scenarios against what each tool's own parser accepts: names of flags, how many values, their types and
 * choices, as flags/flags.py read them from vLLM 0.33.0, SGLang 0.5.23, llama.cpp (llama-cpp-python 0.3.36), accelerate 1.15.0, TRL 1.16.0,
 * DeepSpeed 0.19.8, and by hand from TensorRT-LLM's and Megatron-LM's sources; each file names its own.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type LaunchCommand, launchCommand } from '../../../src/export/launch/index.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario, ScenarioError } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { Scenario } from '../../../src/scenario/schema.ts'
import { scenarios } from './flags/scenarios.ts'

type Kind = string | string[]
interface Facts {
  flags: Record<string, Kind>
  config: string[]
  kv_cache_config: string[]
  keys: Record<string, string[]>
}

const facts = (file: string): Facts =>
  JSON.parse(readFileSync(new URL(`./flags/${file}.json`, import.meta.url), 'utf8')) as Facts

const accelerate = facts('accelerate')
const trl = facts('trl')
const deepspeed = facts('deepspeed')
const tensorrt = facts('tensorrt-llm')
const torchrun = { flags: { '--nproc-per-node': 'int', '--nnodes': 'int' } }

/** A command's programs, each with its plain words and the flags it takes. */
const programs: Record<string, [words: string[], flags: Record<string, Kind>][]> = {
  vLLM: [[['vllm', 'serve', '*'], facts('vllm').flags]],
  SGLang: [[['python', '-m', 'sglang.launch_server'], facts('sglang').flags]],
  'llama.cpp': [[['llama-server'], facts('llama-cpp').flags]],
  'TensorRT-LLM': [[['trtllm-serve', '*'], tensorrt.flags]],
  'Accelerate and TRL': [
    [['accelerate', 'launch'], accelerate.flags],
    [['sft.py'], trl.flags],
  ],
  'Megatron-LM': [
    [['torchrun'], torchrun.flags],
    [['pretrain_gpt.py'], facts('megatron').flags],
  ],
}

interface Case {
  scenario: Scenario
  found: LaunchCommand
}

function* commands(): Generator<Case> {
  for (const input of scenarios) {
    try {
      const resolved = resolve(parseScenario(input), architectureOf)
      const found = launchCommand(resolved)
      if (found) yield { scenario: resolved.scenario, found }
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error
    }
  }
}

/** What a POSIX shell makes of a line of bare and single-quoted words. */
function wordsOf(command: string): string[] {
  const line = command.replaceAll('\\\n', ' ')
  const words = line.match(/(?:[^\s'\\]|'[^']*'|\\.)+/g) ?? []
  return words.map((word) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, quoted?: string, one?: string) => quoted ?? one ?? ''),
  )
}

/** Why the tool's parser would refuse the command, or an empty list. */
function refusals({ tool, command }: LaunchCommand): string[] {
  const words = wordsOf(command)
  const wrong: string[] = []
  for (const [plain, flags] of programs[tool]) {
    for (const word of plain) {
      const next = words.shift()
      if (next !== word && (word !== '*' || !next || next.startsWith('-'))) wrong.push(`${next} for ${word}`)
    }
    const seen = new Set<string>()
    while (words.length > 0 && words[0].startsWith('--')) {
      const flag = words.shift() as string
      if (seen.has(flag)) wrong.push(`${flag} twice`)
      seen.add(flag)
      const values: string[] = []
      while (words.length > 0 && !words[0].startsWith('--') && !/\.py$/.test(words[0]))
        values.push(words.shift() as string)
      if (!Object.hasOwn(flags, flag)) wrong.push(`no flag ${flag}`)
      else if (!fits(flags[flag], values)) wrong.push(`${flag} ${values.join(' ')}`)
    }
  }
  return [...wrong, ...words]
}

function fits(kind: Kind, values: string[]): boolean {
  if (kind === 'flag') return values.length === 0
  if (kind === 'list') return values.length > 0
  const [value] = values
  if (values.length !== 1) return false
  if (Array.isArray(kind)) return kind.includes(value)
  if (kind === 'int') return /^-?\d+$/.test(value)
  if (kind === 'float') return value !== '' && Number.isFinite(Number(value))
  if (kind === 'bool') return /^(true|false)$/.test(value)
  return value !== ''
}

const all = [...commands()]
const fileOf = ({ found }: Case, name: string) => found.files.find((file) => file.name === name)?.text
const given = ({ found }: Case, flag: string) => {
  const words = wordsOf(found.command)
  return words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined
}

it('covers every tool, hundreds of different commands in all', () => {
  expect(new Set(all.map(({ found }) => found.tool))).toEqual(new Set(Object.keys(programs)))
  expect(new Set(all.map(({ found }) => found.command)).size).toBeGreaterThan(500)
})

it.each(Object.keys(programs))('%s takes every flag and value', (tool) => {
  const wrong = all
    .filter(({ found }) => found.tool === tool)
    .flatMap(({ found }) => refusals(found).map((why) => `${why}: ${found.command.replaceAll(' \\\n  ', ' ')}`))
  expect(wrong).toEqual([])
})

it('accelerate takes every key of fsdp.yaml, and as many processes as there are GPUs', () => {
  for (const one of all.filter(({ found }) => found.tool === 'Accelerate and TRL')) {
    const yaml = fileOf(one, 'fsdp.yaml')
    const { count } = one.scenario.hardware
    if (yaml === undefined) {
      expect(given(one, '--num_processes')).toBe(String(count))
      continue
    }
    expect(yaml).toContain(`\nnum_processes: ${count}\n`)
    for (const [, indent, key] of yaml.matchAll(/^( *)(\w+):/gm)) {
      if (indent) expect(accelerate.flags, key).toHaveProperty([`--${key}`])
      else expect(accelerate.config).toContain(key)
    }
    const degrees = [...yaml.matchAll(/parallelism_config_\w+_size: (\d+)/g)].map(([, n]) => Number(n))
    if (degrees.length > 0) expect(degrees.reduce((a, b) => a * b)).toBe(count)
  }
})

it('DeepSpeed takes every key, and the script says what the file says: the Trainer refuses a difference', () => {
  const told = all.filter((one) => fileOf(one, 'deepspeed.json') !== undefined)
  expect(told.length).toBeGreaterThan(50)
  for (const one of told) {
    const config = JSON.parse(fileOf(one, 'deepspeed.json') as string) as Record<string, unknown>
    const check = (where: string, part: Record<string, unknown>) => {
      for (const [key, value] of Object.entries(part)) {
        expect(deepspeed.keys[where]).toContain(key)
        if (typeof value === 'object') check(key, value as Record<string, unknown>)
      }
    }
    check('', config)
    expect(given(one, '--bf16')).toBe(String((config.bf16 as { enabled: boolean }).enabled))
    expect(given(one, '--fp16')).toBe(String((config.fp16 as { enabled: boolean }).enabled))
    expect(given(one, '--per_device_train_batch_size')).toBe(String(config.train_micro_batch_size_per_gpu))
    expect(given(one, '--gradient_accumulation_steps')).toBe(String(config.gradient_accumulation_steps))
  }
})

it('TensorRT-LLM takes every key of its file, which repeats the share of memory that the section would reset', () => {
  for (const one of all.filter(({ found }) => found.tool === 'TensorRT-LLM')) {
    const yaml = fileOf(one, 'trtllm.yaml') ?? ''
    for (const [, indent, key] of yaml.matchAll(/^( *)(\w+):/gm))
      expect(indent ? tensorrt.kv_cache_config : tensorrt.config).toContain(key)
    const share = given(one, '--kv_cache_free_gpu_memory_fraction')
    if (yaml.includes('kv_cache_config')) expect(yaml).toContain(`  free_gpu_memory_fraction: ${share}\n`)
  }
})

it('Megatron-LM’s global batch is micro-batches of every data-parallel rank', () => {
  for (const one of all.filter(({ found }) => found.tool === 'Megatron-LM')) {
    const number = (flag: string) => Number(given(one, flag) ?? 1)
    const model = ['--tensor-model-parallel-size', '--pipeline-model-parallel-size', '--context-parallel-size']
    const ranks = number('--nproc-per-node') * number('--nnodes')
    expect(ranks).toBe(one.scenario.hardware.count)
    const data = ranks / model.map(number).reduce((a, b) => a * b)
    expect(number('--global-batch-size') % (number('--micro-batch-size') * data)).toBe(0)
  }
})
