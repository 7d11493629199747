/**
 * `npm test`: installs what is missing, a browser included, and runs every check and test. All steps run even when one
 * fails; the last lines say which did, and the exit code is 1 if any did.
 */
import { ensureBrowser, installDependencies, mainly, start } from './setup.mjs'

/** @typedef {[name: string, tool: string, args: string[]]} Step */

/** @type {Step[]} */
const inNode = [
  ['format and lint', 'biome', ['check', '.']],
  ['types', 'tsc', []],
  ['unused code', 'knip', []],
  ['build the page', 'vite', ['build', '--logLevel', 'warn']],
  ['build the command line', '', ['scripts/build-cli.mjs']],
  ['unit tests', 'vitest', ['run', '--project', 'unit']],
]
/** @type {Step} */
const onGpu = ['GPU tests', 'vitest', ['run', '--project', 'gpu']]
/** @type {Step} */
const inBrowser = ['end-to-end tests', 'playwright', ['test']]

await mainly(async () => {
  installDependencies()
  // For all steps below: see scripts/browser.mjs.
  process.env.CHROME_PATH = await ensureBrowser()
  console.log(`Browser: ${process.env.CHROME_PATH}`)

  // The software adapter compiles shaders on one core and leaves a second half idle. What it says waits its turn.
  const gpu = take(onGpu, false)
  const results = []
  for (const step of inNode) results.push(await take(step))
  const done = await gpu
  console.log(`\n=== ${done.name} ===\n${done.output}`)
  results.push(done, await take(inBrowser))

  console.log('\n=== summary ===')
  for (const { name, passed, seconds } of results) {
    console.log(`${passed ? 'passed' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)`)
  }
  if (results.some((result) => !result.passed)) process.exitCode = 1
})

/**
 * @param {Step} step
 * @param {boolean} aloud whether its output appears as it comes
 */
async function take([name, tool, args], aloud = true) {
  if (aloud) console.log(`\n=== ${name} ===`)
  const begun = performance.now()
  const { passed, output } = await start(tool, args, aloud)
  return { name, passed, output, seconds: (performance.now() - begun) / 1000 }
}
