/**
 * From a GGUF header to an Architecture: the metadata is put into the words of a Hugging Face config, so that one set
 * of family rules serves both. What the file's tensors show (tied head, biases, vocabulary) is taken from them.
 * Keys: gguf-py/gguf/constants.py of llama.cpp.
 */
import { closest, invisible } from '../../units.ts'
import type { Architecture } from '../architecture.ts'
import { ModelImportError, shown } from '../errors.ts'
import { importHuggingFaceConfig } from '../hugging-face/import.ts'
import { countParameters } from '../parameters.ts'
import { Metadata } from './metadata.ts'
import type { GgufFile, GgufValue } from './read.ts'
import { TRANSLATIONS } from './translations.ts'

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
    const near = closest(metadata.name, Object.keys(TRANSLATIONS), 3)
    const hint =
      near.length > 0 ? `; did you mean ${near.join(', ')}?` : ', and guessing its rules would give wrong sizes.'
    throw new ModelImportError('general.architecture', `${shown(metadata.name)} is not known here${hint}`)
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
  return (
    name
      .replace(/[<>"'&`]/g, '')
      .replace(invisible, '')
      .slice(0, 200) || undefined
  )
}
