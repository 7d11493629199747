/** Tables of statistics as plain text. */
import type { Measurement } from './measurement.ts'
import { runtimeOf } from './names.ts'
import { type Result, type Statistics, statistics } from './score.ts'
import { readSettings } from './settings.ts'
import { unstated } from './unstated.ts'

/** What a row measures: totals are what the product promises; a pool is what a server has left for its cache. */
export function quantityOf(row: Measurement): string {
  const { what } = row.measured
  if (/^(fits|oom|max_)/.test(what)) return 'boundaries'
  if (/^(peak_|nvidia|allocated)/.test(what)) return 'totals'
  if (what === 'weights') return 'weights'
  if (what === 'kv_tokens') return 'pool'
  if (what !== 'kv_bytes') return 'parts'
  const counted = row.batch !== null || readSettings(row.other_settings ?? '').forTokens !== null
  return counted ? 'KV bytes' : 'pool'
}

export interface Group {
  name: string
  /** 0: all rows; 1: kind and quantity; 2: kind, runtime and meter. */
  level: number
  statistics: Statistics
}

export function groups(results: Result[]): Group[] {
  const by = (level: number, key: (r: Result) => string) => {
    const map = new Map<string, Result[]>()
    for (const result of results) map.set(key(result), [...(map.get(key(result)) ?? []), result])
    return [...map]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, rs]) => ({ name, level, statistics: statistics(rs) }))
  }
  return [
    { name: 'all', level: 0, statistics: statistics(results) },
    ...by(1, (r) => `${r.row.kind} · ${quantityOf(r.row)}`),
    ...by(2, (r) => `${r.row.kind} · ${safeRuntime(r)} · ${r.row.measured.what}`),
  ]
}

function safeRuntime(result: Result): string {
  try {
    return runtimeOf(result.row.framework)
  } catch {
    return result.row.framework
  }
}

export const percent = (x: number | null, digits = 1, unit = '') =>
  x === null ? '' : `${(100 * x).toFixed(digits)}${unit}`

export function table(list: Group[]): string {
  const head = ['', 'rows', 'covered', 'median %', 'p90 %', 'bias %', '±5', '±10', '±20', 'in range', 'width', 'side']
  const lines = list.map(({ name, statistics: s }) => [
    name,
    String(s.rows),
    String(s.covered),
    percent(s.median, 2),
    percent(s.p90),
    percent(s.bias, 2),
    percent(s.within5, 0),
    percent(s.within10, 0),
    percent(s.within20, 0),
    percent(s.inRange, 0),
    percent(s.width, 0),
    s.right === null ? '' : `${percent(s.right, 0)} of ${s.boundaries}`,
  ])
  const widths = head.map((h, i) => Math.max(h.length, ...lines.map((l) => l[i]!.length)))
  return [head, ...lines]
    .map((l) => l.map((c, i) => (i ? c.padStart(widths[i]!) : c.padEnd(widths[i]!))).join('  '))
    .join('\n')
}

export function worst(results: Result[], count: number): string {
  const wrong = results.filter((r) => r.side === 'wrong')
  const off = results.filter((r) => r.error !== null).sort((a, b) => Math.abs(b.error!) - Math.abs(a.error!))
  const shown = (r: Result) => {
    const tokens = r.row.measured.what === 'kv_tokens'
    const size = (x: number) => (tokens ? String(Math.round(x)) : `${(x / 2 ** 30).toFixed(3)} GiB`)
    const what = r.side ? 'wrong side' : `${size(r.expected!)} for ${size(r.actual!)} (${percent(r.error)} %)`
    const { row } = r
    const left = unstated(row)
    const note = left.length > 0 ? `; it does not state ${left.join(', ')}` : ''
    return `${row.id}  ${row.kind} ${row.framework} ${row.model} ${row.weights_precision ?? ''} b${row.batch ?? '-'} s${row.seq_len ?? '-'}+${row.gen_len ?? 0} ×${row.gpus ?? '?'}  ${row.measured.what}: ${what}${note}`
  }
  return [...wrong, ...off].slice(0, count).map(shown).join('\n')
}

export function unexpressed(results: Result[]): string {
  const reasons = new Map<string, string[]>()
  for (const { row, reason } of results)
    if (reason !== null) reasons.set(reason, [...(reasons.get(reason) ?? []), row.id])
  return [...reasons]
    .map(([reason, ids]) => `${ids.length} × ${reason} (${ids.slice(0, 4).join(', ')}${ids.length > 4 ? ', …' : ''})`)
    .join('\n')
}
