/**
 * From formulas to three passes. What depends on neither batch nor sequence is a slice result; what depends on sequence a column result;
 * what is left per cell is a small tree of +, min, max and saturating − over walks `constant + slope × batch` (the normal form), because
 * multiplication by something that does not depend on batch distributes over all but −.
 */
import { isRowBound, levelOf } from './dependence.ts'
import { constant, type Expression, operands, product, sum } from './expression.ts'
import { specialise } from './specialise.ts'

/** A cell's value, with indices into the column results. `slope` −1 means the walk does not move with batch. */
export type CellTree =
  | { op: 'walk'; constant: number; slope: number }
  | { op: 'sum' | 'smallest' | 'largest'; of: CellTree[] }
  | { op: 'difference'; of: CellTree; less: number }

export interface Stages {
  /** Slice results, in order. */
  slice: Expression[]
  /** Column results, in order. Slice results and quantities they mention are read, not computed again. */
  column: Expression[]
  /** One tree per output, by name. */
  outputs: { name: string; tree: CellTree }[]
}

/** A model with its flags fixed: everything an engine is compiled from. Equal keys mean equal structures. */
export interface Structure {
  key: string
  /** Output formulas by name, flags specialised away. */
  outputs: Record<string, Expression>
  stages: Stages
}

/** A formula cannot be brought to the normal form; a mistake in the model, never in a scenario. */
export class NormalFormError extends Error {}

const zero = constant(0)
const none = new Set<string>()
const simplify = (e: Expression) => specialise(e, none)

type Tree =
  | { op: 'walk'; constant: Expression; slope: Expression }
  | { op: 'sum' | 'smallest' | 'largest'; of: Tree[] }
  | { op: 'difference'; of: Tree; less: Expression }

/** Splits formulas (flags already specialised) into the passes that evaluate them. */
export function stage(outputs: Record<string, Expression>): Stages {
  const trees = Object.entries(outputs).map(([name, e]) => ({ name, tree: normalForm(e) }))
  const column = new Map<Expression, number>()
  const slice = new Map<Expression, number>()
  const indexIn = (map: Map<Expression, number>, e: Expression) => {
    if (!map.has(e)) map.set(e, map.size)
    return map.get(e) as number
  }
  const place = (tree: Tree): CellTree => {
    if (tree.op === 'walk') {
      return {
        op: 'walk',
        constant: indexIn(column, tree.constant),
        slope: tree.slope === zero ? -1 : indexIn(column, tree.slope),
      }
    }
    if (tree.op === 'difference') return { op: 'difference', of: place(tree.of), less: indexIn(column, tree.less) }
    return { op: tree.op, of: tree.of.map(place) }
  }
  const placed = trees.map(({ name, tree }) => ({ name, tree: place(tree) }))
  const seen = new Set<Expression>()
  const collect = (e: Expression): void => {
    if (seen.has(e)) return
    seen.add(e)
    if (levelOf(e) === 'slice' && !isRowBound(e)) {
      if (e.op !== 'constant') indexIn(slice, e)
    } else operands(e).forEach(collect)
  }
  for (const e of column.keys()) collect(e)
  return { slice: [...slice.keys()], column: [...column.keys()], outputs: placed }
}

function normalForm(e: Expression): Tree {
  if (levelOf(e) !== 'cell') return { op: 'walk', constant: simplify(e), slope: zero }
  switch (e.op) {
    case 'quantity':
      return { op: 'walk', constant: zero, slope: constant(1) }
    case 'named':
      return normalForm(e.of)
    case 'sum':
      return mergeWalks(e.of.map(normalForm))
    case 'smallest':
    case 'largest':
      return { op: e.op, of: e.of.map(normalForm) }
    case 'product': {
      const moving = e.of.filter((factor) => levelOf(factor) === 'cell')
      if (moving.length > 1) throw new NormalFormError('Batch is multiplied by itself')
      const still = e.of.filter((factor) => levelOf(factor) !== 'cell')
      return scale(normalForm(moving[0]), still.length === 1 ? still[0] : product(...still))
    }
    case 'difference': {
      if (levelOf(e.of[1]) === 'cell') throw new NormalFormError('Something that depends on batch is subtracted')
      return { op: 'difference', of: normalForm(e.of[0]), less: simplify(e.of[1]) }
    }
    default:
      throw new NormalFormError(
        `${e.op} of something that depends on batch has no normal form; round per sequence instead`,
      )
  }
}

function scale(tree: Tree, by: Expression): Tree {
  const times = (e: Expression) => simplify(product(by, e))
  switch (tree.op) {
    case 'walk':
      return { op: 'walk', constant: times(tree.constant), slope: times(tree.slope) }
    case 'difference':
      // m·(x ⊖ c) saturates differently from m·x ⊖ m·c, so the model has to multiply first.
      throw new NormalFormError('A difference that depends on batch is multiplied; multiply its parts instead')
    default:
      return { op: tree.op, of: tree.of.map((t) => scale(t, by)) }
  }
}

/** Adds up nested sums and gathers all their walks into one: saturating addition of non-negative numbers is associative. */
function mergeWalks(terms: Tree[]): Tree {
  const flat = terms.flatMap((t) => (t.op === 'sum' ? t.of : [t]))
  const walks = flat.filter((t) => t.op === 'walk')
  const rest = flat.filter((t) => t.op !== 'walk')
  if (walks.length === 0) return { op: 'sum', of: rest }
  const add = (pick: (w: Extract<Tree, { op: 'walk' }>) => Expression) => simplify(sum(...walks.map(pick)))
  const walk: Tree = { op: 'walk', constant: add((w) => w.constant), slope: add((w) => w.slope) }
  if (rest.length === 0) return walk
  return { op: 'sum', of: walk.constant === zero && walk.slope === zero ? rest : [walk, ...rest] }
}
