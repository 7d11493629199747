/**
 * The fast CPU reading: straight-line programs of closures over one register file of doubles. Exact, because LIMIT is the largest
 * integer below which doubles are exact: a sum or product beyond it rounds to at least 2⁵³ and is clamped.
 */
import { isRowBound, levelOf } from './dependence.ts'
import { type Expression, type Inputs, LIMIT, operands } from './expression.ts'
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

  // Places a node's value into a register, emitting its step into `steps` (a row's steps run once per row).
  const emit = (node: Expression, steps: Step[], rowSlots: Map<Expression, number> | null): number => {
    const slots = rowSlots && isRowBound(node) ? rowSlots : slot
    const known = slots.get(node)
    if (known !== undefined) return known
    // What does not depend on the row is computed outside the loop, in the pass its level belongs to.
    const into = rowSlots && isRowBound(node) ? steps : levelOf(node) === 'slice' ? sliceSteps : columnSteps
    const at = emitNew(node, into, rowSlots)
    slots.set(node, at)
    return at
  }

  const emitNew = (node: Expression, steps: Step[], rowSlots: Map<Expression, number> | null): number => {
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
        return emit(node.of, steps, rowSlots)
      case 'when':
        throw new Error(`The flag ${node.flag} was not specialised`)
      case 'sumOver':
      case 'largestOver': {
        const inner: Step[] = []
        const bound = new Map<Expression, number>()
        const body = emit(node.of, inner, bound)
        const fields = [...bound].flatMap(([e, at]) => (e.op === 'quantity' ? [{ name: e.name, at }] : []))
        const at = reserve()
        const list = node.list.name
        const add = node.op === 'sumOver'
        steps.push(() => {
          const rows = inputs.lists[list] ?? []
          let total = 0
          for (let i = 0; i < rows.length; i++) {
            const row = rows[i]
            for (let f = 0; f < fields.length; f++) r[fields[f].at] = row[fields[f].name]
            for (let s = 0; s < inner.length; s++) inner[s]()
            const value = r[body]
            total = add ? Math.min(LIMIT, total + value) : Math.max(total, value)
          }
          r[at] = total
        })
        return at
      }
      default: {
        const from = operands(node).map((operand) => emit(operand, steps, rowSlots))
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

  for (const node of stages.slice) emit(node, sliceSteps, null)
  const results = stages.column.map((node) => emit(node, columnSteps, null))
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
