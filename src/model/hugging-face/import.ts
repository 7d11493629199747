/**
 * From a Hugging Face `config.json` to an Architecture. What the config says is checked, what it leaves out is filled
 * in only where the rule is known and then reported, and a `model_type` without rules is refused by name.
 */

import { invisible } from '../../units.ts'
import type { Architecture } from '../architecture.ts'
import { ModelImportError, shown } from '../errors.ts'
import { assemble, type Identity } from './assemble.ts'
import { withClassDefaults } from './class-defaults.ts'
import { ConfigReader } from './config-reader.ts'
import { FAMILIES } from './families/index.ts'
import { isInert } from './inert-keys.ts'
import { leftAlone } from './left-alone.ts'
import { textFamily, textReader, thinkerOf, withTowers, wraps } from './multimodal.ts'
import { formatInConfig } from './stored-as.ts'

const DTYPES: Record<string, Architecture['dtype']> = {
  float32: 'fp32',
  float16: 'fp16',
  bfloat16: 'bf16',
  float8_e4m3fn: 'fp8',
}

/**
 * The architecture that a config describes. `id` is the name to carry, by default the config's own.
 * @throws ModelImportError naming the field, its value, and what would be accepted.
 */
export function importHuggingFaceConfig(config: unknown, id?: string): Architecture {
  const whole = new ConfigReader(config)
  const root = thinkerOf(whole)
  const modelType = readModelType(root)
  const multimodal = wraps(modelType, root, FAMILIES)
  const text = multimodal ? textReader(root) : root
  const family = textFamily(modelType, text, FAMILIES)
  if (!family) {
    const named = text.word('model_type') ?? modelType
    return text.fail('model_type', `${shown(named)} is not known here, and guessing its rules would give wrong sizes.`)
  }
  const identity: Identity = {
    id: readId(id ?? whole.raw('_name_or_path') ?? modelType),
    modelType,
    ...readStorage(text),
  }
  for (const reader of [root, text]) reader.only('add_cross_attention', false)
  withClassDefaults(text, `${modelType}.text_config`)
  const own = family(text)
  const plan = multimodal ? withTowers(own, modelType, root) : own
  for (const reader of new Set([text, root])) reportUnread(reader)
  return assemble(plan, identity, text, leftAlone(text))
}

function readModelType(root: ConfigReader): string {
  return root.word('model_type') ?? root.fail('model_type', 'missing; it names the family whose rules apply.')
}

function readId(id: unknown): string {
  const allowed =
    typeof id === 'string' && id.length > 0 && id.length <= 200 && !/[<>"'&`]/.test(id) && id.search(invisible) < 0
  if (!allowed)
    throw new ModelImportError('id', `${shown(id)} is not a name of up to 200 plain characters; change _name_or_path.`)
  return id
}

function readStorage(config: ConfigReader): Pick<Identity, 'dtype' | 'quantisation'> {
  const quantisation = formatInConfig(config)
  const word = config.word(['dtype', 'torch_dtype'])?.replace(/^torch\./, '') ?? null
  if (quantisation === 'fp8') return { dtype: 'fp8', quantisation }
  if (word === null || word === 'auto') {
    const which = quantisation === null ? 'the weights' : 'weights that are not quantised'
    config.assume(`The config does not say in which type ${which} are stored; bf16 was taken.`)
    return { dtype: 'bf16', quantisation }
  }
  const dtype = Object.hasOwn(DTYPES, word) ? DTYPES[word] : undefined
  if (dtype) return { dtype, quantisation }
  return config.fail('torch_dtype', `${shown(word)} is not one of ${Object.keys(DTYPES).join(', ')}.`)
}

/** A key nobody read either changes nothing, or adds modules this importer would miss, or is unknown: say so. */
function reportUnread(config: ConfigReader): void {
  const unknown = config.unread().filter((key) => !isInert(key))
  for (const key of unknown) {
    if (/_config$/.test(key) && typeof config.raw(key) === 'object') {
      config.fail(key.slice(0, 60), 'describes further modules, which this model type is not known to have.')
    }
  }
  if (unknown.length === 0) return
  const named = unknown.slice(0, 8).map((key) => config.path + key.slice(0, 40))
  const more = unknown.length > named.length ? ` and ${unknown.length - named.length} more` : ''
  config.assume(`Not understood and taken to change nothing: ${named.join(', ')}${more}.`)
}
