/** What the command line makes of what is typed. Expected readings are written by hand. */
import { describe, expect, it } from 'vitest'
import { parseArguments, single, UsageError } from '../../../src/cli/arguments.ts'
import { table } from '../../../src/cli/output.ts'
import { parseAxisFlag, withSettings } from '../../../src/cli/settings.ts'
import { ScenarioError } from '../../../src/scenario/parse.ts'

const spec = { axis: 'field=values', csv: 'file', help: true as const }
const parse = (...args: string[]) => parseArguments(args, spec)

describe('arguments', () => {
  it('tells flags, operands and settings apart, in any order', () => {
    const found = parse('a.json', '--axis', 'batch=1..4', 'model=gpt2', '--csv=out.csv', '--axis=seq=1,2', '-')
    expect(found.operands).toEqual(['a.json', '-'])
    expect(found.settings).toEqual([['model', 'gpt2']])
    expect(found.flags.get('axis')).toEqual(['batch=1..4', 'seq=1,2'])
    expect(single(found, 'csv')).toBe('out.csv')
    expect(single(found, 'help')).toBeUndefined()
  })
  it('takes everything after -- as it is, and = inside a value', () => {
    expect(parse('--', '--axis', 'x=1').operands).toEqual(['--axis', 'x=1'])
    expect(parse('model={"a":"b=c"}').settings).toEqual([['model', '{"a":"b=c"}']])
    expect(parse('./a=b.json').operands).toEqual(['./a=b.json'])
  })
  it('refuses unknown flags with the nearest, missing values and unwanted ones', () => {
    expect(() => parse('--axes', 'x')).toThrow('--axes is not known here; did you mean --axis?')
    expect(() => parse('--constructor', 'x')).toThrow(UsageError)
    expect(() => parse('--csv')).toThrow('--csv needs a value: --csv file')
    expect(() => parse('--help=yes')).toThrow('--help takes no value')
    expect(() => single(parse('--csv', 'a', '--csv', 'b'), 'csv')).toThrow('twice')
  })
})

describe('settings', () => {
  it('reads each field as the kind it is, by path or short key', () => {
    const scenario = withSettings({ model: 'gpt2', batch: 2 }, [
      ['seq', '32k'],
      ['serving.gpuMemoryUtilization', '0.85'],
      ['runtimeVersion', '4.40'],
      ['serving.cudaGraphs', 'false'],
      ['lora.targets', 'q_proj,v_proj'],
      ['gpu', '{"name":"mine","memoryMiB":1000}'],
      ['kv', 'null'],
    ])
    expect(scenario).toEqual({
      model: 'gpt2',
      batch: 2,
      sequence: 32768,
      serving: { gpuMemoryUtilization: 0.85, cudaGraphs: false },
      runtimeVersion: '4.40',
      lora: { targets: ['q_proj', 'v_proj'] },
      hardware: { gpu: { name: 'mine', memoryMiB: 1000 } },
      precision: { kvCache: null },
    })
  })
  it('hands on what it cannot read, for the schema to refuse', () => {
    expect(withSettings({}, [['batch', 'many']])).toEqual({ batch: 'many' })
    expect(withSettings({}, [['batch', '-3']])).toEqual({ batch: -3 })
    expect(withSettings({}, [['batch', '1.5']])).toEqual({ batch: 1.5 })
  })
  it('refuses unknown fields with the nearest, and broken JSON', () => {
    expect(() => withSettings({}, [['bach', '1']])).toThrow('did you mean "batch"?')
    expect(() => withSettings({}, [['__proto__', '1']])).toThrow(ScenarioError)
    expect(() => withSettings({}, [['model', '{']])).toThrow('JSON')
  })
})

describe('axes', () => {
  it('reads lists, ranges, steps and log2 ranges', () => {
    expect(parseAxisFlag('weights=bf16,fp8')).toEqual({ field: 'precision.weights', values: ['bf16', 'fp8'] })
    expect(parseAxisFlag('gpus=1,2,4')).toEqual({ field: 'hardware.count', values: [1, 2, 4] })
    expect(parseAxisFlag('kv=null,fp8')).toEqual({ field: 'precision.kvCache', values: [null, 'fp8'] })
    expect(parseAxisFlag('batch=1..64')).toEqual({ field: 'batch', from: 1, to: 64 })
    expect(parseAxisFlag('batch=8..64:8')).toEqual({ field: 'batch', from: 8, to: 64, step: 8 })
    expect(parseAxisFlag('seq=1k..128k:log2')).toEqual({ field: 'sequence', from: 1024, to: 131072, scale: 'log2' })
    expect(parseAxisFlag('seq=1k..128k:log2:57')).toMatchObject({ scale: 'log2', points: 57 })
    expect(parseAxisFlag('model=microsoft/phi-2,gpt2')).toEqual({ field: 'model', values: ['microsoft/phi-2', 'gpt2'] })
    expect(parseAxisFlag('util=0.8,0.9')).toEqual({ field: 'serving.gpuMemoryUtilization', values: [0.8, 0.9] })
  })
  it('refuses what is no axis', () => {
    expect(() => parseAxisFlag('batch')).toThrow('must look like')
    expect(() => parseAxisFlag('batch=1..x')).toThrow('"x"')
    expect(() => parseAxisFlag('batch=1..8:2:3')).toThrow('only a log2 range')
    expect(() => parseAxisFlag('batch=1..8:log2:3:4')).toThrow('too many')
    expect(() => parseAxisFlag('btch=1..8')).toThrow('did you mean "batch"?')
  })
})

it('prints columns as wide as their widest cell', () => {
  expect(
    table([
      ['a', 'bb', 'c'],
      ['aaa', 'b', ''],
    ]),
  ).toBe('a    bb  c\naaa  b\n')
})
