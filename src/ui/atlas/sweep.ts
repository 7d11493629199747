/** One running atlas: its request, what was found so far, and the worker all of them share. */

import type { ScenarioInput } from '../../scenario/schema.ts'
import type { Goal } from '../../sweep/atlas.ts'
import type { AxisInput } from '../../sweep/axis.ts'
import { withField } from '../../sweep/plan.ts'
import { trustedScript } from '../engine/trusted.ts'
import { Signal } from '../state/signal.ts'
import type { AtlasReply, AtlasRequest, Found } from './worker.ts'
import workerUrl from './worker.ts?worker&url'

export interface Progress {
  rows: readonly (readonly Found[] | null)[]
  /** Rows found of rows wanted. */
  done: number
  /** Why it stopped, or null. */
  error: string | null
}

let worker: Worker | null = null
let last = 0
/** The one the worker works for. */
let active: Sweep | null = null

/** Degrees that were said for one number of GPUs hold for no other; a runtime finds its own. */
export const freed = (input: ScenarioInput): ScenarioInput =>
  ['tensor', 'pipeline', 'data'].reduce(
    (at, degree) => withField(at, ['parallelism', degree], null) as ScenarioInput,
    input,
  )

/** An atlas that can be asked again: while a new answer grows, rows it has not reached keep their old cells. */
export class Sweep extends Signal<Progress> {
  private asked = ''
  private id = 0

  constructor() {
    super({ rows: [], done: 0, error: null })
  }

  /** Asks unless the same was asked last. */
  ask(input: ScenarioInput, goal: Goal, field: string, rows: readonly unknown[], columns: AxisInput): void {
    const key = JSON.stringify([input, goal, field, rows, columns])
    if (key === this.asked && (active === this || this.value.done === rows.length)) return
    active = this
    const sameRows = this.asked !== '' && this.value.rows.length === rows.length
    this.asked = key
    this.id = ++last
    this.value = { rows: sameRows ? this.value.rows : rows.map(() => null), done: 0, error: null }
    const request: AtlasRequest = { id: this.id, input: freed(input), goal, field, rows, columns }
    this.worker().postMessage(request)
  }

  private worker(): Worker {
    worker ??= new Worker(trustedScript(workerUrl), { type: 'module', name: 'Oomscape atlas' })
    worker.onmessage = ({ data }: MessageEvent<AtlasReply>) => this.receive(data)
    worker.onerror = () => {
      worker?.terminate()
      worker = null
      this.asked = ''
      this.value = { ...this.value, error: 'The sweep could not be run. Check the connection and try again.' }
    }
    return worker
  }

  private receive({ id, first, cells }: AtlasReply): void {
    if (id !== this.id) return
    const rows = [...this.value.rows]
    rows.splice(first, cells.length, ...cells)
    this.value = { rows, done: first + cells.length, error: null }
  }
}
