/** `oomscape models` and `oomscape gpus`: what the catalogues hold. */
import { gpus } from '../../hardware/catalogue.ts'
import { capacityBytes } from '../../hardware/gpu.ts'
import { architectureOf, CATALOGUE } from '../../model/catalogue.ts'
import { countParameters } from '../../model/parameters.ts'
import { formatBytes, formatInteger } from '../../units.ts'
import type { Arguments } from '../arguments.ts'
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
    await standardOutput().write(table(rows))
  },
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
      formatBytes(capacityBytes(gpu)).padStart(10),
      gpu.arch,
      `${gpu.vendor} ${gpu.name}`,
    ])
    await standardOutput().write(table(rows))
  },
}
