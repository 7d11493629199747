/** A against B: the differences are those of two answers of the command line; the link holds both. */
import { deflateRawSync } from 'node:zlib'
import { control, estimated, expect, LLAMA, once, test } from './fixtures.ts'

const GiB = 2 ** 30
const used = (bytes: number) => `${(Math.ceil((bytes / GiB) * 100) / 100).toFixed(2)} GiB`

test('keeps A, follows with B, shows what differs', async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=compare`)
  await page.getByRole('button', { name: 'Keep as A' }).click()
  await expect(page.locator('oom-compare .same')).toBeVisible()
  await control(page, 'KV cache').selectOption('fp8')
  const a = estimated({ model: LLAMA, batch: 4 })
  const b = estimated({ model: LLAMA, batch: 4, precision: { kvCache: 'fp8' } })
  const row = (name: string) =>
    page.locator('oom-compare tbody tr').filter({ has: page.getByRole('rowheader', { name, exact: true }) })
  await expect(row('KV cache').locator('td.number').nth(0)).toHaveText(used(a.perGpu.kvCache))
  await expect(row('KV cache').locator('td.number').nth(1)).toHaveText(used(b.perGpu.kvCache))
  await expect(row('KV cache').locator('.change')).toHaveText(`−${used(a.perGpu.kvCache - b.perGpu.kvCache)}`)
  await expect(row('Total').locator('.change')).toHaveAttribute('title', /−2\u202f147\u202f483\u202f648 B/)
  await expect(row('Largest batch').locator('td.number').nth(1)).toHaveText(String(b.maxBatch))
  await expect(page.locator('oom-compare .changes')).toContainText('BF16 → FP8')
})

test('nothing kept yet: each alternative is answered, and one click makes it B', async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=compare`)
  const a = estimated({ model: LLAMA, batch: 4 })
  const row = (name: string) => page.locator('oom-offers tbody tr').filter({ hasText: name })
  for (const [name, change] of [
    ['FP8 KV cache', { precision: { kvCache: 'fp8' } }],
    ['2 GPUs', { hardware: { count: 2 } }],
    ['Batch 8', { batch: 8 }],
  ] as const) {
    const b = estimated({ model: LLAMA, batch: 4, ...change })
    const more = b.perGpu.total - a.perGpu.total
    await expect(row(name).locator('td').first()).toHaveText(used(b.perGpu.total))
    await expect(row(name).locator('.change')).toHaveText(`${more < 0 ? '−' : '+'}${used(Math.abs(more))}`)
    await expect(row(name).locator('.verdict')).toHaveClass(new RegExp(b.verdict))
  }
  // Units change every label there is.
  await page.getByRole('button', { name: 'GiB', exact: true }).click()
  for (const part of ['oom-offers', 'oom-suggestions', 'oom-breakdown .sum']) {
    await expect(page.locator(part)).toContainText(' GB')
    await expect(page.locator(part)).not.toContainText('GiB')
  }
  await page.getByRole('button', { name: 'FP8 KV cache as B' }).click()
  await expect(page.locator('oom-compare .changes')).toContainText('BF16 → FP8')
  await expect(page.locator('h1')).toContainText('with an FP8 KV cache')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.locator('h1')).toContainText('with a BF16 KV cache')
})

test('where A is out of memory, what is suggested is offered and nothing hopeless is', async ({ page }) => {
  await page.goto('./?engine=cpu#model=meta-llama/Llama-3.3-70B-Instruct&view=compare')
  const chips = page.locator('oom-suggestions .fix b')
  await expect(chips.first()).toBeVisible()
  const labels = await chips.allTextContents()
  for (const label of labels) await expect(page.getByRole('button', { name: `${label} as B` })).toBeVisible()
  await expect(page.locator('oom-offers .offer')).not.toHaveCount(0)
  await expect(page.locator('oom-offers tbody tr:not(.a) .verdict.oom')).toHaveCount(0)
  // Every column is in sight.
  const region = page.getByRole('region', { name: 'What to compare with' })
  expect(await region.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
  // A lighter precision on fewer GPUs than BF16 takes.
  const lighter = labels.find((label) => /weights, 4 GPUs$/.test(label))
  await page.getByRole('button', { name: `${lighter} as B` }).click()
  await expect(page.locator('oom-compare .changes')).toContainText(/BF16 → (FP8|AWQ)/)
})

test('the link opens the same comparison; swapping and clearing work', once, async ({ page, context }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=compare`)
  await page.getByRole('button', { name: 'Keep as A' }).click()
  await control(page, 'GPU').click()
  await page.keyboard.type('h200')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/a=model=meta-llama\/Meta-Llama-3-8B%26batch=4/)
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(other.locator('oom-compare .changes')).toContainText('RTX 4090 → H200')
  await other.getByRole('button', { name: 'Swap A and B' }).click()
  await expect(other.locator('oom-compare .changes')).toContainText('H200 → RTX 4090')
  await expect(other.locator('h1')).toContainText('RTX 4090')
  await other.getByRole('button', { name: 'Clear A' }).click()
  await expect(other.getByRole('button', { name: 'Keep as A' })).toBeVisible()
})

test('a custom model as A travels in the link, once when B has it too', once, async ({ page, context }) => {
  const config = {
    model_type: 'llama',
    hidden_size: 2048,
    intermediate_size: 5632,
    num_hidden_layers: 22,
    num_attention_heads: 32,
    num_key_value_heads: 4,
    vocab_size: 32000,
    torch_dtype: 'bfloat16',
  }
  const packed = deflateRawSync(JSON.stringify(config)).toString('base64url')
  await page.goto(`./?engine=cpu#model=~${packed}&batch=2&view=compare`)
  await page.getByRole('button', { name: 'Keep as A' }).click()
  await expect(page.locator('oom-compare .same')).toBeVisible()
  await expect(page).toHaveURL(/a=model=~%26batch=2/)
  const a = estimated({ model: config, batch: 2 })
  for (const [change, gives] of [
    [{ KV: 'fp8' }, { model: config, batch: 2, precision: { kvCache: 'fp8' } }],
    [
      { Model: 'llama 3.3 70' },
      { model: 'meta-llama/Llama-3.3-70B-Instruct', batch: 2, precision: { kvCache: 'fp8' } },
    ],
  ] as const) {
    if ('KV' in change) await control(page, 'KV cache').selectOption(change.KV)
    else {
      await control(page, 'Model').focus()
      await page.keyboard.type(change.Model)
      await page.keyboard.press('Enter')
      await expect(page).toHaveURL(/a=model=~[\w-]{40}/)
    }
    await expect(page).toHaveURL(/kv=fp8/)
    const other = await context.newPage()
    await other.goto(page.url())
    const total = other.locator('oom-compare tr.strong td.number')
    await expect(total.nth(0)).toHaveText(used(a.perGpu.total))
    await expect(total.nth(1)).toHaveText(used(estimated(gives).perGpu.total))
    expect(other.url()).toBe(page.url())
    await other.close()
  }
})

test('differences of hundreds of GiB stay within the page', async ({ page }) => {
  // 8 cards of 24 GB that would need some 500 GiB each, against 4 of 141 GB.
  await page.goto(`./?engine=cpu#model=${LLAMA}&task=full&batch=8&gpus=8&view=compare&a=gpu%3DH200%26gpus%3D4`)
  await expect(page.locator('oom-compare tbody')).toBeVisible()
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(beyond).toBeLessThanOrEqual(0)
})
