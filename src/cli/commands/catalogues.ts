/** `oomscape models` and `oomscape gpus`: what the catalogues hold. */
import { gpus } from '../../hardware/catalogue.ts'
import { nearestGpus } from '../../hardware/find-gpu.ts'
import { capacityBytes } from '../../hardware/gpu.ts'
import { architectureOf, CATALOGUE, suggestModels } from '../../model/catalogue.ts'
import { countParameters } from '../../model/parameters.ts'
import { formatInteger, formatRoom } from '../../units.ts'
import { type Arguments, UsageError } from '../arguments.ts'
import type { Command } from '../command.ts'
import { standardOutput, table } from '../output.ts'

/** Whether every word of the operands occurs, whatever its case. */
const matching = ({ operands }: Arguments, text: string) =>
  operands.every((word) => text.toLowerCase().includes(word.toLowerCase()))

export const modelsCommand: Command = {
  summary: 'the models known by name, with their parameters and layers',
  usage: '[words …]',
  help: `Lists the models whose names hold all the words.

  oomscape models llama 70b`,
  flags: {},
  async run(args) {
    const found = CATALOGUE.filter(({ id, aliases = [] }) => matching(args, [id, ...aliases].join(' ')))
    const rows = found.map(({ id }) => {
      const architecture = architectureOf(id)
      const { total } = countParameters(architecture)
      return [id, formatInteger(total).padStart(17), `${architecture.order.length} layers`]
    })
    if (rows.length === 0) throw unknown(args, 'model', suggestModels(args.operands.join(' '), 3))
    await standardOutput().write(table(rows))
  },
}

/** An empty list is no answer. */
function unknown({ operands }: Arguments, what: string, near: string[]): UsageError {
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `without words it lists every ${what}`
  return new UsageError(`no known ${what} is called ${JSON.stringify(operands.join(' '))}; ${hint}`)
}

export const gpusCommand: Command = {
  summary: 'the GPUs known by name, with the memory programs can have',
  usage: '[words …]',
  help: `Lists the GPUs whose names hold all the words.

  oomscape gpus h100`,
  flags: {},
  async run(args) {
    const found = gpus.filter(({ id, name, vendor }) => matching(args, `${id} ${vendor} ${name}`))
    const rows = found.map((gpu) => [
      gpu.id,
      formatRoom(capacityBytes(gpu)).padStart(10),
      gpu.arch,
      `${gpu.vendor} ${gpu.name}`,
    ])
    if (rows.length === 0) throw unknown(args, 'GPU', nearestGpus(args.operands.join(' '), 3))
    await standardOutput().write(table(rows))
  },
}
