/** What eats the memory, and why: every number, what it is made of, and what to know beside it. */
import { digits, estimated, expect, LLAMA, once, open, test } from './fixtures.ts'

test('the boundary as a table is there where there is room, with the pinned cell marked', async ({
  page,
  isMobile,
}) => {
  await open(page, `model=${LLAMA}&batch=4&seq=6000`)
  const table = page.locator('oom-frontier')
  if (isMobile) {
    await expect(table).toHaveCount(0)
    await page.getByRole('button', { name: 'Boundary as a table' }).click()
  }
  const { maxBatch } = estimated({ model: LLAMA, batch: 4, sequence: 6000 })
  await expect(table.locator('[aria-current=true] th')).toHaveText(/^6\u202f000/)
  await expect(table.locator('[aria-current=true] td').first()).toHaveText(String(maxBatch))
  for (const sequence of [2048, 16_384]) {
    const cells = table.locator('tr', {
      has: page.getByRole('rowheader', { name: `${sequence / 1024}k`, exact: true }),
    })
    await expect(cells.locator('td').first()).toHaveText(String(estimated({ model: LLAMA, sequence }).maxBatch))
  }
  const most = String(estimated({ model: LLAMA, sequence: 4096 }).maxBatch)
  await table.getByRole('button', { name: most, exact: true }).click()
  await expect(page.locator('h1')).toContainText(`serves ${most} sequences of 4k tokens`)
  await expect(table.locator('[aria-current=true] th')).toHaveText(/^4k/)
})

test('what a reader should know beside the numbers is said, and nothing where there is nothing', async ({ page }) => {
  await open(page, `model=${LLAMA}&gpu=T4&seq=16k&gpus=24&tp=8`)
  const { notes = [] } = estimated({
    model: LLAMA,
    sequence: 16_384,
    hardware: { gpu: 'T4', count: 24 },
    parallelism: { tensor: 8 },
  })
  expect(notes).toHaveLength(3)
  const shown = page.getByRole('list', { name: 'Notes' }).getByRole('listitem')
  const said = 'set precision.compute to fp16'
  expect(notes[0]).toContain(said)
  await expect(shown).toHaveText([notes[0].replace(said, 'set Compute to FP16'), notes[1]])
  await page.getByText('1 more note').click()
  await expect(page.getByRole('list', { name: 'More notes' }).getByRole('listitem')).toHaveText(notes.slice(2))
  await page.getByRole('button', { name: 'set Compute to FP16' }).click()
  await expect(shown).toHaveText(notes.slice(1))
  await open(page, `model=${LLAMA}&gpu=H100-SXM-80GB`)
  await expect(page.getByRole('list', { name: 'Notes' })).toHaveCount(0)
  await expect(page.locator('h1')).not.toContainText('does not run')
  // Memory is not all: vLLM needs a plugin of its own on Apple GPUs (github.com/vllm-project/vllm-metal).
  await open(page, `model=${LLAMA}&gpu=M3-Max-128GB`)
  await expect(page.locator('.verdict')).toHaveText('it does not run there.')
  await expect(page.locator('.verdict')).toHaveClass(/oom/)
  await expect(page.locator('h1')).toContainText('By memory: fits, ')
  await page
    .getByRole('list', { name: 'Runs with' })
    .getByRole('button', { name: /^llama.cpp/ })
    .click()
  await expect(page.locator('h1')).toContainText('with llama.cpp')
  await expect(page.locator('h1')).not.toContainText('does not run')
})

test('the total comes with the bytes between which nine in ten measurements fall', once, async ({ page }) => {
  await open(page)
  const { range } = estimated({ model: LLAMA, batch: 4 })
  const [low, high] = [Math.floor((range.low / 2 ** 30) * 100) / 100, Math.ceil((range.high / 2 ** 30) * 100) / 100]
  await expect(page.locator('oom-breakdown .likely')).toHaveText(
    `${low.toFixed(2)} GiB to ${high.toFixed(2)} GiB in 9 of 10 runs`,
  )
})

test('total, capacity and headroom open to what they are made of', once, async ({ page }) => {
  await open(page)
  const { capacity, perGpu } = estimated({ model: LLAMA, batch: 4 })
  const formula = page.locator('oom-formula')
  const sum = page.locator('oom-breakdown .sum')
  await sum.getByRole('button', { name: 'Headroom', exact: true }).click()
  await expect(formula).toContainText(`= ${digits(capacity)} − ${digits(perGpu.total)}`)
  await expect(formula.locator('b').first()).toHaveText(digits(capacity - perGpu.total))
  await sum.getByRole('button', { name: 'Total', exact: true }).click()
  await expect(formula).toContainText(digits(perGpu.weights))
  await sum.getByRole('button', { name: 'Capacity', exact: true }).click()
  // vLLM takes a share of the card: the smaller of that and of all there is, one below the other.
  await expect(formula.locator('.formula').first()).toHaveText('the smallest of')
  await expect(formula.locator('.wins')).toContainText(digits(capacity))
})

test('a peak is laid out phase by phase, and says which is the largest', once, async ({ page }) => {
  await open(page, `model=${LLAMA}&task=full&gpu=H100-SXM-80GB&batch=2&seq=512`)
  const { perGpu } = estimated({
    model: LLAMA,
    task: 'full',
    batch: 2,
    sequence: 512,
    hardware: { gpu: 'H100-SXM-80GB' },
  })
  const row = page.locator('oom-breakdown li').filter({ hasText: /^\s*Activations/ })
  // At so few tokens nothing takes more than the denominators of AdamW's foreach step: as much as the parameters.
  await expect(row.locator('oom-phase')).toHaveText('optimizer step temporaries')
  await row.getByRole('button').click()
  await expect(row.locator('oom-formula .step')).toHaveCount(3)
  await expect(row.locator('oom-formula .wins')).toContainText('optimizer step temporaries')
  await expect(row.locator('oom-formula .wins')).toContainText(digits(perGpu.activations))
})

test('every number opens to its formula with the values in it', async ({ page }) => {
  await open(page)
  const cache = estimated({ model: LLAMA, batch: 4 }).perGpu.kvCache
  await page
    .locator('oom-breakdown')
    .getByRole('button', { name: /^KV cache/ })
    .click()
  const formula = page.locator('oom-formula')
  await expect(formula.locator('.formula').first()).toContainText('batch')
  await expect(formula.locator('.formula').last()).toContainText(digits(cache))
  // What formulas say of themselves is fetched with this view.
  await expect(formula.locator('.source').first()).toHaveText(/\w/)
  await expect(formula.locator('[data-leaf] p[title=""]')).toHaveCount(0)
  await formula.getByRole('button', { name: /^cache per sequence/ }).click()
  await expect(formula).toContainText(digits(cache / 4))
})
