/** Models' names as people and publishers write them, by a few rules and the spellings that no rule gives. */

/** Words that are spelt otherwise than with a capital first letter; a number may follow. */
const spellings = new Map(
  'HF IT OPT BLOOM RW MPT LLaMA XL MoE LLM GLM InternLM StarCoder StableLM DBRX ChatGLM H2O BERT GPT NeoX DeepSeek'
    .split(' ')
    .map((word) => [word.toLowerCase(), word]),
)

/** `google/gemma-3-27b-it` is called Gemma 3 27B IT, `internlm/internlm2_5-7b-chat` InternLM2.5 7B Chat. */
export const displayName = (id: string): string =>
  id
    .replace(/^.*\/(?=.)/, '')
    .replace(/^(Meta|NVIDIA|c4ai)-/, '')
    // Repositories whose files Transformers reads; beside GLM's own format it tells two entries apart.
    .replace(/(?<!chat)-hf$/, '')
    .replace(/(?<=\d)_(?=\d)/g, '.')
    .split(/[-_\s]+/)
    .map(spelt)
    .join(' ')
    .replace(/^(GPT|Phi|GLM|Grok|Yi(?= 1\.)) (?=[A-Z\d])/, '$1-')
    .replace(/^(Falcon|Nemotron|Seed) (?=H|OSS)/, '$1-')
    .replace('GPT-Oss', 'gpt-oss')
    .replace('MAI DS ', 'MAI-DS-')
    .replace('CodeLlama', 'Code Llama')
    .replace('R Plus', 'R+')
    // AI2 dates its releases; a size tells them apart.
    .replace(/^(OLMo.*?) (?:1124|0325|0924)\b/, '$1')

function spelt(word: string): string {
  const known = spellings.get(word)
  if (known) return known
  // Sizes, active parameters, context: 27b, a400m, 4k, Command's r7b; a mixture's 8x7B keeps its x.
  if (/^(?:[ae]?\d[^x]*|r\d+b)$/.test(word)) return word.toUpperCase()
  const [, letters = '', digits = ''] = /^([a-z]+)([\d.]*)$/.exec(word) ?? []
  if (!letters || (letters === 'v' && digits)) return word
  const family = spellings.get(letters)
  if (family) return `${family}${family === 'GPT' && digits ? '-' : ''}${digits}`
  return word[0].toUpperCase() + word.slice(1)
}
