/** A Vite plugin that takes needless white space out of lit's templates: a kilobyte of what is loaded before the map. */

/** @typedef {{ type: string, start: number, end: number, [key: string]: unknown }} Node */

/** @returns {import('vite').Plugin} */
export function tightTemplates() {
  return {
    name: 'tight-templates',
    apply: 'build',
    enforce: 'post',
    transform: {
      filter: { id: /\/src\/ui\/.*\.ts$/ },
      handler(code) {
        /** @type {{ start: number, end: number, tag: string }[]} */
        const texts = []
        visit(/** @type {Node} */ (/** @type {unknown} */ (this.parse(code))), texts)
        let tight = code
        for (const { start, end, tag } of texts.sort((a, b) => b.start - a.start)) {
          tight = tight.slice(0, start) + squeezed(code.slice(start, end), tag) + tight.slice(end)
        }
        return { code: tight, map: null }
      },
    },
  }
}

/**
 * @param {Node} node
 * @param {{ start: number, end: number, tag: string }[]} texts receives the text between the values of every template
 */
function visit(node, texts) {
  if (node.type === 'TaggedTemplateExpression') {
    const tag = String(/** @type {Node} */ (node.tag).name)
    const { quasis } = /** @type {{ quasis: Node[] }} */ (node.quasi)
    if (['html', 'svg', 'css'].includes(tag)) texts.push(...quasis.map(({ start, end }) => ({ start, end, tag })))
  }
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (child?.type) visit(child, texts)
  }
}

/**
 * Runs of white space mean what one space means, and beside CSS's punctuation nothing; comments mean nothing to a browser.
 * @param {string} text
 * @param {string} tag
 */
export function squeezed(text, tag) {
  const single = text.replace(/[ \t\r\n]+/g, ' ')
  return tag === 'css' ? single.replace(/\/\*.*?\*\//g, '').replace(/ ?([{};,]) ?/g, '$1') : single
}
