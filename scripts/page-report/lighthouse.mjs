/**
 * Lighthouse's scores. It is fetched by npm when the report is made, not installed with the project: it brings two hundred
 * packages, which nobody needs who only wants to run or test the page. The version is the last that runs on Node 20.
 */
import { spawn } from 'node:child_process'
import { launchOptions } from '../browser.mjs'
import { median } from './table.mjs'

const PACKAGE = 'lighthouse@12.8.2'

/** @type {{ name: string, options: string[], performance: number }[]} */
const forms = [
  { name: 'desktop', options: ['--preset=desktop'], performance: 98 },
  { name: 'mobile', options: [], performance: 95 },
]
const whole = { accessibility: 'accessibility', 'best-practices': 'best practices', seo: 'SEO' }

/**
 * @typedef {{ score: number | null, title: string }} Audit
 * @typedef {{ categories: Record<string, { score: number, auditRefs: { id: string }[] }>, audits: Record<string, Audit> }} Result
 */

/**
 * @param {string} url
 * @param {number} runs
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function measureLighthouse(url, runs) {
  /** @type {import('./table.mjs').Row[]} */
  const rows = []
  for (const { name, options, performance } of forms) {
    /** @type {Result[]} */
    const results = []
    for (let i = 0; i < runs; i++) results.push(await lighthouse(url, options))
    const scores = (/** @type {string} */ category) =>
      results.map(({ categories }) => Math.round(categories[category].score * 100))
    const speed = scores('performance')
    rows.push({
      what: `Lighthouse ${name}: performance`,
      value: `${median(speed)} (${Math.min(...speed)} to ${Math.max(...speed)}, ${runs} times)`,
      target: `≥ ${performance}`,
      met: median(speed) >= performance,
    })
    for (const [category, label] of Object.entries(whole)) {
      const score = Math.min(...scores(category))
      rows.push({
        what: `Lighthouse ${name}: ${label}`,
        value: score === 100 ? '100' : `${score}: ${failed(results[0], category).join('; ')}`,
        target: '100',
        met: score === 100,
        fixed: true,
      })
    }
  }
  return rows
}

/**
 * @param {Result} result
 * @param {string} category
 */
const failed = ({ categories, audits }, category) =>
  categories[category].auditRefs
    .map(({ id }) => audits[id])
    .filter(({ score }) => score !== null && score < 1)
    .map(({ title }) => title)

/**
 * @param {string} url
 * @param {string[]} options
 * @returns {Promise<Result>}
 */
function lighthouse(url, options) {
  const browser = launchOptions('gpu')
  const env = { ...process.env, ...('executablePath' in browser ? { CHROME_PATH: browser.executablePath } : {}) }
  const args = ['exec', '--yes', `--package=${PACKAGE}`, '--', 'lighthouse', url, '--output=json', '--quiet']
  const child = spawn('npm', [...args, '--chrome-flags=--headless=new --no-sandbox', ...options], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  })
  let text = ''
  child.stdout.on('data', (data) => {
    text += data
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(text))
      else reject(new Error(`Lighthouse ended with code ${code}; with --no-lighthouse the report is made without it.`))
    })
  })
}
