/** Sweeps as commands take them: a JSON file or fields for the scenario, axes in the file or as flags. */
import { architectureOf } from '../model/catalogue.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { parseSweep } from '../sweep/parse.ts'
import { type Plan, plan } from '../sweep/plan.ts'
import { type Arguments, UsageError } from './arguments.ts'
import { readInput } from './input.ts'
import { parseAxisFlag, withSettings } from './settings.ts'

export const sweepFlags = { axis: 'field=values', engine: 'auto|gpu|cpu' }

export const sweepHelp = `A sweep is { "scenario": { … }, "axes": [ … ] } in a file or on standard input, or a scenario and --axis flags:
  --axis batch=1..64            every batch size from 1 to 64
  --axis batch=8..512:8         in steps of 8
  --axis seq=1k..128k:log2      doubling; log2:57 for 57 points
  --axis weights=bf16,fp8,nf4   these values
Any field of the scenario can be an axis. In JSON: { "field": "batch", "from": 1, "to": 64, "step": 1 },
{ "field": "sequence", "from": 1024, "to": 131072, "scale": "log2", "points": 8 }, { "field": "precision.weights", "values": ["bf16", "fp8"] }.
--engine chooses what evaluates it: the GPU through Dawn where the webgpu package is installed, else the CPU.`

/** @throws UsageError, ScenarioError; also when not one slice can exist, with the first one's reason */
export async function readSweep(args: Arguments): Promise<Plan> {
  const input = await readInput(args, 'sweep')
  const flags = (args.flags.get('axis') ?? []).map(parseAxisFlag)
  const written = isSweep(input) ? parseSweep(input) : { scenario: input as ScenarioInput, axes: [] }
  const scenario = withSettings(written.scenario, args.settings) as ScenarioInput
  const planned = plan(scenario, [...written.axes, ...flags], architectureOf)
  const refusals = planned.slices.map(({ refusal }) => refusal)
  if (refusals.every((refusal) => refusal !== null)) throw new UsageError(refusals[0] ?? 'the sweep is empty')
  return planned
}

const isSweep = (input: unknown) =>
  typeof input === 'object' && input !== null && ('scenario' in input || 'axes' in input)
