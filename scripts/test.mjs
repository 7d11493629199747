/**
 * `npm test`: installs what is missing, a browser included, and runs every check and test. All steps run even when one
 * fails; the last lines say which did, and the exit code is 1 if any did.
 */
import { ensureBrowser, installDependencies, mainly, run, tool } from './setup.mjs'

/** @type {[name: string, run: () => boolean][]} */
const steps = [
  ['format and lint', () => tool('biome', ['check', '.'])],
  ['types', () => tool('tsc', [])],
  ['unused code', () => tool('knip', [])],
  ['build the page', () => tool('vite', ['build', '--logLevel', 'warn'])],
  ['build the command line', () => run(process.execPath, ['scripts/build-cli.mjs'])],
  ['unit tests', () => tool('vitest', ['run', '--project', 'unit'])],
  ['GPU tests', () => tool('vitest', ['run', '--project', 'gpu'])],
  ['end-to-end tests', () => tool('playwright', ['test'])],
]

await mainly(async () => {
  installDependencies()
  // For all steps below: see scripts/browser.mjs.
  process.env.CHROME_PATH = await ensureBrowser()
  console.log(`Browser: ${process.env.CHROME_PATH}`)

  const results = steps.map(([name, step]) => {
    console.log(`\n=== ${name} ===`)
    const start = performance.now()
    const passed = step()
    return { name, passed, seconds: (performance.now() - start) / 1000 }
  })

  console.log('\n=== summary ===')
  for (const { name, passed, seconds } of results) {
    console.log(`${passed ? 'passed' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)`)
  }
  if (results.some((result) => !result.passed)) process.exitCode = 1
})
