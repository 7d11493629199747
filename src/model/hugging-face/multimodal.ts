/**
 * Configs that wrap a language model: `text_config` describes it, `vision_config` and `audio_config` what else is
 * stored. Older ones keep the language model's keys at the top level.
 */
import type { Tensor } from '../architecture.ts'
import type { ModelPlan } from './assemble.ts'
import { withClassDefaults } from './class-defaults.ts'
import { ConfigReader } from './config-reader.ts'
import type { Families } from './family.ts'
import { gemma3nAudio, gemma4Audio } from './vision/audio.ts'
import { gemma4UnifiedAudio } from './vision/gemma.ts'
import { qwen2Audio, qwen3OmniAudio, qwen25OmniAudio, voxtralAudio } from './vision/omni-audio.ts'
import { phi4Audio } from './vision/phi.ts'
import { TOWERS } from './vision/towers.ts'

/** For each wrapping `model_type`, the family of the language model when the text part does not name its own. */
export const WRAPPERS: Record<string, string> = {
  idefics3: 'llama',
  smolvlm: 'llama',
  llava: 'llama',
  llava_next: 'llama',
  gemma3: 'gemma3_text',
  gemma3n: 'gemma3n_text',
  gemma4: 'gemma4_text',
  llama4: 'llama4_text',
  mistral3: 'mistral',
  paligemma: 'gemma',
  qwen2_vl: 'qwen2',
  qwen2_vl_text: 'qwen2',
  qwen2_5_vl: 'qwen2',
  qwen2_5_vl_text: 'qwen2',
  qwen3_vl: 'qwen3',
  qwen3_vl_text: 'qwen3',
  qwen3_vl_moe: 'qwen3_moe',
  qwen3_vl_moe_text: 'qwen3_moe',
  qwen3_5: 'qwen3_5_text',
  qwen3_5_moe: 'qwen3_5_moe_text',
  gemma4_unified: 'gemma4_unified_text',
  shieldgemma2: 'gemma3_text',
  internvl: 'qwen2',
  llava_onevision: 'qwen2',
  cohere2_vision: 'cohere2',
  lfm2_vl: 'lfm2',
  glm4v: 'glm4v_text',
  glm46v: 'glm4v_text',
  glm4v_moe: 'glm4_moe',
  glm4v_moe_text: 'glm4_moe',
  kimi_k25: 'deepseek_v3',
  kimi_vl: 'deepseek_v3',
  mllama: 'mllama_text_model',
  aya_vision: 'cohere2',
  internvl_chat: 'qwen2',
  step3p7: 'step3p5',
  step3_vl: 'step3_text',
  minimax_m3_vl: 'minimax_m3_vl_text',
  phi4_multimodal: 'phi3',
  qwen3_omni_moe_thinker: 'qwen3_moe',
  qwen3_omni_moe_text: 'qwen3_moe',
  qwen2_5_omni_thinker: 'qwen2',
  qwen2_5_omni_text: 'qwen2',
  qwen4_exp: 'qwen4_exp_text',
  mistral_large4: 'mistral_large4_text',
  ernie4_5_vl_moe: 'ernie4_5_vl_moe_text',
  muse_spark: 'muse_spark_text',
  aria: 'aria_text',
  lighton_ocr: 'qwen3',
  llava_next_video: 'llama',
  glmga: 'glm4v_text',
  glm_ocr: 'glm_ocr_text',
  glm5_next: 'glm5_next_text',
  exaone4_5: 'exaone4',
  hy_v4_vl: 'hy_v4_vl_text',
  qwen2_audio: 'qwen2',
  voxtral: 'llama',
  apertus1p5: 'apertus1p5_text',
}

/** What the outer config says for the language model too, when that part does not say it itself. */
const INHERITED = ['tie_word_embeddings', 'torch_dtype', 'dtype', 'quantization_config']

/** Under which keys configs hold their language model. */
const TEXT_KEYS = ['text_config', 'llm_config', 'language_config']

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textKey = (root: ConfigReader) => TEXT_KEYS.find((key) => root.has(key) && isObject(root.raw(key)))

/** Whether the config holds a language model as a part: types known for it, and unknown ones whose part says what it is itself. */
export function wraps(modelType: string, root: ConfigReader, families: Families): boolean {
  if (Object.hasOwn(WRAPPERS, modelType)) return true
  if (Object.hasOwn(families, modelType)) return false
  const key = textKey(root)
  if (key === undefined) return false
  const own = (root.raw(key) as Record<string, unknown>).model_type
  return typeof own === 'string' && (Object.hasOwn(families, own) || Object.hasOwn(WRAPPERS, own))
}

/** Qwen-Omni's config holds three models; serving loads the one that reads, sees and hears (vLLM's Qwen3OmniMoeThinker). */
export function thinkerOf(root: ConfigReader): ConfigReader {
  const thinker = root.raw('thinker_config')
  if (!isObject(thinker)) return root
  const source = { ...thinker }
  for (const key of ['torch_dtype', 'dtype', 'quantization_config'])
    if (source[key] == null && root.has(key)) source[key] = root.raw(key)
  root.assume('The thinker alone is counted: what turns its answers into speech is not.')
  return new ConfigReader(source, 'thinker_config.', root.assumptions)
}

/** The reader of the language model's part, seeing what it inherits from the whole. */
export function textReader(root: ConfigReader): ConfigReader {
  const key = textKey(root)
  if (key === undefined) return root
  const source: Record<string, unknown> = { ...(root.raw(key) as Record<string, unknown>) }
  for (const key of INHERITED) if (source[key] == null && root.has(key)) source[key] = root.raw(key)
  if (root.flag('tie_word_embeddings', true) !== source.tie_word_embeddings && root.has('tie_word_embeddings')) {
    // Versions of transformers disagree on which of the two counts; an untied head is the larger and the safer answer.
    source.tie_word_embeddings = false
    root.assume(`${key}.tie_word_embeddings contradicts the outer value; the head was taken to be untied.`)
  }
  return new ConfigReader(source, `${root.path}${key}.`, root.assumptions)
}

/** The family of the language model inside a config of the given type. */
export function textFamily(modelType: string, text: ConfigReader, families: Families) {
  const named = text.word('model_type') ?? modelType
  const wrapped = (type: string) => (Object.hasOwn(WRAPPERS, type) ? WRAPPERS[type] : undefined)
  const name = wrapped(named) ?? named
  return Object.hasOwn(families, name) ? families[name] : undefined
}

/** What is heard through, by the type of the whole. */
const AUDIO: Record<string, (audio: ConfigReader, hidden: number) => Tensor[]> = {
  gemma3n: gemma3nAudio,
  gemma4: gemma4Audio,
  gemma4_unified: gemma4UnifiedAudio,
  qwen3_omni_moe_thinker: qwen3OmniAudio,
  qwen2_5_omni_thinker: qwen25OmniAudio,
  qwen2_audio: qwen2Audio,
  voxtral: voxtralAudio,
  phi4_multimodal: phi4Audio,
}

/** The plan of the language model, with the towers that the config describes added outside its layers. */
export function withTowers(plan: ModelPlan, modelType: string, root: ConfigReader): ModelPlan {
  if (!Object.hasOwn(WRAPPERS, modelType)) {
    root.assume(`${modelType} is not known here: its language model is counted, whatever else it holds is not.`)
    root.ignore(...root.unread().filter((key) => key.endsWith('_config')))
    return plan
  }
  const towers: Tensor[] = []
  const vision = root.child('vision_config')
  if (vision !== null) towers.push(...visionTensors(vision, modelType, plan, root))
  else if (Object.hasOwn(TOWERS, modelType)) root.assume('The config describes no vision tower; none is counted.')
  const audio = root.child('audio_config')
  const hears = Object.hasOwn(AUDIO, modelType) ? AUDIO[modelType] : undefined
  if (audio !== null && hears) towers.push(...hears(audio, plan.hidden))
  else if (audio !== null) root.assume('The audio tower is not counted.')
  return towers.length === 0 ? plan : { ...plan, outside: [...(plan.outside ?? []), ...towers] }
}

function visionTensors(vision: ConfigReader, modelType: string, plan: ModelPlan, root: ConfigReader): Tensor[] {
  const tower = Object.hasOwn(TOWERS, modelType) ? TOWERS[modelType] : undefined
  withClassDefaults(vision, `${modelType}.vision_config`)
  if (tower) return tower(vision, plan.hidden, root)
  root.assume(`The vision tower of ${modelType} is not counted.`)
  return []
}
