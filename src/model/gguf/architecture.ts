/**
 * From a GGUF header to an Architecture: the metadata is put into the words of a Hugging Face config, so that one set
 * of family rules serves both. What the file's tensors show (tied head, biases, vocabulary) is taken from them.
 * Keys: gguf-py/gguf/constants.py of llama.cpp.
 */
import type { Architecture } from '../architecture.ts'
import { ModelImportError, shown } from '../errors.ts'
import { importHuggingFaceConfig } from '../hugging-face/import.ts'
import { countParameters } from '../parameters.ts'
import type { GgufFile, GgufTensor, GgufValue } from './read.ts'

type Config = Record<string, unknown>
type Translate = (file: Metadata) => Config

/** Attention with grouped keys, gated MLP: what most architectures share. */
const common: Translate = (file) => ({
  hidden_size: file.get('embedding_length'),
  num_hidden_layers: file.get('block_count'),
  intermediate_size: file.uniform('feed_forward_length'),
  num_attention_heads: file.uniform('attention.head_count'),
  num_key_value_heads: file.uniform('attention.head_count_kv'),
  head_dim: file.get('attention.key_length'),
  max_position_embeddings: file.get('context_length'),
  sliding_window: file.get('attention.sliding_window'),
  vocab_size: file.vocabulary(),
  tie_word_embeddings: !file.holds('output.weight'),
})

const llama: Translate = (file) => {
  const { sliding_window: _, ...rest } = common(file)
  const biased = file.holds('blk.0.attn_q.bias')
  if (biased !== file.holds('blk.0.attn_output.bias')) {
    throw new ModelImportError('blk.0.attn_q.bias', 'stands without blk.0.attn_output.bias, which llama does not do.')
  }
  const experts = file.get('expert_count')
  if (typeof experts !== 'number' || experts === 0) return { ...rest, model_type: 'llama', attention_bias: biased }
  const active = file.get('expert_used_count')
  return { ...rest, model_type: 'mixtral', num_local_experts: experts, num_experts_per_tok: active }
}

const deepseek: Translate = (file) => {
  const { head_dim: _, num_key_value_heads: __, sliding_window: ___, ...rest } = common(file)
  const rope = file.number('rope.dimension_count')
  // Files made for the compressed cache give the true head sizes under names of their own.
  const key = file.get('attention.key_length_mla') ?? file.get('attention.key_length')
  return {
    ...rest,
    model_type: file.some(/\.exp_probs_b/) ? 'deepseek_v3' : 'deepseek_v2',
    q_lora_rank: file.get('attention.q_lora_rank') ?? null,
    kv_lora_rank: file.get('attention.kv_lora_rank'),
    qk_rope_head_dim: rope,
    qk_nope_head_dim: typeof key === 'number' ? key - rope : undefined,
    v_head_dim: file.get('attention.value_length_mla') ?? file.get('attention.value_length'),
    first_k_dense_replace: file.get('leading_dense_block_count'),
    moe_intermediate_size: file.get('expert_feed_forward_length'),
    n_routed_experts: file.get('expert_count'),
    num_experts_per_tok: file.get('expert_used_count'),
    n_shared_experts: file.get('expert_shared_count'),
  }
}

const TRANSLATIONS: Record<string, Translate> = {
  llama,
  mistral3: (file) => ({ ...common(file), model_type: 'mistral' }),
  qwen2: (file) => ({ ...common(file), model_type: 'qwen2', sliding_window: null }),
  qwen3: (file) => ({ ...common(file), model_type: 'qwen3', sliding_window: null }),
  qwen3moe: (file) => ({
    ...common(file),
    model_type: 'qwen3_moe',
    sliding_window: null,
    num_experts: file.get('expert_count'),
    num_experts_per_tok: file.get('expert_used_count'),
    moe_intermediate_size: file.get('expert_feed_forward_length'),
  }),
  gemma: (file) => ({ ...common(file), model_type: 'gemma' }),
  gemma2: (file) => ({ ...common(file), model_type: 'gemma2' }),
  gemma3: (file) => ({ ...common(file), model_type: 'gemma3_text' }),
  phi3: (file) => ({ ...common(file), model_type: 'phi3' }),
  deepseek2: deepseek,
}

/**
 * The architecture a GGUF header describes.
 * @throws ModelImportError naming the metadata key, or the architecture when its rules are not known
 */
export function ggufArchitecture(file: GgufFile, id?: string): Architecture {
  const architecture = importHuggingFaceConfig(ggufConfig(file), id)
  return { ...architecture, assumptions: [...architecture.assumptions, ...differences(file, architecture)] }
}

/** The same as a `config.json`, for whoever keeps or shares the model. @throws ModelImportError */
export function ggufConfig(file: GgufFile): Record<string, unknown> {
  const metadata = new Metadata(file)
  const translate = Object.hasOwn(TRANSLATIONS, metadata.name) ? TRANSLATIONS[metadata.name] : undefined
  if (!translate) {
    const known = Object.keys(TRANSLATIONS).join(', ')
    throw new ModelImportError('general.architecture', `${shown(metadata.name)} is not one of ${known}.`)
  }
  const config = Object.fromEntries(Object.entries(translate(metadata)).filter(([, value]) => value !== undefined))
  const name = plainName(file.metadata.get('general.name')) ?? metadata.name
  return { _name_or_path: name, ...config, torch_dtype: 'float16', quantization_config: { quant_method: 'gguf' } }
}

/** Bytes of all tensors together: what the weights occupy in the file, without metadata and padding. */
export function ggufWeightBytes(file: GgufFile): number {
  return file.tensors.reduce((sum, tensor) => sum + tensor.bytes, 0)
}

/** Tables of rotary factors are no parameters; everything else should be accounted for. */
function differences(file: GgufFile, architecture: Architecture): string[] {
  const parameters = file.tensors.filter((tensor) => !/^rope_(freqs|factors)/.test(tensor.name))
  const stored = parameters.reduce((sum, tensor) => sum + tensor.elements, 0)
  const { total } = countParameters(architecture)
  return stored === total ? [] : [`The file holds ${stored} parameters, its metadata describes ${total}.`]
}

function plainName(name: GgufValue | undefined): string | undefined {
  if (typeof name !== 'string') return undefined
  return name.replace(/[<>"'&`\p{Cc}]/gu, '').slice(0, 200) || undefined
}

/** The keys of one architecture, and what its tensors show. */
class Metadata {
  readonly name: string
  readonly #values: Map<string, GgufValue>
  readonly #tensors: Map<string, GgufTensor>

  constructor(file: GgufFile) {
    const name = file.metadata.get('general.architecture')
    this.name = typeof name === 'string' ? name : ''
    this.#values = file.metadata
    this.#tensors = new Map(file.tensors.map((tensor) => [tensor.name, tensor]))
  }

  get(key: string): GgufValue | undefined {
    return this.#values.get(`${this.name}.${key}`)
  }

  number(key: string): number {
    const value = this.get(key)
    if (typeof value === 'number') return value
    throw new ModelImportError(`${this.name}.${key}`, 'missing, or not a number.')
  }

  /** A value that may be listed per layer; only one value for all layers is supported. */
  uniform(key: string): GgufValue | undefined {
    const value = this.get(key)
    if (!Array.isArray(value)) return value
    if (value.length > 0 && value.every((entry) => entry === value[0])) return value[0]
    throw new ModelImportError(`${this.name}.${key}`, 'differs between layers, which is not supported.')
  }

  holds(tensor: string): boolean {
    return this.#tensors.has(tensor)
  }

  some(pattern: RegExp): boolean {
    return [...this.#tensors.keys()].some((name) => pattern.test(name))
  }

  /** Rows of the embedding, which may be padded beyond the tokeniser's vocabulary. */
  vocabulary(): number | undefined {
    return this.#tensors.get('token_embd.weight')?.shape[1]
  }
}
