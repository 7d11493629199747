/** Names and quantities as sentences use them. */

import type { Verdict } from '../memory/estimate.ts'
import { layoutOf } from '../memory/layout.ts'
import { schemeOf } from '../memory/lower.ts'
import { cacheOf } from '../memory/precision/cache.ts'
import { trainingPart } from '../memory/training-part.ts'
import { displayName } from '../model/display-name.ts'
import type { Resolved } from '../scenario/resolve.ts'
import type { Scenario } from '../scenario/schema.ts'
import { type ByteUnit, formatHeadroom, formatInteger, formatTokens } from '../units.ts'
import { runtimeNames } from './options.ts'

/** `meta-llama/Meta-Llama-3-8B` is called Llama 3 8B. */
export function modelName(model: Scenario['model']): string {
  if (typeof model !== 'string') {
    const own = model._name_or_path ?? model.model_type
    if (typeof own !== 'string' || !own) return 'Custom model'
    // A publisher's id; anything else is the reader's own word.
    return own.includes('/') ? displayName(own.slice(0, 80)) : own.slice(0, 80).replace(/[-_]+/g, ' ')
  }
  return displayName(model)
}

export const gpuName = (gpu: string | { name: string }) =>
  typeof gpu === 'string' ? gpu.replaceAll('-', ' ') : gpu.name

/** `one RTX 4090`, `8 × H100 SXM 80GB` */
export const gpusInWords = ({ gpu, count }: Scenario['hardware']) =>
  count === 1 ? `one ${gpuName(gpu)}` : `${formatInteger(count)} × ${gpuName(gpu)}`

/** The weight precision in force, short. */
export const weightsName = (resolved: Resolved) => schemeOf(resolved).label

/** The cache precision in force, short. */
export const cacheName = ({ scenario }: Resolved) => cacheOf(scenario).id.toUpperCase()

export const tokensInWords = (tokens: number) => `${formatTokens(tokens)} token${tokens === 1 ? '' : 's'}`

export const sequencesInWords = (batch: number) => `${formatInteger(batch)} sequence${batch === 1 ? '' : 's'}`

/** Bytes left or missing without their sign, rounded against the reader's luck; a little is not nothing. */
export const spare = (bytes: number, unit: ByteUnit) =>
  formatHeadroom(bytes, unit)
    .slice(1)
    .replace(/^0\.00/, '< 0.01')

/** `tight, 1.07 GiB`, which are left */
export const leftInWords = (verdict: Verdict, headroom: number, unit: ByteUnit) =>
  `${verdict === 'tight' ? 'tight, ' : ''}${spare(headroom, unit)}`

export const verdictNames: Record<Verdict, string> = { fits: 'Fits', tight: 'Tight', oom: 'Out of memory' }

/** `fits, 1.24 GiB to spare` */
export function verdictInWords(verdict: Verdict, headroom: number, unit: ByteUnit): string {
  if (verdict === 'oom') return `out of memory, ${spare(headroom, unit)} short`
  return `${verdict === 'fits' ? 'fits,' : 'tight, only'} ${spare(headroom, unit)} to spare`
}

/** `an FP8`, `a BF16`: by how the first letter is read out, or the word. */
const withArticle = (name: string) => `${/^[AEFHILMNORSX]/i.test(name) ? 'an' : 'a'} ${name}`

/** What is asked, as the first half of a sentence that ends with the verdict. */
export function questionInWords(resolved: Resolved): string {
  const { scenario } = resolved
  const { task, batch, sequence, hardware, runtime } = scenario
  const model = `${modelName(scenario.model)} in ${weightsName(resolved)}`
  const replicas = layoutOf(resolved).data > 1
  const load = `${sequencesInWords(batch)} of ${tokensInWords(sequence)}`
  const where = `on ${gpusInWords(hardware)}`
  const by = runtime === 'guide' ? 'by the rule of thumb' : `with ${runtimeNames[runtime]}`
  if (task === 'inference') {
    return `${model} with ${withArticle(cacheName(resolved))} KV cache ${where} serves ${load}${replicas ? ' on each replica' : ''} ${by}`
  }
  // As 32-bit weights they are said already.
  const states = task === 'full' && schemeOf(resolved).bitsNominal < 32 && runtime !== 'guide'
  const kept = states && trainingPart().keepsFp32(resolved) ? ' with FP32 states' : ''
  const how = { full: 'Full fine-tuning', lora: 'LoRA fine-tuning', qlora: 'QLoRA fine-tuning' }[task]
  return `${how} of ${model}${kept} ${by} ${where}, ${load} a step${replicas ? ' per replica' : ''}`
}

/** A message without what only a terminal can do. */
export const onPage = (message: string) =>
  message
    .replace(/ \(command line: [^)]*\)/g, '')
    .replace('give its memory: { "name", "memoryMiB" }', 'describe your own')

/** A refusal beside what it is about: without the path of its field, without a list of all there is, and without other fields' refusals. */
export const besideField = (refusal: string) => onPage(refusal.replace(/^[\w.]+: |; [\w.]+: .*/gs, ''))
