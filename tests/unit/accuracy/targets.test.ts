/**
 * The promise itself: how far predictions may be from published measurements (tests/fixtures/measurements, sources in each row). Held on the
 * headline rows, and more loosely on all rows, whose units, versions or lengths are partly unknown.
 */
import { describe, expect, it } from 'vitest'
import { publishedFiles, readMeasurements } from '../../../scripts/accuracy/measurement.ts'
import { quantityOf } from '../../../scripts/accuracy/report.ts'
import { evaluate, type Result, statistics } from '../../../scripts/accuracy/score.ts'
import { isStated } from '../../../scripts/accuracy/unstated.ts'

const results = publishedFiles().flatMap(readMeasurements).map(evaluate)
const core = results.filter((r) => r.row.gold_core)
const inference = (rows: Result[], quantity?: string) =>
  rows.filter((r) => r.row.kind === 'inference' && (quantity === undefined || quantityOf(r.row) === quantity))

describe('inference, headline rows', () => {
  it('covers at least 95 %', () => {
    const { covered, rows } = statistics(inference(core))
    expect(covered / rows).toBeGreaterThanOrEqual(0.95)
  })

  it('counts KV bytes exactly, as far as logs print them', () => {
    // Logs round to hundredths of a GiB, and some print keys and values apart.
    for (const { row, expected, actual } of inference(core, 'KV bytes')) {
      expect(Math.abs(expected! - actual!), row.id).toBeLessThanOrEqual(0.011 * 2 ** 30)
    }
  })

  it('counts weights within 1 % in the median and within 2 % in nine of ten', () => {
    const { median, p90 } = statistics(inference(core, 'weights'))
    expect(median).toBeLessThanOrEqual(0.01)
    expect(p90).toBeLessThanOrEqual(0.02)
  })

  it('predicts totals: median |error| ≤ 3 %, 90th percentile ≤ 12 %, |median bias| ≤ 2 %', () => {
    const { median, p90, bias } = statistics(inference(core, 'totals'))
    expect(median).toBeLessThanOrEqual(0.03)
    expect(p90).toBeLessThanOrEqual(0.12)
    expect(Math.abs(bias!)).toBeLessThanOrEqual(0.02)
  })

  it('has an honest range: nine in ten measured totals inside, median width ≤ 25 %', () => {
    const { inRange, width } = statistics(inference(core, 'totals'))
    expect(inRange).toBeGreaterThanOrEqual(0.9)
    expect(width).toBeLessThanOrEqual(0.25)
  })

  it('says what servers have left for their caches within 10 %', () => {
    const { p90 } = statistics(inference(core, 'pool'))
    expect(p90).toBeLessThanOrEqual(0.1)
  })
})

describe('inference, all rows', () => {
  it('keeps the totals’ targets', () => {
    const { median, p90, inRange } = statistics(inference(results, 'totals'))
    expect(median).toBeLessThanOrEqual(0.03)
    expect(p90).toBeLessThanOrEqual(0.12)
    expect(inRange).toBeGreaterThanOrEqual(0.9)
  })

  it('has boundaries on the right side', () => {
    expect(statistics(inference(results, 'boundaries')).right).toBeGreaterThanOrEqual(0.95)
  })
})

const kinds = ['full', 'pretrain', 'lora', 'qlora'] as const
const training = (rows: Result[], quantity: string) =>
  rows.filter((r) => r.row.kind !== 'inference' && quantityOf(r.row) === quantity)

describe('training, headline rows', () => {
  const totals = (kind: string) => core.filter((r) => r.row.kind === kind && quantityOf(r.row) === 'totals')

  it('covers at least 95 %', () => {
    const { covered, rows } = statistics(core.filter((r) => r.row.kind !== 'inference'))
    expect(covered / rows).toBeGreaterThanOrEqual(0.95)
  })

  it.each(kinds)(
    'predicts totals of %s: median |error| ≤ 5 % (adapters 6 %), 90th percentile ≤ 20 %, |median bias| ≤ 2 %',
    (kind) => {
      const { median, p90, bias } = statistics(totals(kind))
      expect(median).toBeLessThanOrEqual(/lora/.test(kind) ? 0.06 : 0.05)
      expect(p90).toBeLessThanOrEqual(0.2)
      expect(Math.abs(bias!)).toBeLessThanOrEqual(0.02)
    },
  )

  it('counts weights within 1 %', () => {
    const { median, rows } = statistics(training(core, 'weights'))
    expect(rows).toBeGreaterThan(0)
    expect(median).toBeLessThanOrEqual(0.01)
  })

  it('has an honest range: nine in ten measured totals inside, median width ≤ 25 %', () => {
    const { inRange, width } = statistics(training(core, 'totals'))
    expect(inRange).toBeGreaterThanOrEqual(0.9)
    expect(width).toBeLessThanOrEqual(0.25)
  })
})

describe('training, all rows', () => {
  it('keeps nine in ten totals in range where a sure measurement states batch, length and GPUs', () => {
    const stated = training(results, 'totals').filter(({ row }) => isStated(row))
    const { inRange, width } = statistics(stated)
    expect(stated.length).toBeGreaterThanOrEqual(80)
    expect(inRange).toBeGreaterThanOrEqual(0.9)
    expect(width).toBeLessThanOrEqual(0.25)
  })

  it('has boundaries on the right side', () => {
    expect(statistics(training(results, 'boundaries')).right).toBeGreaterThanOrEqual(0.95)
  })
})
