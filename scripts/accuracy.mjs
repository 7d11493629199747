/** Runs scripts/accuracy/main.ts, which is TypeScript, through Vite's module runner. */
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const { module } = await runnerImport(fileURLToPath(new URL('accuracy/main.ts', import.meta.url)), {
  root,
  configFile: false,
  logLevel: 'error',
})
process.exitCode = module.main(process.argv.slice(2))
