/** Running atlases: what is asked, what was found so far, and the worker all of them share. */
import type { Evaluator } from '../../sweep/evaluator.ts'
import { engine, wantedEngine } from '../engine/engines.ts'
import { trustedScript } from '../engine/trusted.ts'
import { Signal } from '../state/signal.ts'
import type {
  AtlasReply,
  AtlasRequest,
  Found,
  LinesReply,
  LinesRequest,
  Posted,
  SizedModel,
  SizesReply,
  SizesRequest,
} from './worker.ts'
import workerUrl from './worker.ts?worker&url'

type Wanted = Omit<AtlasRequest, 'kind' | 'id'>

export interface Progress {
  rows: readonly (readonly Found[] | null)[]
  /** Rows found of rows wanted. */
  done: number
  /** What computed the rows found last. */
  engine: Evaluator['kind'] | null
  /** Why it stopped, or null. */
  error: string | null
}

/** Every model of the catalogue, smallest first; empty until it is known. */
export const sizedModels = new Signal<readonly SizedModel[]>([])

let worker: Worker | null = null
let last = 0
/** The atlas the worker works for. */
let active: Sweep | null = null
let sizesAsked = false

let receiveLines: (reply: LinesReply) => void = () => {}

/** Who gets the lines that were asked for. */
export function onLines(receive: (reply: LinesReply) => void): void {
  receiveLines = receive
}

/** Asks the worker; it computes on the GPU where the GPU draws the map, or is going to. */
export function post(request: AtlasRequest | LinesRequest | SizesRequest): void {
  if (!worker) {
    worker = new Worker(trustedScript(workerUrl), { type: 'module', name: 'Oomscape atlas' })
    worker.onmessage = ({ data }: MessageEvent<AtlasReply | LinesReply | SizesReply>) => {
      if (data.kind === 'sizes') sizedModels.value = data.models
      else if (data.kind === 'lines') receiveLines(data)
      else active?.receive(data)
    }
    worker.onerror = (event) => {
      event.preventDefault()
      worker?.terminate()
      worker = null
      sizesAsked = false
      active?.fail()
    }
  }
  const onGpu = engine.value.engine.kind === 'gpu' || wantedEngine() === 'gpu'
  const posted: Posted = { ...request, engine: onGpu ? 'gpu' : 'cpu' }
  worker.postMessage(posted)
}

/** Asks once for the models. */
export function askSizes(): void {
  if (sizesAsked) return
  sizesAsked = true
  post({ kind: 'sizes' })
}

/** An atlas that can be asked again: while a new answer grows, rows it has not reached keep their old cells. */
export class Sweep extends Signal<Progress> {
  private asked = ''
  private rowsAsked = ''
  private id = 0

  constructor() {
    super({ rows: [], done: 0, engine: null, error: null })
  }

  /** Asks unless the same was asked last. */
  ask(wanted: Wanted): void {
    const { models, gpus, counts, anyway } = wanted
    const rowsKey = JSON.stringify([models, gpus, counts, anyway])
    const key = JSON.stringify([wanted.input, wanted.goal]) + rowsKey
    const rows = models ?? gpus
    if (key === this.asked && (active === this || this.value.done === rows.length)) return
    const kept = rowsKey === this.rowsAsked ? this.value.rows : rows.map(() => null)
    this.asked = key
    this.rowsAsked = rowsKey
    this.id = ++last
    active = this
    this.value = { rows: kept, done: 0, engine: null, error: null }
    post({ kind: 'atlas', id: this.id, ...wanted })
  }

  receive({ id, first, cells, engine }: AtlasReply): void {
    if (id !== this.id) return
    const rows = [...this.value.rows]
    rows.splice(first, cells.length, ...cells)
    this.value = { rows, done: first + cells.length, engine, error: null }
  }

  fail(): void {
    this.asked = ''
    this.value = { ...this.value, error: 'The sweep could not be run. Check the connection and choose the view again.' }
  }
}
