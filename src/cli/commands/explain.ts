/** `oomscape explain`: a number of the estimate as its formula, with the values in it, step by step. */
import { type Explanation, explainReduced } from '../../formula/explain.ts'
import { rank } from '../../memory/estimate.ts'
import { structureOf } from '../../memory/structure.ts'
import { architectureOf } from '../../model/catalogue.ts'
import { parseScenario } from '../../scenario/parse.ts'
import { resolve } from '../../scenario/resolve.ts'
import { closest, formatInteger } from '../../units.ts'
import { single, UsageError } from '../arguments.ts'
import { type Command, scenarioHelp } from '../command.ts'
import { readInput } from '../input.ts'
import { standardOutput } from '../output.ts'
import { withSettings } from '../settings.ts'

export const explainCommand: Command = {
  summary: 'why a number is what it is: its formula, with the values in it, down to the quantities',
  usage: '<scenario.json | - | field=value …> [--of component]',
  help: `Explains the total, or one component: --of kvCache.

${scenarioHelp}

  oomscape explain model=llama-3-8b gpu=RTX-4090 batch=4 seq=8k --of kvCache`,
  flags: { of: 'component' },
  async run(args) {
    const scenario = parseScenario(withSettings(await readInput(args, 'scenario'), args.settings))
    const { ranks, worst } = rank(resolve(scenario, architectureOf))
    const { outputs } = structureOf(ranks[worst].flags)
    const wanted = single(args, 'of') ?? 'total'
    if (!Object.hasOwn(outputs, wanted)) {
      const names = Object.keys(outputs)
      throw new UsageError(
        `--of: ${JSON.stringify(wanted)} is no component; did you mean ${closest(wanted, names, 1)[0] ?? names.join(', ')}?`,
      )
    }
    const { batch, sequence } = scenario
    const lines = write(explainReduced(outputs[wanted], ranks[worst].inputs, batch, sequence), wanted, '')
    await standardOutput().write(lines.join('\n').concat('\n'))
  },
}

/** A step and, indented, the steps it is made of. */
function write(step: Explanation, name: string, indent: string): string[] {
  const { value, unit, formula, substituted, row, source, parts } = step
  const where = row && row.count > 1 ? ` (the largest of ${row.count} ${row.list})` : ''
  const shown =
    parts.length === 0 && formula === substituted ? [] : [`${indent}  = ${formula}`, `${indent}  = ${substituted}`]
  return [
    `${indent}${name}: ${formatInteger(value)} ${unit}${where}`.trimEnd(),
    ...shown,
    ...(source ? [`${indent}  ${source}`] : []),
    ...parts.flatMap((part) => write(part, part.name, `${indent}    `)),
  ]
}
