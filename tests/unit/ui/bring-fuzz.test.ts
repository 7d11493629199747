/**
 * Whatever is put where in a config, an index or a GGUF header: it is understood, and then answered or refused field by field, or it is refused in a
 * short sentence; nothing else is ever thrown, and nothing takes long.
 */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { describe as inWords } from '../../../src/model/describe.ts'
import { ModelImportError } from '../../../src/model/errors.ts'
import { importHuggingFaceConfig } from '../../../src/model/hugging-face/import.ts'
import { countParameters } from '../../../src/model/parameters.ts'
import { parsePythonJson } from '../../../src/model/python-json.ts'
import { compareWithIndex } from '../../../src/model/safetensors-index.ts'
import { parseScenario, ScenarioError } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import { BringError, type Brought, understandFile, understandText } from '../../../src/ui/bring/understand.ts'
import golden from '../model/gguf-golden.json'

/** What people and attackers write for a number, a name, a list or an object. */
const hostile: unknown[] = [
  null,
  true,
  -1,
  0,
  0.5,
  1,
  7,
  2 ** 31,
  2 ** 53,
  1e300,
  -1e300,
  'NaN',
  'Infinity',
  '',
  '4096',
  '__proto__',
  '<img src=x onerror=alert(1)>',
  'a'.repeat(100_000),
  '\u0000\ud800',
  [],
  [null],
  [1e300, -1],
  Array(5000).fill('full_attention'),
  {},
  { a: { b: { c: 1 } } },
  { '': '' },
]

/** Understood and answered, or refused in a sentence. */
function survives(text: string): void {
  let found: ReturnType<typeof understandText>
  try {
    found = understandText(text)
  } catch (error) {
    refused(error)
    return
  }
  if (found.kind === 'model') answered(found)
}

function answered({ config, architecture }: Brought): void {
  expect(inWords(architecture).length).toBeLessThan(1000)
  expect(countParameters(architecture).total).toBeGreaterThan(0)
  try {
    const input = { model: config, batch: 2, sequence: 3000, hardware: { count: 2 } }
    const { perGpu } = estimate(resolve(parseScenario(input), (model) => importHuggingFaceConfig(model as object)))
    for (const bytes of Object.values(perGpu)) expect(Number.isSafeInteger(bytes) && bytes >= 0).toBe(true)
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error
  }
}

function refused(error: unknown): void {
  if (!(error instanceof BringError || error instanceof ModelImportError)) throw error
  expect(error.message.length).toBeLessThan(500)
  expect(error.message).not.toMatch(/\p{Cc}/u)
}

/** As the oracle has them, written by Python. */
const published = parsePythonJson(readFileSync('tests/oracle/configs.json', 'utf8'))
const configs = Object.entries(published as Record<string, Record<string, unknown>>)

describe('configs', () => {
  test('any fields with any values', () => {
    const value = fc.oneof(fc.constantFrom(...hostile), fc.jsonValue())
    const changed = fc.constantFrom(...configs).chain(([, config]) => {
      const field = fc.tuple(fc.constantFrom(...Object.keys(config)), value)
      return fc
        .array(field, { minLength: 1, maxLength: 3 })
        .map((fields) => ({ ...config, ...Object.fromEntries(fields) }))
    })
    fc.assert(
      fc.property(changed, (config) => survives(JSON.stringify(config))),
      { numRuns: 250 },
    )
  })
})

test('an index with anything in it', () => {
  const entries = fc.dictionary(
    fc.oneof(fc.string(), fc.constant('model.layers.1e300.x.weight')),
    fc.constantFrom(...hostile),
  )
  fc.assert(
    fc.property(
      fc.oneof(entries, fc.constantFrom(...hostile)),
      fc.constantFrom(...hostile),
      (weight_map, total_size) => {
        try {
          const found = understandText(JSON.stringify({ weight_map, metadata: { total_size } }))
          if (found.kind === 'index') compareWithIndex(importHuggingFaceConfig(configs[0][1]), found.index)
        } catch (error) {
          refused(error)
        }
      },
    ),
  )
})

describe('GGUF headers', () => {
  const headers = Object.values(golden as unknown as Record<string, { header: string }>).map(({ header }) =>
    Uint8Array.from(atob(header), (c) => c.charCodeAt(0)),
  )
  test('with any bytes changed, or cut off anywhere', async () => {
    const change = fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0, 255)))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...headers),
        fc.array(change, { maxLength: 6 }),
        fc.option(fc.nat()),
        async (header, changes, cut) => {
          const bytes = header.slice(0, cut === null ? undefined : cut % header.length)
          for (const [at, byte] of changes) bytes[4 + (at % 600)] = byte
          try {
            const found = await understandFile(new Blob([bytes]))
            if (found.kind === 'model') answered(found)
          } catch (error) {
            refused(error)
          }
        },
      ),
      { numRuns: 250 },
    )
  })
})
