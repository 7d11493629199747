/**
 * The fast CPU reading: straight-line programs of closures over one register file of doubles. Exact, because LIMIT is the largest
 * integer below which doubles are exact: a sum or product beyond it rounds to at least 2⁵³ and is clamped.
 */
import { isRowBound, levelOf } from './dependence.ts'
import { type Expression, type Inputs, LIMIT, operands, type Reduction } from './expression.ts'
import type { Stages } from './stages.ts'

/** Runs the slice and column passes for one slice at a time. */
export interface Program {
  /** Evaluates the slice pass for a slice's inputs. */
  setSlice(inputs: Inputs): void
  /** Evaluates the column pass at a sequence length (tokens) for the slice set last; writes `columnResults` numbers at `offset`. */
  column(sequence: number, out: Float64Array, offset: number): void
  readonly columnResults: number
}

type Step = () => void

/** The body of a reduction over the rows of a list. */
interface Body {
  slots: Map<Expression, number>
  /** Steps per row that do not depend on sequence: they run in the slice pass. */
  slice: Step[]
  /** Steps per row that do. */
  column: Step[]
  /** Registers the slice pass fills per row and the column pass reads. */
  kept: Set<number>
}

export const ceilDivExact = (a: number, b: number): number => {
  const q = floorDivExact(a, b)
  return q * b === a ? q : q + 1
}

/** ⌊a / b⌋ without the rounding of `/`: the quotient is corrected by its exact remainder. */
export const floorDivExact = (a: number, b: number): number => {
  const q = Math.floor(a / b)
  const remainder = a - q * b
  return remainder < 0 ? q - 1 : remainder >= b ? q + 1 : q
}

/** Compiles the slice and column passes. One program is not shared between threads of control: it owns its registers. */
export function compile(stages: Stages): Program {
  const slot = new Map<Expression, number>()
  const sliceSteps: Step[] = []
  const columnSteps: Step[] = []
  let count = 0
  let r = new Float64Array(64)
  const reserve = () => {
    if (count === r.length) {
      const larger = new Float64Array(r.length * 2)
      larger.set(r)
      r = larger
    }
    return count++
  }
  let inputs: Inputs = { values: {}, lists: {} }
  const sequenceSlot = reserve()

  // Places a node's value into a register. What does not depend on the row is computed outside the loop over rows, in the pass its level
  // belongs to; what depends on the row alone is computed once per slice and row.
  const emit = (node: Expression, body: Body | null): number => {
    const inRow = body !== null && isRowBound(node)
    const slots = inRow ? body.slots : slot
    let at = slots.get(node)
    if (at === undefined) {
      const ofSlice = levelOf(node) === 'slice'
      const into = inRow ? (ofSlice ? body.slice : body.column) : ofSlice ? sliceSteps : columnSteps
      at = emitNew(node, into, body)
      slots.set(node, at)
    }
    return at
  }

  const emitNew = (node: Expression, steps: Step[], body: Body | null): number => {
    switch (node.op) {
      case 'constant': {
        const at = reserve()
        r[at] = node.value
        return at
      }
      case 'quantity': {
        if (node.level === 'column') return sequenceSlot
        if (node.level === 'cell') throw new Error('Batch in a column formula')
        const at = reserve()
        const { name } = node
        if (!node.list) steps.push(() => void (r[at] = inputs.values[name]))
        return at
      }
      case 'named':
        return emit(node.of, body)
      case 'when':
        throw new Error(`The flag ${node.flag} was not specialised`)
      case 'sumOver':
      case 'largestOver':
        return emitReduction(node)
      default: {
        const from = operands(node).map((operand) => {
          const at = emit(operand, body)
          if (body && steps === body.column && isRowBound(operand) && levelOf(operand) === 'slice') body.kept.add(at)
          return at
        })
        let left = from[0]
        for (const right of from.slice(1)) {
          const at = reserve()
          steps.push(binary(node.op, left, right, at))
          left = at
        }
        return left
      }
    }
  }

  const emitReduction = (node: Reduction): number => {
    const body: Body = { slots: new Map(), slice: [], column: [], kept: new Set() }
    const value = emit(node.of, body)
    const fields = [...body.slots].flatMap(([e, at]) => (e.op === 'quantity' ? [{ name: e.name, at }] : []))
    const at = reserve()
    const list = node.list.name
    const add = node.op === 'sumOver'
    const { slice, column } = body
    const load = (row: Record<string, number>) => {
      for (let f = 0; f < fields.length; f++) r[fields[f].at] = row[fields[f].name]
      for (let s = 0; s < slice.length; s++) slice[s]()
    }
    if (levelOf(node) === 'slice') {
      sliceSteps.push(() => {
        let total = 0
        for (const row of inputs.lists[list] ?? []) {
          load(row)
          total = add ? Math.min(LIMIT, total + r[value]) : Math.max(total, r[value])
        }
        r[at] = total
      })
      return at
    }
    const kept = [...body.kept]
    let rows = 0
    let table = new Float64Array(8 * kept.length)
    sliceSteps.push(() => {
      const given = inputs.lists[list] ?? []
      rows = given.length
      if (table.length < rows * kept.length) table = new Float64Array(2 * rows * kept.length)
      let t = 0
      for (const row of given) {
        load(row)
        for (let k = 0; k < kept.length; k++) table[t++] = r[kept[k]]
      }
    })
    columnSteps.push(() => {
      let total = 0
      for (let i = 0, t = 0; i < rows; i++) {
        for (let k = 0; k < kept.length; k++) r[kept[k]] = table[t++]
        for (let s = 0; s < column.length; s++) column[s]()
        total = add ? Math.min(LIMIT, total + r[value]) : Math.max(total, r[value])
      }
      r[at] = total
    })
    return at
  }

  const binary = (op: string, a: number, b: number, at: number): Step => {
    switch (op) {
      case 'sum':
        return () => {
          const v = r[a] + r[b]
          r[at] = v > LIMIT ? LIMIT : v
        }
      case 'product':
        return () => {
          const v = r[a] * r[b]
          r[at] = v > LIMIT ? LIMIT : v
        }
      case 'smallest':
        return () => void (r[at] = r[a] < r[b] ? r[a] : r[b])
      case 'largest':
        return () => void (r[at] = r[a] > r[b] ? r[a] : r[b])
      case 'difference':
        return () => void (r[at] = r[a] > r[b] ? r[a] - r[b] : 0)
      case 'ceilDiv':
        return () => void (r[at] = ceilDivExact(r[a], r[b]))
      case 'floorDiv':
        return () => void (r[at] = floorDivExact(r[a], r[b]))
      default:
        throw new Error(`Unknown operation ${op}`)
    }
  }

  for (const node of stages.slice) emit(node, null)
  const results = stages.column.map((node) => emit(node, null))
  return {
    columnResults: results.length,
    setSlice(next) {
      inputs = next
      for (let i = 0; i < sliceSteps.length; i++) sliceSteps[i]()
    },
    column(sequence, out, offset) {
      r[sequenceSlot] = sequence
      for (let i = 0; i < columnSteps.length; i++) columnSteps[i]()
      for (let i = 0; i < results.length; i++) out[offset + i] = r[results[i]]
    },
  }
}
