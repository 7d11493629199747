/** Finds entries by what people type: every word has to begin a word or stand inside one; whole words first. */
export interface Entry {
  value: string
  label: string
  /** Said beside the label: size, memory. */
  detail?: string
  /** More words it is found by. */
  also?: string
  /** Of several that match equally well, the one people mean. */
  usual?: boolean
}

interface Prepared {
  entry: Entry
  words: string[]
  squashed: string
}

const variants = new Set(['instruct', 'chat', 'it', 'base', 'hf'])

const prepared = new WeakMap<Entry, Prepared>()

/** Words of a name: `Llama-3.3-70B` is llama, 3.3, 70b. */
const wordsOf = (text: string) => text.toLowerCase().match(/[a-z]+|\d+(?:\.\d+)*[a-z]*/g) ?? []

function prepare(entry: Entry): Prepared {
  let known = prepared.get(entry)
  if (!known) {
    const text = `${entry.label} ${entry.value} ${entry.also ?? ''}`
    known = { entry, words: wordsOf(text), squashed: text.toLowerCase().replace(/[^a-z0-9.]/g, '') }
    prepared.set(entry, known)
  }
  return known
}

/** Of two names that match equally well the one with the higher number first: 3.3 before 3.1, 80GB before 40GB. */
const newer = new Intl.Collator('en', { numeric: true })

/** The entries that match, best first. All of them, in the order they came in, for an empty query. */
export function search(entries: readonly Entry[], query: string): Entry[] {
  const wanted = wordsOf(query)
  if (wanted.length === 0) return [...entries]
  return entries
    .map((entry) => ({ entry, score: score(prepare(entry), wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || newer.compare(b.entry.label, a.entry.label))
    .map(({ entry }) => entry)
}

function score({ words, squashed, entry }: Prepared, wanted: readonly string[]): number {
  let sum = 0
  for (const word of wanted) {
    if (words.includes(word)) sum += 4
    // `7` is 7B before it is 72B.
    else if (words.includes(`${word}b`)) sum += 3
    else if (words.some((own) => own.startsWith(word))) sum += 2
    else if (squashed.includes(word)) sum += 1
    else return 0
  }
  // A name that says little else is what was meant; which variant it is says nothing.
  return sum + (entry.usual ? 0.5 : 0) + 1 / (2 + wordsOf(entry.label).filter((word) => !variants.has(word)).length)
}
