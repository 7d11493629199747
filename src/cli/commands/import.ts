/** `oomscape import`: a model's config.json or GGUF file as it is understood here. */
import { existsSync } from 'node:fs'
import { layersPerKind } from '../../model/architecture.ts'
import { architectureOf } from '../../model/catalogue.ts'
import { ModelImportError, UnknownModelError } from '../../model/errors.ts'
import { countParameters } from '../../model/parameters.ts'
import { UsageError } from '../arguments.ts'
import type { Command } from '../command.ts'
import { readModel } from '../model-file.ts'
import { pretty, standardOutput } from '../output.ts'

export const importCommand: Command = {
  summary: 'the architecture a config.json or a GGUF file describes, as understood here, with parameter counts',
  usage: '<config.json | model.gguf | - | model id>',
  help: `Prints the architecture, what had to be assumed, and the exact number of parameters per kind of tensor.

Of a GGUF file only the header is read.

  oomscape import ./config.json
  oomscape import ./Qwen3-30B-A3B-Q4_K_M.gguf
  oomscape import Qwen/Qwen3-30B-A3B`,
  flags: {},
  async run({ operands }) {
    if (operands.length !== 1)
      throw new UsageError('name one config.json or GGUF file, - for standard input, or a model id')
    const architecture = await read(operands[0])
    const { assumptions, kinds, order: _, outside, ...rest } = architecture
    const counts = layersPerKind(architecture)
    await standardOutput().write(
      pretty({
        ...rest,
        layers: kinds.map((kind, index) => ({ count: counts[index], ...kind })),
        outside,
        parameters: countParameters(architecture),
        assumptions,
      }),
    )
  },
}

async function read(operand: string) {
  try {
    return isFile(operand) ? await readModel(operand) : architectureOf(operand)
  } catch (error) {
    if (error instanceof ModelImportError || error instanceof UnknownModelError) throw new UsageError(error.message)
    throw error
  }
}

/** A model id is not the name of a file that ends in .json or .gguf, or that is there. */
const isFile = (operand: string) => operand === '-' || /\.(json|gguf)$/.test(operand) || existsSync(operand)
