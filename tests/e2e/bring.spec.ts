/** Models and GPUs of the reader's own: by paste, file and id; in the link and in the browser; hostile input harms nothing. */
import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { control, expect, expectAnswer, LLAMA, test } from './fixtures.ts'

const config = {
  _name_or_path: 'me/my-model',
  model_type: 'llama',
  hidden_size: 2048,
  intermediate_size: 5632,
  num_hidden_layers: 24,
  num_attention_heads: 32,
  num_key_value_heads: 4,
  vocab_size: 32_000,
  max_position_embeddings: 4096,
  torch_dtype: 'bfloat16',
  tie_word_embeddings: false,
}
const golden = JSON.parse(readFileSync('tests/unit/model/gguf-golden.json', 'utf8')) as Record<
  string,
  { header: string }
>

const bring = async (page: Page, what: 'model' | 'GPU' = 'model') => {
  await page.goto('./?engine=cpu')
  await page.getByTitle(`Bring your own ${what}`).click()
  return page.locator('oom-bring dialog')
}

test('a pasted config is shown as understood, used, and part of the link', async ({ page, context }) => {
  const dialog = await bring(page)
  await dialog.getByLabel('config.json').fill(JSON.stringify({ ...config, mystery: 7 }))
  await expect(dialog).toContainText('24 layers · GQA 32/4 heads × 64')
  await expect(dialog).toContainText('1\u202f188\u202f136\u202f960')
  await expect(dialog.locator('.assumed')).toContainText('mystery')
  await dialog.getByRole('button', { name: 'Use this model' }).click()
  await expect(page.locator('h1')).toContainText('My Model')
  await expectAnswer(page, { model: config, batch: 4 })
  await expect(page).toHaveURL(/model=~/)
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(other.locator('h1')).toContainText('My Model')
  await expectAnswer(other, { model: config, batch: 4 })
})

test('a model without a name is called by family and size, until the reader names it', async ({ page }) => {
  const dialog = await bring(page)
  const { _name_or_path: _, ...nameless } = config
  await dialog.getByLabel('config.json').fill(JSON.stringify(nameless))
  const name = dialog.getByLabel('Name')
  await expect(name).toHaveValue('llama 1.19B')
  await name.fill('<b>')
  await dialog.getByRole('button', { name: 'Use this model' }).click()
  await expect(dialog.getByRole('alert')).toContainText('is not a name of up to 200 plain characters')
  await name.fill('Lab run 7')
  await dialog.getByRole('button', { name: 'Use this model' }).click()
  await expect(page.locator('h1')).toContainText('Lab run 7 in BF16')
  await expectAnswer(page, { model: config, batch: 4 })
  await page.getByTitle('Bring your own model').click()
  await name.fill('')
  await dialog.getByRole('button', { name: 'Use this model' }).click()
  await expect(page.locator('h1')).toContainText('llama 1.19B in BF16')
})

test('kept models and GPUs are in the lists after a reload', async ({ page }) => {
  const dialog = await bring(page)
  await dialog.getByLabel('config.json').fill(JSON.stringify(config))
  await dialog.getByRole('button', { name: 'Keep in this browser' }).click()
  await dialog.getByText('GPU', { exact: true }).click()
  await dialog.getByLabel('Name').fill('My <b>card</b>')
  await dialog.getByLabel(/^Memory/).fill('48 GiB')
  await dialog.getByRole('button', { name: 'Keep in this browser' }).click()
  await page.reload()
  await control(page, 'Model').click()
  await page.keyboard.type('my-model')
  await page.keyboard.press('Enter')
  await control(page, 'GPU').click()
  await page.keyboard.type('card')
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText('My Model in BF16')
  await expect(page.locator('h1')).toContainText('one My <b>card</b>')
  const gpu = { name: 'My <b>card</b>', memoryMiB: 49_152, reserveMiB: 0 }
  await expectAnswer(page, { model: config, batch: 4, hardware: { gpu } })
})

test('a GGUF file is read by its header, and opens with its own quantisation', async ({ page }) => {
  const dialog = await bring(page)
  const buffer = Buffer.concat([Buffer.from(golden.llama.header, 'base64'), Buffer.alloc(8_000_000)])
  await dialog.locator('input[type=file]').setInputFiles({ name: 'tiny.gguf', mimeType: '', buffer })
  await expect(dialog.locator('.preview')).toContainText('3 layers')
  await expect(dialog.locator('.preview')).toContainText('GGUF')
  await dialog.getByRole('button', { name: 'Use this model' }).click()
  await expect(page.locator('h1')).toContainText('with llama.cpp')
})

test('an index alone names what is missing and which models have its size', async ({ page }) => {
  const dialog = await bring(page)
  const index = { metadata: { total_size: 16_060_522_496 }, weight_map: { 'model.layers.0.mlp.up_proj.weight': 'a' } }
  const file = { name: 'model.safetensors.index.json', mimeType: '', buffer: Buffer.from(JSON.stringify(index)) }
  await dialog.locator('input[type=file]').setInputFiles(file)
  await expect(dialog).toContainText('Missing: the config.json')
  await dialog.getByRole('button', { name: LLAMA }).click()
  await expectAnswer(page, { model: LLAMA, batch: 4 })
})

test.describe('by id', () => {
  const fetchId = async (page: Page, id: string) => {
    const dialog = await bring(page)
    await dialog.getByLabel('Hugging Face id').fill(id)
    await dialog.getByRole('button', { name: /^Fetch/ }).click()
    return dialog
  }

  test('an id that is none is refused before anything is sent', async ({ page }) => {
    const dialog = await fetchId(page, 'javascript:alert(1)')
    await expect(dialog.getByRole('alert')).toContainText('Write the id as on huggingface.co')
  })
})

// What the service worker fetches no test can answer, so there is none here; the browser says that, and failed requests, in its console.
test.describe('what is sent', () => {
  test.use({ silence: undefined, serviceWorkers: 'block' })

  test('nothing is requested before it is asked for; then one file is', async ({ page }) => {
    const asked: string[] = []
    await page.route(/^https:/, (route) => {
      asked.push(route.request().url())
      return route.fulfill({ json: config, headers: { 'access-control-allow-origin': '*' } })
    })
    const dialog = await bring(page)
    expect(asked).toEqual([])
    await dialog.getByLabel('Hugging Face id').fill('https://huggingface.co/me/my-model')
    await dialog.getByRole('button', { name: /^Fetch/ }).click()
    await expect(dialog.locator('.preview h3')).toHaveText('me/my-model')
    expect(asked).toEqual(['https://huggingface.co/me/my-model/resolve/main/config.json'])
  })

  for (const [name, status, message] of [
    ['no such model', 404, /has no config\.json/],
    ['a gated model', 401, /Download its config\.json there and drop it here/],
    ['a server in trouble', 503, /answered 503/],
  ] as const) {
    test(name, async ({ page }) => {
      await page.route('https://huggingface.co/**', (route) =>
        route.fulfill({ status, body: '', headers: { 'access-control-allow-origin': '*' } }),
      )
      await expectRefusal(page, message)
    })
  }

  test('refused by CORS or the network', async ({ page }) => {
    await page.route('https://huggingface.co/**', (route) => route.abort())
    await expectRefusal(page, /could not be reached.*CORS/)
  })

  test('offline is said as such', async ({ page, context }) => {
    const dialog = await bring(page)
    await dialog.getByLabel('Hugging Face id').fill('me/my-model')
    await context.setOffline(true)
    await dialog.getByRole('button', { name: /^Fetch/ }).click()
    await expect(dialog.getByRole('alert')).toContainText('There is no connection')
    await context.setOffline(false)
  })

  async function expectRefusal(page: Page, message: RegExp) {
    const dialog = await bring(page)
    await dialog.getByLabel('Hugging Face id').fill('me/my-model')
    await dialog.getByRole('button', { name: /^Fetch/ }).click()
    await expect(dialog.getByRole('alert')).toContainText(message)
    await expectAnswer(page, { model: LLAMA, batch: 4 })
  }
})

test('hostile files are refused in a sentence and leave the answer as it was', async ({ page }) => {
  const dialog = await bring(page)
  const files: [name: string, content: string | Buffer, message: RegExp][] = [
    ['config.json', '{"model_type":"llama","hidden_size":1e300}', /hidden_size: 1e\+300/],
    ['config.json', JSON.stringify({ ...config, hidden_size: -4096 }), /hidden_size: -4096/],
    ['config.json', JSON.stringify({ ...config, vocab_size: 'NaN' }), /vocab_size: "NaN"/],
    [
      'config.json',
      JSON.stringify({ ...config, _name_or_path: '<img src=x onerror=document.title=1>' }),
      /is not a name/,
    ],
    ['config.json', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, /nested more than 16 deep/],
    ['config.json', '{"__proto__":{"polluted":true},"model_type":"perceiver"}', /perceiver.*not known/],
    ['model.gguf', Buffer.from(`GGUF\u0003\0\0\0${'\u00ff'.repeat(16)}`, 'latin1'), /tensor_count/],
    ['huge.json', Buffer.alloc(40_000_000, 32), /40 MB, too large/],
  ]
  for (const [name, content, message] of files) {
    await dialog.locator('input[type=file]').setInputFiles({ name, mimeType: '', buffer: Buffer.from(content) })
    await expect(dialog.getByRole('alert')).toContainText(message)
    await expect(dialog.getByRole('button', { name: 'Use this model' })).toHaveCount(0)
  }
  expect(await page.evaluate(() => ({}) as { polluted?: boolean }).then((o) => o.polluted)).toBeUndefined()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expectAnswer(page, { model: LLAMA, batch: 4 })
})

test('a custom GPU: checked where it is typed, used, and part of the link', async ({ page }) => {
  const dialog = await bring(page, 'GPU')
  await dialog.getByRole('button', { name: 'Use this GPU' }).click()
  await expect(dialog.getByRole('alert').first()).toContainText('Give it a name')
  await dialog.getByLabel('Name').fill('Lab card')
  await dialog.getByLabel(/^Memory/).fill('1e300')
  await expect(dialog.getByRole('alert')).toContainText('Write it like 24564 MiB')
  await dialog.getByLabel(/^Memory/).fill('48 GB')
  await expect(dialog.locator('.note')).toContainText(
    `45\u202f776 MiB, 44.70 GiB for programs. 1 GB is 10⁹ bytes; if it is sold by GB, write GiB.`,
  )
  await dialog.getByLabel(/^Memory/).fill('40 GiB')
  await dialog.getByLabel(/^Of that/).fill('512')
  await dialog.getByRole('button', { name: 'Use this GPU' }).click()
  await expectAnswer(page, {
    model: LLAMA,
    batch: 4,
    hardware: { gpu: { name: 'Lab card', memoryMiB: 40_960, reserveMiB: 512 } },
  })
  await expect(page).toHaveURL(/gpu=Lab\+card:40960:512/)
})

test('every text box takes anything, and shows it as text', async ({ page }) => {
  const hostile = [
    '<img src=x onerror="document.title=1">',
    '"><script>document.title=1</script>',
    '(((((((((([a-z]+)*)*)*)*',
    '__proto__',
    'constructor',
    '\u202e\u0000\ud800 {{7*7}}',
    'a'.repeat(20_000),
  ]
  // In the dialog Enter would ask huggingface.co, and Escape closes.
  const fillAll = async (boxes: Locator, keys = true) => {
    await expect(boxes.first()).toBeVisible()
    const count = await boxes.count()
    for (let i = 0; i < count; i++) {
      for (const text of hostile) {
        await boxes.nth(i).fill(text)
        if (keys) await boxes.nth(i).press('Enter')
      }
      if (keys) await boxes.nth(i).press('Escape')
    }
    return count
  }
  const boxes = page.locator('input:is([type=text], [type=search], :not([type])), textarea').filter({ visible: true })
  await page.goto('./?engine=cpu')
  expect(await fillAll(boxes)).toBeGreaterThanOrEqual(4)
  for (const view of ['gpus', 'models']) {
    await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=${view}`)
    const inside = page.locator(`oom-${view === 'gpus' ? 'gpu' : 'model'}-atlas`).locator(boxes)
    expect(await fillAll(inside)).toBeGreaterThanOrEqual(1)
  }
  for (const what of ['model', 'GPU'] as const) {
    const dialog = await bring(page, what)
    expect(await fillAll(dialog.locator(boxes), false)).toBeGreaterThanOrEqual(2)
  }
  await expect(page).toHaveTitle(/Oomscape/)
  await expect(page.locator('img[src=x]')).toHaveCount(0)
  await page.goto('./?engine=cpu')
  await expectAnswer(page, { model: LLAMA, batch: 4 })
})
