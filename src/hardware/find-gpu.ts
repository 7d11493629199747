/**
 * Finds the GPU that a person, a driver or a log means. Case, spaces, punctuation and vendors' words do not matter:
 * `NVIDIA GeForce RTX 4090`, `rtx4090` and `4090` are one card. A name is read as model, memory and form factor:
 *
 * - memory, when said (`80GB`), must be the card's own, or within 8 % of it (a B200 is called 192 GB and has 180);
 * - form factor, when said (SXM, PCIe, NVL), must be the card's own; unsaid, SXM is meant where it exists;
 * - when several cards still remain, the usual one is meant (H100: 80 GB); else the name is refused as ambiguous.
 */
import { closest } from '../units.ts'
import { gpus, refitted } from './catalogue.ts'
import { type CustomGpu, customGpu, type Gpu } from './gpu.ts'

/** A GPU name that the catalogue does not hold, or that fits several cards; `suggestions` are ids it does hold. */
export class UnknownGpuError extends Error {
  readonly suggestions: string[]

  constructor(query: string, problem: string, suggestions: string[], remedy: string) {
    const shown = JSON.stringify(query.length > 60 ? `${query.slice(0, 60)}…` : query)
    super(`hardware.gpu: ${shown} ${problem}. ${remedy}`)
    this.name = 'UnknownGpuError'
    this.suggestions = suggestions
  }
}

/** Words that vendors and drivers put around a model's name. */
const noise =
  /\b(nvidia|geforce|tesla|quadro|amd|instinct|radeon|intel|apple|google|data ?center|gpu|graphics|card|generation|blackwell|workstation|server|edition|hbm\d?e?|gddr\d\w?|gfx\w+|nvl72)\b/g

/** Other names of a model; the A800 and H800 are the A100 and H100 with slower links. */
const alsoKnownAs: Record<string, string> = {
  a800: 'a100',
  h800: 'h100',
  dgxspark: 'gb10',
  trillium: 'v6e',
  mi250: 'mi250x',
  mi250xmi250: 'mi250x',
  w7900: 'prow7900',
  pro6000maxq: 'pro6000',
  '6000pro': 'pro6000',
}

/** Which of several is meant when a name does not say. */
const usual = ['H100-SXM-80GB', 'RTX-4090']

/** Names that give the CPU's memory for the GPU's. */
const exact: Record<string, string> = { 'gh200 480gb': 'gh200 96gb', 'gh200 120gb': 'gh200 96gb' }

interface Reading {
  /** Letters and digits of the model, without family: `4090`, `a100`, `m3max`. */
  model: string
  memoryGiB: number | null
  form: string | null
}

function read(text: string): Reading {
  let rest = text
    .slice(0, 200)
    .toLowerCase()
    .replace(/\([^)]*\)/g, ' ')
    .replace(/[-_/]+/g, ' ')
    .replace(noise, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  rest = Object.hasOwn(exact, rest) ? exact[rest] : rest
  const memory = /(?<![a-z0-9.])(\d+)\s*gi?b?\b/.exec(rest)
  const form = /\b(sxm|pci ?e|nvl)\d?\b/.exec(rest)
  const model = rest
    .replace(memory?.[0] ?? '', '')
    .replace(form?.[0] ?? '', '')
    .replace(/[^a-z0-9]/g, '')
    .replace(/^(rtx|gtx|rx|arc|tpu)/, '')
  return {
    model: Object.hasOwn(alsoKnownAs, model) ? alsoKnownAs[model] : model,
    memoryGiB: memory ? Number(memory[1]) : null,
    form: form ? form[1].replace(' ', '') : null,
  }
}

interface Entry {
  gpu: Gpu
  form: string | null
}

/** Letters and digits only. */
const squash = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Cards by whole name, squashed, and by model, under both id and name. */
const byName = new Map<string, Gpu>()
const byModel = new Map<string, Entry[]>()
for (const gpu of [...gpus, ...refitted]) {
  for (const name of [gpu.id, gpu.name, gpu.vendor + gpu.name]) byName.set(squash(name), gpu)
  const id = read(gpu.id)
  const name = read(gpu.name)
  const entry = { gpu, form: id.form ?? name.form }
  for (const model of new Set([id.model, name.model])) byModel.set(model, [...(byModel.get(model) ?? []), entry])
}

/**
 * The catalogue's GPU of that name.
 * @throws {UnknownGpuError} no card, or several, have that name
 */
export function findGpu(query: string): Gpu {
  const whole = byName.get(squash(query.slice(0, 200)))
  if (whole) return whole

  const { model, memoryGiB, form } = read(query)
  const named = byModel.get(model) ?? []
  const matches = [
    (entry: Entry) => form === null || entry.form === null || form === entry.form,
    (entry: Entry) => memoryGiB === null || Math.abs(entry.gpu.marketedGiB - memoryGiB) <= 0.08 * memoryGiB,
  ]
  const prefers = [
    (entry: Entry) => entry.gpu.marketedGiB === memoryGiB,
    (entry: Entry) => entry.form === 'sxm',
    (entry: Entry) => usual.includes(entry.gpu.id),
  ]
  let found = named.filter((entry) => matches.every((match) => match(entry)))
  for (const prefer of prefers) if (found.some(prefer)) found = found.filter(prefer)
  if (found.length === 1) return found[0].gpu

  if (found.length > 1) {
    const ids = found.map((entry) => entry.gpu.id)
    throw new UnknownGpuError(query, 'fits several cards', ids, `Say which: ${ids.join(', ')}.`)
  }
  const ids = named.length > 0 ? named.map((entry) => entry.gpu.id) : nearestGpus(query, 5)
  const remedy = 'give its memory: { "name", "memoryMiB" }.'
  const hint =
    ids.length > 0
      ? `Did you mean ${ids.join(', ')}? Or ${remedy}`
      : `No name there is like it: choose from the list (command line: oomscape gpus), or ${remedy}`
  throw new UnknownGpuError(query, 'is not in the catalogue', ids, hint)
}

/** The catalogue's GPU of that name; null when none or several have it. */
export function knownGpu(query: string): Gpu | null {
  try {
    return findGpu(query)
  } catch (error) {
    if (error instanceof UnknownGpuError) return null
    throw error
  }
}

/** A GPU as somebody describes it; what its chip is comes from the catalogue where the name begins with one that it holds (`RTX 2080 Ti 22GB`). */
export function ownGpu(given: CustomGpu): Gpu {
  const own = customGpu(given)
  const chip = knownGpu(given.name) ?? byModel.get(read(given.name).model)?.[0]?.gpu
  if (!chip) return own
  const { vendor, arch, formats, link, linkGBs } = chip
  return { ...own, vendor, arch, formats, link, linkGBs }
}

/** The ids whose letters are most like the query's, compared without vendors' words. */
export function nearestGpus(query: string, count: number): string[] {
  const plain = query.slice(0, 200).toLowerCase().replace(noise, ' ')
  return closest(
    plain,
    gpus.map((gpu) => gpu.id),
    count,
  )
}
