/** Will it fit, what eats the memory, what makes it fit: numbers checked against the command line, which the oracle and published counts check. */
import {
  bytesOf,
  control,
  digits,
  drawn,
  estimated,
  expect,
  expectAnswer,
  LLAMA,
  once,
  open,
  test,
} from './fixtures.ts'

test('opens on an answer and a map, with nothing asked', async ({ page }) => {
  await page.goto('./')
  await expect(page.locator('h1')).toContainText(
    'Llama 3 8B in BF16 with a BF16 KV cache on one RTX 4090 serves 4 sequences of 8k tokens with vLLM',
  )
  await drawn(page)
  await expectAnswer(page, { model: LLAMA, batch: 4 })
})

test('controls, verdict, map and breakdown are in one screen', async ({ page }) => {
  await open(page)
  const { height } = page.viewportSize() ?? { height: 0 }
  for (const part of [
    '.verdict',
    'oom-map .target',
    'oom-breakdown .bar',
    'oom-controls oom-combobox',
    'oom-controls oom-quantity',
  ]) {
    const box = await page.locator(part).last().boundingBox()
    expect(box, part).not.toBeNull()
    expect((box?.y ?? 0) + (box?.height ?? 0), part).toBeLessThanOrEqual(height)
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
})

test('a model and a GPU are found by what people type, by keyboard alone', once, async ({ page }) => {
  await open(page)
  await control(page, 'Model').focus()
  await page.keyboard.type('llama 70')
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText('Llama 3.3 70B Instruct')
  await control(page, 'GPU').focus()
  await page.keyboard.type('h200')
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText('on one H200')
  const model = 'meta-llama/Llama-3.3-70B-Instruct'
  await expectAnswer(page, { model, batch: 4, hardware: { gpu: 'H200' } })
  await control(page, 'GPU').fill('4090')
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText('on one RTX 4090')
  await control(page, 'GPU').fill('no such card')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(page.locator('h1')).toContainText('on one RTX 4090')
})

test('a fix makes it fit, and can be undone', async ({ page }) => {
  await open(page, `model=${LLAMA}&batch=8`)
  await expect(page.locator('.verdict')).toHaveText(/out of memory/)
  const before = estimated({ model: LLAMA, batch: 8 })
  const fixed = estimated({ model: LLAMA, batch: 8, precision: { kvCache: 'fp8' } })
  const fix = page.getByRole('button', { name: /^FP8 KV cache/ })
  expect(fixed.verdict).toBe('tight')
  await expect(fix).toContainText('tight, ')
  await fix.click()
  await expect(page.locator('h1')).toContainText('with an FP8 KV cache')
  await expectAnswer(page, { model: LLAMA, batch: 8, precision: { kvCache: 'fp8' } })
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(bytesOf(page, 'KV cache')).toHaveText(`${digits(before.perGpu.kvCache)} B`)
  await page.getByRole('button', { name: 'Redo' }).click()
  await expect(bytesOf(page, 'KV cache')).toHaveText(`${digits(fixed.perGpu.kvCache)} B`)
})

test('every offered change leads to the verdict and headroom it names', once, async ({ page }) => {
  await open(page, `model=${LLAMA}&batch=16&seq=16k`)
  const fixes = page.locator('oom-answer .fix')
  // Until the present scenario's changes are worked out, the former one's stand there, disabled; what has room is measured after their frame.
  const workedOut = async () => {
    await expect(fixes.first()).toHaveAttribute('aria-disabled', 'false')
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => setTimeout(done)))))
  }
  await workedOut()
  for (let i = 0; i < (await fixes.count()); i++) {
    // What has no room in the line waits behind a button.
    const more = page.locator('oom-suggestions .more')
    if (!(await fixes.nth(i).isVisible())) await more.click()
    const [, tight, spare] = /^(tight, )?(.*) left$/.exec(await fixes.nth(i).locator('span').innerText()) ?? []
    await fixes.nth(i).click()
    await expect(page.locator('.verdict')).toContainText(`${spare} to spare`)
    await expect(page.locator('.verdict')).toHaveClass(tight ? /tight/ : /fits/)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.locator('.verdict')).toHaveClass(/oom/)
    await workedOut()
  }
})

test('the three limits are exact: one more does not fit', once, async ({ page }) => {
  await open(page, `model=${LLAMA}&seq=32k`)
  const { maxBatch } = await expectAnswer(page, { model: LLAMA, sequence: 32768 })
  expect(estimated({ model: LLAMA, sequence: 32768, batch: maxBatch }).verdict).not.toBe('oom')
  expect(estimated({ model: LLAMA, sequence: 32768, batch: maxBatch + 1 }).verdict).toBe('oom')
})

// Llama 3's config.json: max_position_embeddings 8192; Llama 3.1's: 131072.
test('the longest sequence is one the model can use; what memory would hold beyond it is said under it', async ({
  page,
  isMobile,
}) => {
  const { maxSequence } = estimated({ model: LLAMA, batch: 4 })
  expect(maxSequence).toBeGreaterThan(8192)
  await open(page, `model=${LLAMA}&batch=4&seq=2k`)
  const longest = page.locator('oom-answer dd').nth(1)
  await expect(longest.getByRole('button')).toHaveText(digits(8192))
  await expect(longest.getByText(isMobile ? 'memory:' : 'memory would hold')).toBeVisible()
  await expect(longest.locator('small')).toContainText(digits(maxSequence))
  await longest.getByRole('button').click()
  await expect(page.locator('h1')).toContainText('of 8k tokens')
  await open(page, 'model=meta-llama/Llama-3.1-8B&batch=4')
  const further = estimated({ model: 'meta-llama/Llama-3.1-8B', batch: 4 })
  await expect(longest).toHaveText(digits(further.maxSequence))
})

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

test('numbers are read as people write them, and refused with a reason', once, async ({ page }) => {
  await open(page)
  const sequence = control(page, 'Tokens per sequence')
  for (const [text, shown] of [
    ['32k', '32k'],
    ['128K', '128k'],
    ['1M', '1M'],
    ['6000', `6\u202f000`],
  ]) {
    await sequence.fill(text)
    await sequence.press('Enter')
    await expect(page.locator('h1')).toContainText(`of ${shown} tokens`)
  }
  for (const text of ['-5', '0', 'abc', '', '1e300', '99999999999999999999', 'NaN']) {
    await sequence.fill(text)
    await expect(sequence).toHaveAttribute('aria-invalid', 'true')
    // Field, value, limits, and what to write.
    await expect(sequence).toHaveAccessibleDescription(
      `Tokens per sequence: ${text ? `“${text}” is not` : 'needs'} a whole number from 1 to 16M, such as 8 or 32k.`,
    )
    await expect(page.locator('h1')).toContainText('of 6\u202f000 tokens')
    await expect(sequence).toHaveValue(text)
  }
  await sequence.fill('8k')
  await sequence.press('ArrowUp')
  await expect(page.locator('h1')).toContainText('of 9k tokens')
  await sequence.press('Shift+ArrowUp')
  await expect(page.locator('h1')).toContainText('of 18k tokens')
  await sequence.press('Alt+ArrowUp')
  await expect(page.locator('h1')).toContainText(`of 18\u202f433 tokens`)
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
  await expect(page.locator('h1')).toContainText('But it does not run there.')
  await page
    .getByRole('list', { name: 'Runs with' })
    .getByRole('button', { name: /^llama.cpp/ })
    .click()
  await expect(page.locator('h1')).toContainText('with llama.cpp')
  await expect(page.locator('h1')).not.toContainText('does not run')
})

test('the smallest card is the one the view of all GPUs names', once, async ({ page }) => {
  await open(page, `model=${LLAMA}&batch=4`)
  const smallest = page.locator('oom-answer dl > div').last()
  await expect(smallest.locator('button')).toBeVisible()
  await expect(smallest).toHaveAttribute('title', /least memory, whoever made it/)
  // The smallest that holds it does so with little to spare, and says it.
  const name = (await smallest.locator('button').innerText()).trim()
  const { capacity, perGpu, verdict } = estimated({ model: LLAMA, batch: 4, hardware: { gpu: name } })
  expect(verdict).toBe('tight')
  const left = (Math.floor(((capacity - perGpu.total) / 2 ** 30) * 100) / 100).toFixed(2)
  await expect(smallest.locator('small')).toHaveText(`tight, ${left} GiB left`)
  await page.getByRole('tab', { name: 'GPUs' }).click()
  const sum = page.locator('oom-gpu-atlas .sum')
  await expect(sum).toContainText('hold it alone', { timeout: 20_000 })
  expect(await sum.locator('b').allInnerTexts()).toContainEqual(expect.stringMatching(new RegExp(`(^1 × |^)${name}$`)))
  await smallest.locator('button').click()
  await expect(page.locator('h1')).toContainText(`on one ${name}`)
})

test(
  'a link with several mistakes is told every one, and one click mends what has a usual value',
  once,
  async ({ page }) => {
    await page.goto(`./?engine=cpu#model=${LLAMA}&batch=-5&seq=1e300&gpu=nonsense&weights=foo&kv=bar`)
    const left = page.locator('.problems li')
    await expect(left).toHaveText([
      'This link’s batch was left out: -5 is less than 1, the least allowed',
      'This link’s seq (1e300) was left out: 1e+300 is more than 16777216, the most allowed',
    ])
    const heading = page.locator('h1')
    for (const words of [
      'GPU: "nonsense" is not in the catalogue',
      'Weights: "foo" is not a known weight precision',
      'KV cache: "bar" is not a known cache type',
    ]) {
      await expect(heading).toContainText(words)
    }
    await heading.getByRole('button', { name: 'Set GPU and Weights and KV cache back' }).click()
    await expectAnswer(page, { model: LLAMA })
  },
)

test('a training task answers by a runtime that trains', async ({ page, isMobile }) => {
  await open(page)
  if (isMobile) await page.getByRole('button', { name: /all settings/ }).click()
  await page.locator('oom-controls').getByText('LoRA', { exact: true }).click()
  await expect(page.locator('h1')).toContainText('LoRA fine-tuning of Llama 3 8B')
  await expectAnswer(page, { model: LLAMA, batch: 4, task: 'lora', runtime: 'transformers' })
})

test('an impossible layout is said at its field, and the last good answer stays', async ({ page }) => {
  await open(page)
  await page.getByRole('button', { name: /all settings/i }).click()
  const tensor = page.getByLabel('Tensor parallel')
  // What it means is said while one is in it.
  await tensor.focus()
  await expect(page.getByText('GPUs that share every layer', { exact: false }).last()).toBeVisible()
  await tensor.fill('3')
  await expect(page.getByRole('alert').first()).toBeVisible()
  await expect(page.locator('h1')).toContainText('Llama 3 8B in BF16')
  // Controls are called what they are called on the page, and what one change mends is one click.
  const refusal = page.locator('oom-answer .refusal')
  await expect(refusal).toContainText('GPUs: 1 is not a multiple of')
  await refusal.getByRole('button', { name: 'Set Tensor parallel to auto' }).click()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(tensor).toHaveValue('')
})

test('a number of GPUs that cannot be laid out comes with those that can', once, async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&gpus=3`)
  const heading = page.locator('h1')
  await expect(heading).toContainText('There is no answer: Tensor parallel: 3 does not divide the model')
  for (const name of ['2 GPUs', '4 GPUs', 'Pipeline 3'])
    await expect(heading.getByRole('button', { name })).toBeVisible()
  await heading.getByRole('button', { name: '2 GPUs' }).click()
  await expectAnswer(page, { model: LLAMA, hardware: { count: 2 } })
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
