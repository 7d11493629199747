/**
 * The keys under which a model's name is found: organisation, case, spaces and punctuation do not matter, and the
 * endings of variants that share an architecture (-Instruct, -AWQ, …) may be there or not. Names are compared as
 * words, so that 2.5-3B and 2-53B stay different.
 */

/** Words at the end of a name that never change the architecture; a number belongs to the word before it. */
const VARIANT = new RegExp(
  ` (${[
    'instruct|chat|it|pt|base|hf|gguf|awq|gptq|mlx|exl 2|dynamic|quantized',
    'unsloth bnb 4bit|bnb 4bit|bnb 8bit|4bit|8bit|int 4|int 8',
    'bf 16|fp 16|fp 8|fp 8 dynamic|nvfp 4|nvfp 4a16|mxfp 4|w4a16|w8a8|w8a16|autoround',
  ].join('|')})$`,
)

/** `meta-llama/Llama-3.1-8B (AWQ)` → `llama 3.1 8b awq`; `llama3.1 8b awq` gives the same. */
export function nameKey(name: string): string {
  const own = name.slice(0, 200).toLowerCase().replace(/^.*\//, '')
  const words = own.match(/[a-z0-9]+(?:\.[0-9]+)*[a-z0-9]*/g) ?? []
  return words.map((word) => word.replace(/^([a-z]{2,})(?=\d)/, '$1 ')).join(' ')
}

/** The key without variant endings: `llama 3.1 8b instruct awq` → `llama 3.1 8b`. */
export const baseKey = (key: string): string => shorterKeys(key).at(-1) ?? key

/** The key, then without its last ending, and so on: `… instruct awq`, `… instruct`, `…`. */
export function shorterKeys(key: string): string[] {
  const shorter = key.replace(VARIANT, '')
  return shorter === key ? [key] : [key, ...shorterKeys(shorter)]
}

/**
 * What endings say of the format the weights are published in, the more telling first: a `quant_method`, or a weight scheme of src/memory/precision.
 * `4bit`, `gguf` and the like leave it open.
 */
const ENDINGS: [ending: RegExp, format: string][] = [
  [/\bfp 8 dynamic\b/, 'fp8-channel'],
  [/\bfp 8\b/, 'fp8'],
  [/\bnvfp 4(a16)?\b/, 'nvfp4'],
  [/\bw4a16\b|\bautoround\b/, 'w4a16'],
  [/\bw8a8\b/, 'w8a8-int8'],
  [/\bgptq\b.*(int 8|8bit)\b|\bw8a16\b/, 'gptq-int8'],
  [/\bgptq\b/, 'gptq'],
  [/\bawq\b/, 'awq'],
  [/\bbnb 8bit\b/, 'llm.int8'],
  [/\bbnb 4bit\b/, 'bitsandbytes'],
  [/\bint 4\b/, 'w4a16'],
  [/\bint 8\b/, 'w8a8-int8'],
]

/** @param endings of a name, e.g. ` instruct gptq int 4` */
export const formatInName = (endings: string): string | null =>
  ENDINGS.find(([ending]) => ending.test(endings))?.[1] ?? null
