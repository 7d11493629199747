/**
 * A Vite plugin that takes out of the memory model's formulas what they say of themselves (meaning and source) and puts it where a number is
 * opened to its formula: five kilobytes less before the map, and in every worker. Names are unique in the model, so texts are found by name.
 */

/** @typedef {{ type: string, start: number, end: number, value?: unknown, [key: string]: unknown }} Node */

/** Which argument is the name, and which the text, of src/formula/expression.ts's functions. */
const places = /** @type {Record<string, [name: number, text: number]>} */ ({
  quantity: [0, 2],
  field: [1, 3],
  named: [0, 2],
})
const placeholder = '@prose@'

/** @returns {import('vite').Plugin} */
export function lazyProse() {
  /** @type {Map<string, string>} */
  const prose = new Map()
  return {
    name: 'lazy-prose',
    apply: 'build',
    enforce: 'post',
    transform: {
      filter: { id: [/\/src\/memory\/.*\.ts$/, /\/src\/formula\/prose\.ts$/] },
      handler(code, id) {
        if (id.endsWith('/prose.ts')) return `export const prose = JSON.parse('${placeholder}')`
        /** @type {{ start: number, end: number }[]} */
        const texts = []
        visit(/** @type {Node} */ (/** @type {unknown} */ (this.parse(code))), (name, text) => {
          prose.set(name, String(text.value))
          texts.push(text)
        })
        let short = code
        for (const { start, end } of texts.sort((a, b) => b.start - a.start)) {
          short = `${short.slice(0, start)}''${short.slice(end)}`
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
 * @param {Node} node
 * @param {(name: string, text: Node) => void} found receives the text of every call that has one
 */
function visit(node, found) {
  if (node.type === 'CallExpression') {
    const at = places[String(/** @type {Node} */ (node.callee).name)]
    const [name, text] = (at ?? []).map((index) => /** @type {Node[]} */ (node.arguments)[index])
    if (typeof name?.value === 'string' && typeof text?.value === 'string') found(name.value, text)
  }
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (child?.type) visit(child, found)
  }
}
