/** The command line: finds the command, prints what it is told, exits 0, or 2 with one line saying what is wrong. */
import { version } from '../../package.json'
import { ScenarioError } from '../scenario/parse.ts'
import { closest, visible } from '../units.ts'
import { parseArguments, UsageError } from './arguments.ts'
import type { Command } from './command.ts'
import { gpusCommand, modelsCommand } from './commands/catalogues.ts'
import { estimateCommand } from './commands/estimate.ts'
import { explainCommand } from './commands/explain.ts'
import { importCommand } from './commands/import.ts'
import { maxCommand } from './commands/max.ts'
import { sweepCommand } from './commands/sweep.ts'
import { verifyCommand } from './commands/verify.ts'
import { endWithReader, standardOutput, table } from './output.ts'
import '../memory/training/index.ts'

const commands: Record<string, Command> = {
  estimate: estimateCommand,
  max: maxCommand,
  explain: explainCommand,
  sweep: sweepCommand,
  verify: verifyCommand,
  models: modelsCommand,
  gpus: gpusCommand,
  import: importCommand,
}

const overview = () => `oomscape ${version}: where a large language model runs out of GPU memory

${table(Object.entries(commands).map(([name, { summary }]) => [`  oomscape ${name}`, summary]))}
  oomscape <command> --help     how to use a command
  oomscape --version

Results are JSON or CSV on standard output, bytes as integers. Errors are one line on standard error, with exit code 2.
`

async function main([name, ...args]: string[]): Promise<void> {
  const say = (text: string) => standardOutput().write(text)
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return say(overview())
  if (name === '--version' || name === '-v') return say(`${version}\n`)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    const near = closest(name, Object.keys(commands), 1)[0]
    const hint = near ? `did you mean "${near}"?` : `there are ${Object.keys(commands).join(', ')}`
    throw new UsageError(`${JSON.stringify(name)} is not a command; ${hint}`)
  }
  const parsed = parseArguments(args, { ...command.flags, help: true, h: true })
  if (parsed.flags.has('help') || parsed.flags.has('h')) {
    return say(`oomscape ${name} ${command.usage}\n\n${command.help}\n`)
  }
  await command.run(parsed)
}

endWithReader()
try {
  await main(process.argv.slice(2))
} catch (error) {
  // Anything else is a mistake in the program, and its trace is what a report needs.
  if (!(error instanceof ScenarioError || error instanceof UsageError)) throw error
  process.stderr.write(`oomscape: ${visible(error.message.replace(/\s*[\r\n]+\s*/g, ' '))}\n`)
  process.exitCode = 2
}
