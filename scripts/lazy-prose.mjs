/**
 * A Vite plugin that takes out of the memory model's formulas what they say of themselves (unit, and meaning or source) and puts it where a number is
 * opened to its formula: six kilobytes less before the map, and in every worker. Names are unique in the model, so texts are found by name.
 */

/** @typedef {{ type: string, start: number, end: number, value?: unknown, [key: string]: unknown }} Node */

/** Which argument is the name, and which the text, of src/formula/expression.ts's functions; the unit stands before the text. */
const places = /** @type {Record<string, [name: number, text: number]>} */ ({
  quantity: [0, 2],
  field: [1, 3],
  named: [0, 2],
})
const placeholder = '@prose@'

/** @returns {import('vite').Plugin} */
export function lazyProse() {
  /** @type {Map<string, [unit: string, text: string]>} */
  const prose = new Map()
  return {
    name: 'lazy-prose',
    apply: 'build',
    enforce: 'post',
    transform: {
      filter: { id: [/\/src\/memory\/.*\.ts$/, /\/src\/formula\/prose\.ts$/] },
      handler(code, id) {
        if (id.endsWith('/prose.ts')) return `export const prose = JSON.parse('${placeholder}')`
        /** @type {{ start: number, end: number, less: string }[]} */
        const cuts = []
        const program = /** @type {Node} */ (/** @type {unknown} */ (this.parse(code)))
        const read = reader(program)
        visit(program, read, (name, [before, unit, text], last) => {
          prose.set(name, [read(unit) ?? '', read(text) ?? ''])
          // Arguments that follow keep their place.
          cuts.push({ start: before.end, end: text.end, less: last ? '' : ',0,0' })
        })
        let short = code
        for (const { start, end, less } of cuts.sort((a, b) => b.start - a.start)) {
          short = `${short.slice(0, start)}${less}${short.slice(end)}`
        }
        return { code: short, map: null }
      },
    },
    // Every module has been transformed by now.
    renderChunk(code) {
      const place = new RegExp(`(["'\`])${placeholder}\\1`)
      if (!place.test(code)) return null
      const text = JSON.stringify(JSON.stringify(Object.fromEntries(prose)))
      return { code: code.replace(place, () => text), map: null }
    },
  }
}

/**
 * What a text says: a literal, a constant of its module that is one, or a template of those. Constants that nothing else reads go with it.
 * @param {Node} program
 * @returns {(node: Node | undefined) => string | undefined}
 */
function reader(program) {
  /** @type {Map<unknown, Node>} */
  const constants = new Map()
  for (const { kind, declarations } of /** @type {Node[]} */ (program.body)) {
    if (kind !== 'const') continue
    for (const { id, init } of /** @type {{ id: Node, init: Node }[]} */ (declarations)) constants.set(id.name, init)
  }
  /** @type {(node: Node | undefined) => string | undefined} */
  const read = (node) => {
    if (node?.type === 'Identifier') return constants.has(node.name) ? read(constants.get(node.name)) : undefined
    if (node?.type !== 'TemplateLiteral') return typeof node?.value === 'string' ? node.value : undefined
    const values = /** @type {Node[]} */ (node.expressions).map(read)
    if (values.includes(undefined)) return undefined
    const pieces = /** @type {{ value: { cooked: string } }[]} */ (node.quasis)
    return pieces.map(({ value }, index) => value.cooked + (values[index] ?? '')).join('')
  }
  return read
}

/**
 * @param {Node} node
 * @param {ReturnType<typeof reader>} read
 * @param {(name: string, of: [before: Node, unit: Node, text: Node], last: boolean) => void} found receives unit and text of every call that has them
 */
function visit(node, read, found) {
  if (node.type === 'CallExpression') {
    const at = places[String(/** @type {Node} */ (node.callee).name)]
    const given = /** @type {Node[]} */ (node.arguments)
    if (at) {
      const [name, before, unit, text] = [at[0], at[1] - 2, at[1] - 1, at[1]].map((index) => given[index])
      if (before && read(unit) !== undefined && read(text) !== undefined && typeof name?.value === 'string') {
        found(name.value, [before, unit, text], given.length === at[1] + 1)
      }
    }
  }
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (child?.type) visit(child, read, found)
  }
}
