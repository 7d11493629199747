/**
 * The engine of a sweep in a terminal: Dawn (the `webgpu` package) where the user has installed it and it finds a real GPU, else the CPU.
 * Dawn is never a dependency: it is 130 MB, and it has crashed on software adapters.
 */
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { chooseEngine } from '../gpu/engine.ts'
import { CpuEvaluator } from '../sweep/cpu-evaluator.ts'
import type { Evaluator } from '../sweep/evaluator.ts'
import { UsageError } from './arguments.ts'

interface Dawn {
  create(options: string[]): GPU
  globals: object
}

/** Says on standard error which engine runs and why. @throws UsageError for an unknown engine, or a GPU that was asked for and is not there */
export async function startEngine(wanted: string): Promise<Evaluator> {
  if (wanted !== 'auto' && wanted !== 'gpu' && wanted !== 'cpu') {
    throw new UsageError(`--engine: ${JSON.stringify(wanted)} is not one of auto, gpu, cpu`)
  }
  const { evaluator, reason } = wanted === 'cpu' ? onCpu('it was asked for') : await find(wanted)
  process.stderr.write(`Engine: ${evaluator.name} (${reason})\n`)
  return evaluator
}

const onCpu = (reason: string) => ({ evaluator: new CpuEvaluator() as Evaluator, reason })

async function find(wanted: 'auto' | 'gpu'): Promise<{ evaluator: Evaluator; reason: string }> {
  const dawn = await loadDawn()
  if (dawn) {
    Object.assign(globalThis, dawn.globals)
    Object.defineProperty(globalThis, 'navigator', { value: { gpu: dawn.create([]) }, configurable: true })
    const choice = await chooseEngine(wanted)
    if (choice.kind === 'gpu') return { evaluator: choice.engine.evaluator, reason: 'WebGPU by Dawn' }
    if (wanted === 'gpu') throw new UsageError('--engine gpu: Dawn finds no GPU here; use --engine cpu')
    // Other reasons speak of browsers.
    return onCpu(/software/.test(choice.reason) ? choice.reason.replace(/\.$/, '') : 'Dawn finds no GPU here')
  }
  if (wanted === 'gpu') throw new UsageError('--engine gpu: Dawn is not installed; run npm install --no-save webgpu')
  return onCpu('Dawn is not installed: npm install webgpu')
}

/** The user's own copy: beside this program, or in the folder the command is run from. */
async function loadDawn(): Promise<Dawn | null> {
  for (const from of [import.meta.url, pathToFileURL(`${process.cwd()}/`).href]) {
    try {
      return (await import(pathToFileURL(createRequire(from).resolve('webgpu')).href)) as Dawn
    } catch {
      // Not there, or not for this platform.
    }
  }
  return null
}
