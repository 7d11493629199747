/**
 * How formulas are written for people: precedence, parentheses, sums over rows. One writer, two styles: plain text, and MathML as plain data
 * that a page turns into elements without parsing anything.
 */
import { formatInteger } from '../units.ts'
import type { Expression, Operation, Reduction } from './expression.ts'

/** A MathML element; leaves have text, the others children. */
export interface MathNode {
  tag: 'math' | 'mrow' | 'mi' | 'mn' | 'mo' | 'mtext' | 'mfrac' | 'munder'
  text?: string
  children?: MathNode[]
}

/** Binding strength, weakest first. A difference stands alone in a sum: a + (b − c) is not (a + b) − c where a + b saturates. */
const DIFFERENCE = 0
const SUM = 1
const PRODUCT = 2
const ATOM = 3

interface Written<T> {
  out: T
  level: number
}

/** The parts formulas are written with. */
export interface Style<T> {
  number(text: string): T
  name(text: string): T
  /** Words that stand between formulas. */
  words(text: string): T
  sequence(parts: T[]): T
  infix(sign: '+' | '×' | '−', parts: T[]): T
  parentheses(part: T): T
  /** Rounded division; parentheses only where the style needs them. */
  division(rounding: 'up' | 'down', above: Written<T>, below: Written<T>): T
  call(name: string, parts: T[]): T
  /** Σ or max over a list's rows. */
  over(sign: 'Σ' | 'max', list: string, part: T): T
}

/** What a writer asks: how a leaf reads, and into which terms a reduction unfolds (null: it is written with its sign). */
export interface View {
  leaf(node: Expression): { kind: 'number' | 'name'; text: string } | null
  unfold(node: Reduction): { of: Expression; view: View }[] | null
  /** Whether a divisor is not worth writing, because it is 1. */
  isOne(divisor: Expression): boolean
  /** Whether a difference is known not to end at 0, which then is not worth writing. */
  isPositive(difference: Expression): boolean
}

/** More rows than this end in an ellipsis. */
const SHOWN_ROWS = 4

/** Writes a formula in a style. */
export const write = <T>(node: Expression, style: Style<T>, view: View): T => visit(node, style, view).out

function visit<T>(node: Expression, style: Style<T>, view: View): Written<T> {
  const leaf = view.leaf(node)
  if (leaf) return { out: style[leaf.kind](leaf.text), level: ATOM }
  const inner = (of: Expression, least: number): T => {
    const part = visit(of, style, view)
    return part.level < least ? style.parentheses(part.out) : part.out
  }
  switch (node.op) {
    case 'sumOver':
    case 'largestOver':
      return reduction(node, style, view)
    case 'when':
      return { out: conditional(node.flag, inner(node.of[0], SUM), inner(node.of[1], SUM), style), level: ATOM }
    case 'constant':
    case 'quantity':
    case 'named':
      throw new TypeError('A view has to say how a leaf reads')
    case 'sum':
      return {
        out: style.infix(
          '+',
          node.of.map((of) => inner(of, SUM)),
        ),
        level: SUM,
      }
    case 'product':
      return {
        out: style.infix(
          '×',
          node.of.map((of) => inner(of, PRODUCT)),
        ),
        level: PRODUCT,
      }
    case 'difference': {
      const minus = style.infix('−', [inner(node.of[0], SUM), inner(node.of[1], PRODUCT)])
      if (view.isPositive(node)) return { out: minus, level: DIFFERENCE }
      return { out: style.call('max', [style.number('0'), minus]), level: ATOM }
    }
    case 'ceilDiv':
    case 'floorDiv':
      return divide(node, style, view)
    default: {
      const parts = node.of.map((of) => inner(of, DIFFERENCE))
      return { out: style.call(node.op === 'smallest' ? 'min' : 'max', parts), level: ATOM }
    }
  }
}

function divide<T>(node: Operation, style: Style<T>, view: View): Written<T> {
  const [above, below] = node.of
  const whole = visit(above, style, view)
  if (view.isOne(below)) return whole
  const rounding = node.op === 'ceilDiv' ? 'up' : 'down'
  return { out: style.division(rounding, whole, visit(below, style, view)), level: ATOM }
}

function reduction<T>(node: Reduction, style: Style<T>, view: View): Written<T> {
  const terms = view.unfold(node)
  const sums = node.op === 'sumOver'
  if (terms === null)
    return { out: style.over(sums ? 'Σ' : 'max', node.list.about, write(node.of, style, view)), level: ATOM }
  if (terms.length === 0) return { out: style.number('0'), level: ATOM }
  if (terms.length === 1) return visit(terms[0].of, style, terms[0].view)
  const shown = terms.length > SHOWN_ROWS ? terms.slice(0, SHOWN_ROWS - 1) : terms
  const parts = shown.map((term) => write(term.of, style, term.view))
  if (shown !== terms) parts.push(style.words('…'))
  return sums ? { out: style.infix('+', parts), level: SUM } : { out: style.call('max', parts), level: ATOM }
}

function conditional<T>(flag: string, then: T, otherwise: T, style: Style<T>): T {
  return style.parentheses(style.sequence([then, style.words(` if ${flag}, else `), otherwise]))
}

const closing = { up: ['⌈', '⌉'], down: ['⌊', '⌋'] } as const

export const plainText: Style<string> = {
  number: (text) => text,
  name: (text) => text,
  words: (text) => text,
  sequence: (parts) => parts.join(''),
  infix: (sign, parts) => parts.join(` ${sign} `),
  parentheses: (part) => `(${part})`,
  division(rounding, above, below) {
    const [open, close] = closing[rounding]
    const bind = (part: Written<string>, least: number) => (part.level < least ? `(${part.out})` : part.out)
    return `${open}${bind(above, PRODUCT)} / ${bind(below, ATOM)}${close}`
  },
  call: (name, parts) => `${name}(${parts.join(', ')})`,
  over: (sign, list, part) => `${sign} over ${list} (${part})`,
}

const row = (...children: MathNode[]): MathNode => ({ tag: 'mrow', children })
const sign = (text: string): MathNode => ({ tag: 'mo', text })
const between = (parts: MathNode[], mark: string) => parts.flatMap((part, i) => (i === 0 ? [part] : [sign(mark), part]))

export const mathML: Style<MathNode> = {
  number: (text) => ({ tag: 'mn', text }),
  name: (text) => ({ tag: 'mi', text }),
  words: (text) => ({ tag: 'mtext', text }),
  sequence: (parts) => row(...parts),
  infix: (mark, parts) => row(...between(parts, mark)),
  parentheses: (part) => row(sign('('), part, sign(')')),
  division(rounding, above, below) {
    const [open, close] = closing[rounding]
    return row(sign(open), { tag: 'mfrac', children: [above.out, below.out] }, sign(close))
  },
  call: (name, parts) => row({ tag: 'mi', text: name }, sign('('), ...between(parts, ','), sign(')')),
  over(mark, list, part) {
    const under: MathNode = { tag: 'munder', children: [sign(mark), { tag: 'mtext', text: list }] }
    return row(under, sign('('), part, sign(')'))
  },
}

/** Reads every leaf by its name, named steps included; reductions keep their sign. */
export const byName: View = {
  leaf(node) {
    if (node.op === 'constant') return { kind: 'number', text: formatInteger(node.value) }
    return node.op === 'quantity' || node.op === 'named' ? { kind: 'name', text: node.name } : null
  },
  unfold: () => null,
  isOne: () => false,
  isPositive: () => false,
}

/** MathML as text, for files and tests; a page builds elements from the data instead. */
export function mathText({ tag, text, children = [] }: MathNode): string {
  const inner =
    text === undefined ? children.map(mathText).join('') : text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)
  return `<${tag}>${inner}</${tag}>`
}
