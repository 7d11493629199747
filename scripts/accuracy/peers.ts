/** Other calculators' errors on the rows that they were run on, beside ours (tests/fixtures/peer-predictions.json, GiB by row). */
import { readFileSync } from 'node:fs'
import { quantile, type Result } from './score.ts'

type Predictions = Record<string, Record<string, number>>

const predictions: Predictions = JSON.parse(
  readFileSync(new URL('../../tests/fixtures/peer-predictions.json', import.meta.url), 'utf8'),
)

/** The article's own rule, which is no calculator's. */
const ARTICLE = 'naive-ApX-rule'

export interface Comparison {
  name: string
  rows: number
  median: number | null
  within20: number | null
}

/** Ours first, then the calculators from best to worst, and the best of all per row, picked after seeing the answer. */
export function compare(results: Result[]): Comparison[] {
  const rows = results.filter((r) => r.error !== null && predictions[r.row.id])
  const names = [...new Set(rows.flatMap((r) => Object.keys(predictions[r.row.id]!)))]
  const errorOf = (r: Result, name: string) => {
    const said = predictions[r.row.id]![name]
    return said === undefined || r.row.measured.value_gib === null
      ? null
      : Math.abs(said / r.row.measured.value_gib - 1)
  }
  const summary = (name: string, errors: (number | null)[]): Comparison => {
    const known = errors.filter((e) => e !== null)
    const share = known.length === 0 ? null : known.filter((e) => e <= 0.2).length / known.length
    return { name, rows: known.length, median: quantile(known, 0.5), within20: share }
  }
  const each = names.map((name) =>
    summary(
      name === ARTICLE ? 'the article’s rule' : name,
      rows.map((r) => errorOf(r, name)),
    ),
  )
  const best = rows.map((r) => {
    const errors = names.filter((n) => n !== ARTICLE).flatMap((name) => errorOf(r, name) ?? [])
    return errors.length === 0 ? null : Math.min(...errors)
  })
  return [
    summary(
      'Oomscape',
      rows.map((r) => Math.abs(r.error!)),
    ),
    ...each.sort((a, b) => (a.median ?? 9) - (b.median ?? 9)),
    summary('best of all calculators per row, in hindsight', best),
  ]
}
