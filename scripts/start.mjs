/**
 * `npm start`: installs what is missing, builds the page, serves it on localhost and opens it where there is a display.
 * `npm start -- --port 5000` asks for a port (4173 unless said; the next free one is taken), `--no-open` opens nothing.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { installDependencies, mainly, root, SetupError } from './setup.mjs'

await mainly(async () => {
  const { port, open } = options()
  installDependencies()

  // Imported by path: before installDependencies there may have been nothing to import.
  /** @type {typeof import('vite')} */
  const vite = await import(pathToFileURL(join(root, 'node_modules/vite/dist/node/index.js')).href)
  console.log('Building the page …')
  try {
    await vite.build({ root, logLevel: 'warn' })
  } catch (error) {
    throw new SetupError(`The page could not be built: ${error instanceof Error ? error.message : error}`)
  }

  const server = await vite.preview({ root, logLevel: 'warn', preview: { host: '127.0.0.1', port, open } })
  const address = server.httpServer.address()
  const actual = typeof address === 'object' && address ? address.port : port
  console.log(`\nOomscape is at http://localhost:${actual}/ (Ctrl-C stops it)`)
})

function options() {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string', default: '4173' }, open: { type: 'boolean', default: hasDisplay() } },
      allowNegative: true,
    })
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`--port ${values.port} is not a port`)
    return { port, open: values.open }
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : error}. Known are --port N and --no-open.`)
  }
}

/** Whether somebody sits before a screen: not in CI, and on Linux an X or Wayland display. */
function hasDisplay() {
  if (process.env.CI) return false
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}
