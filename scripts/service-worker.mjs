/**
 * A Vite plugin that writes dist/page/service-worker.js: src/ui/service-worker.js with the list of everything that was built, and a name for it
 * that changes when anything did.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @returns {import('vite').Plugin} */
export function serviceWorker() {
  /** @type {import('vite').ResolvedConfig} */
  let config
  return {
    name: 'service-worker',
    apply: 'build',
    enforce: 'post',
    configResolved(resolved) {
      config = resolved
    },
    generateBundle(_, bundle) {
      const built = Object.values(bundle).map((file) => ({
        name: file.fileName,
        content: file.type === 'chunk' ? file.code : file.source,
      }))
      const copied = readdirSync(config.publicDir).map((name) => ({
        name,
        content: readFileSync(join(config.publicDir, name)),
      }))
      const files = [...built, ...copied].sort((a, b) => (a.name < b.name ? -1 : 1))
      const hash = createHash('sha256')
      for (const { name, content } of files) hash.update(name).update(content)
      const names = files.map(({ name }) => (name === 'index.html' ? './' : name))
      const template = readFileSync(join(config.root, 'src/ui/service-worker.js'), 'utf8')
      const source = template
        .replace('__CACHE__', `oomscape ${hash.digest('hex').slice(0, 12)}`)
        .replace('__FILES__', names.join(' '))
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source })
    },
  }
}
