/**
 * A Vite plugin that puts the page's first picture into index.html, as declarative shadow trees: the answer to the opening scenario is painted
 * with the page, and the code takes over from there (docs/decisions/0005-first-picture.md). The policy of the page names what is added by hash.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { minify, runnerImport } from 'vite'
import { squeezed } from './tight-templates.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** @returns {import('vite').Plugin} */
export function firstPicture() {
  return {
    name: 'first-picture',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      async handler(html, { bundle = {} }) {
        const tag = /<script type="module"[^>]* src="([^"]+)"><\/script>/
        const code = tag.exec(html)?.[1]
        if (!code) throw new Error('index.html names no code')
        const { picture: painted, model } = await render()
        const script = await beforePaint({
          CODE: code,
          DEFAULT: model,
          CATALOGUE: partsOf(bundle, 'src/model/catalogue.ts', code),
          TRAINING: partsOf(bundle, 'src/memory/training/index.ts', code),
        })
        const picture = inert(painted)
        const styles = [...picture.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text]) => text)
        return html
          .replace(tag, () => `<script>${script}</script><link rel="modulepreload" href="${code}" />`)
          .replace('<oom-app>', (app) => `${app}<template shadowrootmode="open">${picture}</template>`)
          .replace("script-src 'self'", (policy) => `${policy} ${hash(script)}`)
          .replace("style-src 'self'", (policy) => [policy, ...new Set(styles.map(hash))].join(' '))
      },
    },
  }
}

async function render() {
  const entry = join(root, 'scripts/first-picture/render.ts')
  const { module } = await runnerImport(entry, { root, configFile: false, logLevel: 'error' })
  return { picture: await module.firstPicture(), model: module.DEFAULT_MODEL }
}

/**
 * The addresses of a part that is fetched later, and of what comes with it besides the page's code.
 * @param {import('vite').Rollup.OutputBundle} bundle
 * @param {string} module
 * @param {string} code
 */
function partsOf(bundle, module, code) {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
  const part = chunks.find((chunk) => chunk.facadeModuleId?.endsWith(`/${module}`))
  if (!part) throw new Error(`there is no part of ${module}`)
  const addresses = [part.fileName, ...part.imports].map((file) => `./${file}`)
  return addresses.filter((address) => address !== code).join(' ')
}

/** @param {Record<string, string>} addresses */
async function beforePaint(addresses) {
  const source = readFileSync(join(root, 'src/ui/before-paint.js'), 'utf8').replace(
    /__([A-Z]+)__/g,
    (_, name) => addresses[name] ?? '',
  )
  const { code: short } = await minify('before-paint.js', `(() => {${source}})()`)
  return short.trim()
}

/**
 * The rendered elements as they can stand in a page whose code defines them later: under names of their own, so that they do not wake up; without
 * lit's marks; without style attributes, which no policy can name one by one.
 * @param {string} html
 */
function inert(html) {
  const still = html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replaceAll(' shadowroot="open"', '')
    .replaceAll('oom-', 'first-')
    .replace(/<style>[\s\S]*?<\/style>|[^<>]+(?=<)/g, (text) =>
      squeezed(text, text.startsWith('<style>') ? 'css' : 'html'),
    )
  let count = 0
  return still.replace(/(<\/style>)((?:(?!<style>)[\s\S])*)/g, (_, end, content) => {
    /** @type {string[]} */
    const rules = []
    const moved = content.replace(
      / style="([^"]*)"/g,
      (/** @type {string} */ _, /** @type {string} */ declarations) => {
        rules.push(`[data-first="${++count}"]{${declarations}}`)
        return ` data-first="${count}"`
      },
    )
    return rules.join('') + end + moved
  })
}

/** @param {string} text */
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
