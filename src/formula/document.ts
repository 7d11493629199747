/**
 * The documenting reading: formulas as Markdown, each step once, under the output that mentions it first, and the quantities they are made
 * of. Flags stay in, as conditions.
 */
import { type Expression, type Named, operands, type Quantity } from './expression.ts'
import { byName, plainText, write } from './notation.ts'

/** Markdown for some outputs and everything they are made of; `headings` start at the given level. */
export function documentFormulas(outputs: Record<string, Expression>, level = 2): string {
  const seen = new Set<Expression>()
  const heading = '#'.repeat(level)
  const sections = Object.entries(outputs).map(([name, output]) => {
    const fresh = collect(output, seen, (node) => node.op === 'named') as Named[]
    const own = output.op === 'named' ? [] : [`Output \`${name}\`:\n\n${cases(output)}`]
    return [`${heading} ${name}`, ...own, ...byTitle(fresh, `${heading}#`)].join('\n\n')
  })
  const quantities = collect(Object.values(outputs), new Set(), (node) => node.op === 'quantity') as Quantity[]
  return `${[...sections, `${heading} Quantities`, quantityTables(quantities)].join('\n\n')}\n`
}

/** Everything of a kind that expressions are made of, in order of appearance, parents first; what was seen before is left out. */
function collect(
  from: Expression | Expression[],
  seen: Set<Expression>,
  wanted: (node: Expression) => boolean,
): Expression[] {
  const found: Expression[] = []
  const visit = (node: Expression) => {
    if (seen.has(node)) return
    seen.add(node)
    if (wanted(node)) found.push(node)
    operands(node).forEach(visit)
  }
  for (const node of Array.isArray(from) ? from : [from]) visit(node)
  return found
}

/** Steps under their names; steps of one name (the same rule for different tokens) share a section. */
function byTitle(steps: Named[], heading: string): string[] {
  const titles = new Map<string, Named[]>()
  for (const step of steps) titles.set(step.name, [...(titles.get(step.name) ?? []), step])
  return [...titles].map(([name, variants]) => {
    const formulas = variants.map((step) => cases(step.of)).join('\n\n')
    const sources = [...new Set(variants.map((step) => step.source).filter(Boolean))].map(plain).join('; ')
    return [`${heading} ${plain(name)} [${variants[0].unit || '1'}]`, formulas, sources].filter(Boolean).join('\n\n')
  })
}

/** A formula, or one for each condition. */
function cases(formula: Expression): string {
  const text = (node: Expression) => `\`${write(node, plainText, byName).replaceAll('`', "'")}\``
  if (formula.op !== 'when') return text(formula)
  const lines: string[] = []
  let rest: Expression = formula
  while (rest.op === 'when') {
    lines.push(`- ${lines.length === 0 ? 'if' : 'else if'} *${plain(rest.flag)}*: ${text(rest.of[0])}`)
    rest = rest.of[1]
  }
  return [...lines, `- else: ${text(rest)}`].join('\n')
}

const changes = { slice: '', column: 'sequence', cell: 'batch' } as const

function quantityTables(quantities: Quantity[]): string {
  const groups = new Map<string, Quantity[]>()
  for (const quantity of quantities) {
    const title = quantity.list ? `For each of the ${quantity.list.about}` : 'Of the scenario'
    groups.set(title, [...(groups.get(title) ?? []), quantity])
  }
  return [...groups]
    .map(([title, members]) => {
      const rows = members.map(({ name, unit, about, level }) => {
        const walked = changes[level] ? ` (walked along ${changes[level]})` : ''
        return `| \`${name}\` | ${plain(unit || '1')} | ${plain(about)}${walked} |`
      })
      return [`${title}:`, '', '| name | unit | meaning |', '|---|---|---|', ...rows].join('\n')
    })
    .join('\n\n')
}

/** Text in which Markdown finds nothing to do. */
const plain = (text: string) => text.replace(/[\\`*_[\]<>|]/g, '\\$&')
