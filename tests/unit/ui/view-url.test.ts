/** The view's part of a link comes back as it was written, whatever the view; what cannot be read is reported and left out. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { limits } from '../../../src/scenario/schema.ts'
import { packModel, unpackModel } from '../../../src/scenario/url.ts'
import { overFields, panelFields, type View, viewNames } from '../../../src/ui/state/document.ts'
import { decodeView, encodeView } from '../../../src/ui/state/view-url.ts'

const range = (most: number) =>
  fc
    .record({
      ends: fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most })),
      scale: fc.constantFrom('log2' as const, 'linear' as const),
    })
    .map(({ ends, scale }) => ({ from: Math.min(...ends), to: Math.max(...ends), scale }))
const text = fc.string({ minLength: 1, maxLength: 40 }).filter((s) => s !== 'auto')
const count: fc.Arbitrary<number | string | null> = fc.integer({ min: 1, max: 65_535 })
const name: fc.Arbitrary<number | string | null> = fc.option(text)
const over = fc.constantFrom(...overFields).chain((field) =>
  fc.record({
    field: fc.constant(field),
    values: fc.option(
      fc.array(field === 'hardware.count' ? count : name, {
        minLength: 1,
        maxLength: 10,
      }),
    ),
  }),
)
const against = fc.record(
  {
    model: fc.constantFrom('meta-llama/Meta-Llama-3-8B', 'a&b/c=d+e f'),
    batch: fc.integer({ min: 2, max: limits.batch }),
    hardware: fc.record({ gpu: fc.constantFrom('H200', 'A & B') }),
  },
  { requiredKeys: ['model'] },
)
const views: fc.Arbitrary<View> = fc.record({
  show: fc.constantFrom(...viewNames),
  x: fc.option(range(limits.sequence)),
  y: fc.option(range(limits.batch)),
  by: fc.uniqueArray(fc.constantFrom(...panelFields), { maxLength: 2 }),
  over: fc.option(over),
  against: fc.option(against),
  units: fc.constantFrom('GiB' as const, 'GB' as const),
}) as fc.Arbitrary<View>

const entriesOf = (link: string) =>
  link.split('&').map((entry) => entry.split(/=(.*)/s).slice(0, 2) as [key: string, text: string])

test('round trip', () => {
  fc.assert(
    fc.property(views, (view) => {
      const link = encodeView(view).join('&')
      const { view: found, problems } = decodeView(link === '' ? [] : entriesOf(link))
      expect(problems).toEqual([])
      const usual = { show: 'map', x: null, y: null, by: [], over: null, against: null, units: 'GiB' }
      expect({ ...usual, ...found }).toEqual(view)
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['view', 'kitchen'],
  ['by', 'kv,kv'],
  ['by', 'kv,gpus,gpu'],
  ['lines', 'colour:red'],
  ['lines', 'gpus:many'],
  ['lines', 'gpu:%zz'],
  ['a', 'model=x%26batch=many'],
  ['s', '9..1'],
])('%s=%s is reported', (key, value) => {
  const { view, problems } = decodeView([[key, value]])
  expect(view).toEqual({})
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatchObject({ key, text: value })
})

test('a scenario A with a custom model, packed or the same as the present one', async () => {
  const model = { model_type: 'llama', hidden_size: 2048, note: 'a&b=c+d~é' }
  const against = { model, batch: 3, hardware: { gpu: 'H200' } }
  const usual = { show: 'map', x: null, y: null, by: [], over: null, units: 'GiB' } as const
  const packed = await packModel(model)
  for (const text of [packed, '']) {
    const link = encodeView({ ...usual, against }, text).join('&')
    const { view, problems, packedAgainst } = decodeView(entriesOf(link))
    expect(problems).toEqual([])
    expect(packedAgainst).toBe(text)
    expect({ ...view.against, model }).toEqual(against)
  }
  expect(await unpackModel(packed)).toEqual(model)
})
