/**
 * The keys under which a model's name is found: organisation, case, spaces and punctuation do not matter, and the
 * endings of variants that share an architecture (-Instruct, -AWQ, …) may be there or not. Names are compared as
 * words, so that 2.5-3B and 2-53B stay different.
 */

/** Types of GGUF files as file names and tags end with them, `UD-` being unsloth's own mixes. */
const GGUF_TYPE = 'ud|(?:q|iq |tq )\\d(?: (?:[0-9k](?: (?:xxs|xs|s|m|l|xl))?|xxs|xs|s|m|nl))?'

/** Words that say what a model was trained for; within a name too they never change the architecture. */
const TRAINING = 'instruct|chat|it|pt|base|thinking|think|reasoning'

/** Words at the end of a name that never change the architecture; a number belongs to the word before it. */
const VARIANT = new RegExp(
  ` (${[
    TRAINING,
    'hf|gguf|i1|imatrix|awq|gptq|mlx|exl 2|exl 3|dynamic|quantized|qat|unquantized|dwq|abliterated',
    'unsloth bnb 4bit|bnb 4bit|bnb 8bit|[34568]bit|int 4|int 8',
    'f16|f32|bf 16|fp 16|fp 4|fp 8|fp 8 dynamic|fp 8 block|fp 8 kv|nvfp 4|nvfp 4a16|mxfp 4|mxfp 8|w4a16|w8a8|w8a16|autoround',
    GGUF_TYPE,
  ].join('|')})$`,
)

/** An address of a model on a hub, with or without what follows the model. */
const HUB = /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co|modelscope\.cn\/models)\/([^/]+\/[^/?#]+).*$/i

/** `https://huggingface.co/Qwen/Qwen3-8B/tree/main` → `Qwen/Qwen3-8B`; other names as they are. */
export const withoutAddress = (name: string): string => name.slice(0, 300).trim().replace(HUB, '$1')

/** `meta-llama/Llama-3.1-8B (AWQ)` → `llama 3.1 8b awq`; `llama3.1 8b awq` gives the same. */
export function nameKey(name: string): string {
  const own = withoutAddress(name)
    .slice(0, 200)
    .toLowerCase()
    .replace(/^.*\//, '')
    // One of the files that a large one is cut into.
    .replace(/-\d{5}-of-\d{5}(?=\.gguf$)/, '')
  const words = own.match(/[a-z0-9]+(?:\.[0-9]+)*[a-z0-9]*/g) ?? []
  const key = words.map((word) => word.replace(/^([a-z]{2,})(?=\d)/, '$1 ')).join(' ')
  return key.replace(/^(?:meta (?=llama)|nvidia (?=nemotron)|c4ai )/, '')
}

/** The key without variant endings: `llama 3.1 8b instruct awq` → `llama 3.1 8b`. */
export const baseKey = (key: string): string => shorterKeys(key).at(-1) ?? key

/** The key, then without its last ending, and so on: `… instruct awq`, `… instruct`, `…`. */
export function shorterKeys(key: string): string[] {
  const shorter = key.replace(VARIANT, '')
  return shorter === key ? [key] : [key, ...shorterKeys(shorter)]
}

/** The key without what the model was trained for, wherever that stands: `apertus 8b instruct 2509` → `apertus 8b 2509`. */
export const untrainedKey = (key: string): string => key.replace(new RegExp(` (${TRAINING})(?= |$)`, 'g'), '')

/** Without the active parameters of a mixture: `qwen 3 30b a3b` → `qwen 3 30b`. */
export const totalKey = (key: string): string => key.replace(/(?<=\d[bm]) [ae]\d[\d.]*[bm](?= |$)/, '')

/**
 * What endings say of the format the weights are published in, the more telling first: a `quant_method`, or a weight scheme of src/memory/precision.
 * `4bit`, `gguf` and the like leave it open.
 */
const ENDINGS: [ending: RegExp, format: string][] = [
  [/\bfp 8 dynamic\b/, 'fp8-channel'],
  [/\bfp 8\b/, 'fp8'],
  // NVIDIA's repositories that end in FP4.
  [/\b(nv)?fp 4(a16)?\b/, 'nvfp4'],
  [/\bw4a16\b|\bautoround\b/, 'w4a16'],
  [/\bw8a8\b/, 'w8a8-int8'],
  [/\bgptq\b.*(int 8|8bit)\b|\bw8a16\b/, 'gptq-int8'],
  [/\bgptq\b/, 'gptq'],
  [/\bawq\b/, 'awq'],
  [/\bbnb 8bit\b/, 'llm.int8'],
  [/\bbnb 4bit\b/, 'bitsandbytes'],
  [/\bint 4\b/, 'w4a16'],
  [/\bint 8\b/, 'w8a8-int8'],
  [/\bbf 16\b/, 'bf16'],
]

/** `q4 k m`, `iq 4 xs`, `q8 0`; not after `ud`, which says that the mix is another. */
const MIX = /(?<!\bud )\b(i?q) ?(\d) (k(?: (?:s|m|l))?|[01]|xxs|xs|s|m|nl)(?= gguf| i1|$)/

/** @param endings of a name, e.g. ` instruct gptq int 4` */
export function formatInName(endings: string): string | null {
  const [, type, bits, rest] = MIX.exec(endings) ?? []
  if (rest !== undefined) return `${type}${bits}_${rest.replace(' ', '_')}`
  return ENDINGS.find(([ending]) => ending.test(endings))?.[1] ?? null
}
