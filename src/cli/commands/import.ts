/** `oomscape import`: a model's config.json as it is understood here. */
import { existsSync } from 'node:fs'
import { layersPerKind } from '../../model/architecture.ts'
import { architectureOf } from '../../model/catalogue.ts'
import { ModelImportError, UnknownModelError } from '../../model/errors.ts'
import { importHuggingFaceConfig } from '../../model/hugging-face/import.ts'
import { countParameters } from '../../model/parameters.ts'
import { parsePythonJson } from '../../model/python-json.ts'
import { UsageError } from '../arguments.ts'
import type { Command } from '../command.ts'
import { readJson } from '../input.ts'
import { pretty, standardOutput } from '../output.ts'

export const importCommand: Command = {
  summary: 'the architecture a Hugging Face config.json describes, as understood here, with parameter counts',
  usage: '<config.json | - | model id>',
  help: `Prints the architecture, what had to be assumed, and the exact number of parameters per kind of tensor.

  oomscape import ./config.json
  oomscape import Qwen/Qwen3-30B-A3B`,
  flags: {},
  async run({ operands }) {
    if (operands.length !== 1) throw new UsageError('name one config.json, - for standard input, or a model id')
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
    return isFile(operand) ? importHuggingFaceConfig(await readJson(operand, parsePythonJson)) : architectureOf(operand)
  } catch (error) {
    if (error instanceof ModelImportError || error instanceof UnknownModelError) throw new UsageError(error.message)
    throw error
  }
}

/** A model id is not the name of a file that ends in .json, or that is there. */
const isFile = (operand: string) => operand === '-' || operand.endsWith('.json') || existsSync(operand)
