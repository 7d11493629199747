/** A scenario's GPU by any of its names is one GPU. Names as drivers, vendors and people give them (NVIDIA's and Intel's product pages). */
import { expect, it } from 'vitest'
import { parseScenario } from '../../../src/scenario/parse.ts'

it.each([
  ['H100', 'H100-SXM-80GB'],
  ['NVIDIA H100 80GB HBM3', 'H100-SXM-80GB'],
  ['4090', 'RTX-4090'],
  ['Tesla T4', 'T4'],
  ['RTX-4090', 'RTX-4090'],
])('%s is %s', (name, id) => {
  expect(parseScenario({ model: 'any', hardware: { gpu: name } }).hardware.gpu).toBe(id)
})

it('leaves unknown and ambiguous names, and GPUs given by their memory, as they are', () => {
  for (const gpu of ['no such card', 'M3 Max', { name: 'RTX-4090', memoryMiB: 9000, reserveMiB: 0 }]) {
    expect(parseScenario({ model: 'any', hardware: { gpu } }).hardware.gpu).toEqual(gpu)
  }
})

it('trains with Transformers and serves with vLLM where no runtime is named', () => {
  expect(parseScenario({ model: 'any' }).runtime).toBe('vllm')
  for (const task of ['full', 'lora', 'qlora'])
    expect(parseScenario({ model: 'any', task }).runtime).toBe('transformers')
})

it('refuses to train with what only serves, and names what trains', () => {
  expect(() => parseScenario({ model: 'any', task: 'lora', runtime: 'vllm' })).toThrow(
    /^runtime: "vllm" serves models and cannot train them; for task "lora" use one of .*transformers, peft/,
  )
})

it('takes no names with what cannot be seen: it turns a line around, or makes two names look alike', () => {
  expect(() => parseScenario({ model: 'gpt2\u200b' })).toThrow(/^model: "gpt2\\u200b" holds an invisible character/)
  const gpu = (name: string) => ({ model: 'gpt2', hardware: { gpu: { name, memoryMiB: 1000 } } })
  expect(() => parseScenario(gpu('\u202eevil'))).toThrow(/invisible/)
  expect(parseScenario(gpu('Карта 中文')).hardware.gpu).toMatchObject({ name: 'Карта 中文' })
})

it('looks at no config that is too large or too deep to be one', () => {
  const wide = Object.fromEntries(Array.from({ length: 300_000 }, (_, i) => [`k${i}`, i]))
  expect(() => parseScenario({ model: wide })).toThrow(/^model: holds more than 200000 values/)
  const deep = JSON.parse(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`)
  expect(() => parseScenario({ model: deep })).toThrow(/^model: is nested more than 16 deep/)
})

it('takes nothing but objects for objects', () => {
  expect(() => parseScenario({ model: 'any', hardware: [] })).toThrow(/^hardware: \[\] must be an object/)
  expect(() => parseScenario({ model: 'any', precision: null })).toThrow(/^precision: null must be an object/)
})

it.each([
  ['ollama', 'llama.cpp'],
  ['LM-Studio', 'llama.cpp'],
  ['exllamav2', 'exllama'],
  ['trtllm', 'tensorrt-llm'],
  ['hf', 'transformers'],
])('takes %s for %s', (said, runtime) => {
  expect(parseScenario({ model: 'any', runtime: said }).runtime).toBe(runtime)
})

it('still refuses runtimes it does not know', () => {
  expect(() => parseScenario({ model: 'any', runtime: 'lmdeploy' })).toThrow(/^runtime: "lmdeploy" is not one of/)
})
