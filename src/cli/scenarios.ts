/** Answers one scenario, or an array of them in one process. Shared by the commands whose answer is a JSON object per scenario. */
import { architectureOf } from '../model/catalogue.ts'
import { parseScenario, ScenarioError } from '../scenario/parse.ts'
import { type Resolved, resolve } from '../scenario/resolve.ts'
import { type Arguments, UsageError } from './arguments.ts'
import { readInput } from './input.ts'
import { pretty, standardOutput } from './output.ts'
import { withSettings } from './settings.ts'

/** Answers gathered before they are written. */
const BATCH = 256

/**
 * Writes the answer to every scenario of the input. In an array a scenario that is refused becomes `{ "error", "fields" }` in its place, the
 * others are answered, and the command ends as if it had failed, naming the first.
 * @throws ScenarioError, UsageError
 */
export async function answerAll(args: Arguments, answer: (resolved: Resolved) => unknown): Promise<void> {
  const input = await readInput(args, 'scenario')
  const answerOne = (scenario: unknown) =>
    answer(resolve(parseScenario(withSettings(saved(scenario), args.settings)), architectureOf))
  const output = standardOutput()
  if (!Array.isArray(input)) {
    await output.write(pretty(answerOne(input)))
    return
  }
  const refused: string[] = []
  let pending = ''
  for (const [index, scenario] of input.entries()) {
    const result = attempt(
      () => answerOne(scenario),
      (message) => refused.push(`[${index}] ${message}`),
    )
    pending += `${index === 0 ? '[\n' : ',\n'}${JSON.stringify(result)}`
    if (index % BATCH !== BATCH - 1) continue
    await output.write(pending)
    pending = ''
  }
  await output.write(`${pending}${input.length === 0 ? '[' : '\n'}]\n`)
  if (refused.length > 0) {
    throw new UsageError(`${refused.length} of ${input.length} scenarios were refused; the first is ${refused[0]}`)
  }
}

/** The page saves a scenario with its link and estimate (src/ui/takeaway/take-json.ts). */
function saved(input: unknown): unknown {
  const isSaved = input !== null && typeof input === 'object' && 'scenario' in input && 'estimate' in input
  return isSaved ? input.scenario : input
}

function attempt(answer: () => unknown, note: (message: string) => void): unknown {
  try {
    return answer()
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error
    note(error.message)
    return { error: error.message, fields: error.fields.map(({ field }) => field) }
  }
}
