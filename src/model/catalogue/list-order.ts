/** In which order a list shows the catalogue before anything is searched for. */
import { displayName } from '../display-name.ts'
import type { CatalogueEntry } from './entry.ts'

/** Publishers whose models most people look for, in this order; others follow by name. */
const publishers = [
  'meta-llama',
  'Qwen',
  'openai',
  'deepseek-ai',
  'google',
  'mistralai',
  'microsoft',
  'zai-org',
  'moonshotai',
  'nvidia',
]

/** Models that write nothing are looked for least. */
const encoders = ['google-bert']

function rank(id: string): number {
  const publisher = id.split('/')[0]
  if (encoders.includes(publisher)) return publishers.length + 1
  const place = publishers.indexOf(publisher)
  return place < 0 ? publishers.length : place
}

/** `Llama 3.3 70B` is of version 3.3; sizes and dates are none. */
const version = (name: string) => Number(/(?<![\d.])[1-9](\.\d)?(?![\w.])/.exec(name)?.[0] ?? 0)

const numeric = new Intl.Collator('en', { numeric: true })

/** A name with its size in billions, to compare: 270M is less than 1B. */
const inBillions = (name: string) => name.replace(/\b(\d{3})M\b/, '0.$1B')

/** By publisher, the highest version first; of a version by name downwards, which puts the larger first. What remains stands by name. */
export function inListOrder(entries: readonly CatalogueEntry[]): CatalogueEntry[] {
  const keyed = entries.map((entry) => {
    const name = inBillions(displayName(entry.id))
    return { entry, name, rank: rank(entry.id), version: version(name) }
  })
  keyed.sort((a, b) => {
    if (a.rank !== b.rank) return a.rank - b.rank
    if (a.rank >= publishers.length) return numeric.compare(a.name, b.name)
    return b.version - a.version || numeric.compare(b.name, a.name)
  })
  return keyed.map(({ entry }) => entry)
}
