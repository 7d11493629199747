/** What a command of the command line is. */
import type { Arguments, FlagSpec } from './arguments.ts'

export interface Command {
  /** One line for the overview. */
  summary: string
  /** What follows `oomscape <name>`. */
  usage: string
  /** More, for `oomscape <name> --help`. */
  help: string
  flags: FlagSpec
  /** @throws UsageError, ScenarioError: their message is printed and the exit code is 2 */
  run(args: Arguments): Promise<void>
}

/** How scenarios are given, for the help of every command that takes one. */
export const scenarioHelp = `A scenario is a JSON file, - for standard input, fields such as model=llama-3-8b gpu=RTX-4090 seq=32k, or a file
with some fields set anew. Fields have the names of the scenario (precision.weights) or those of the page's links (weights).
An array of scenarios gives an array of answers, in order. One that is refused becomes { "error", "fields" } in its
place; the others are answered, and the exit code is 2.`
