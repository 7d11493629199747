/** `oomscape estimate`: bytes per GPU by component, verdict, largest batch and longest sequence. */
import { estimate } from '../../memory/estimate.ts'
import { type Command, scenarioHelp } from '../command.ts'
import { answerAll } from '../scenarios.ts'

export const estimateCommand: Command = {
  summary: 'what a scenario needs: bytes per GPU by component, verdict, largest batch, longest sequence',
  usage: '<scenario.json | - | field=value …>',
  help: `${scenarioHelp}

  oomscape estimate model=meta-llama/Meta-Llama-3-8B gpu=RTX-4090 batch=4 seq=8k
  oomscape estimate scenarios.json > estimates.json
  echo '{ "model": "gpt2", "runtime": "transformers" }' | oomscape estimate -`,
  flags: {},
  run: (args) => answerAll(args, estimate),
}
