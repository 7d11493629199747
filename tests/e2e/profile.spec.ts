/** What crosses the capacity, and where: the profile's numbers are the command line's. */
import { digits, estimated, expect, LLAMA, open, test } from './fixtures.ts'

const GiB = 2 ** 30
/** Bytes as the page writes them, rounded up to hundredths. */
const used = (bytes: number) => `${(Math.ceil((bytes / GiB) * 100) / 100).toFixed(2)} GiB`

/** Room, rounded down. */
const room = (bytes: number) => `${(Math.floor((bytes / GiB) * 100) / 100).toFixed(2)} GiB`

test('one click from the map to the component that crosses, and where', async ({ page }) => {
  await open(page, `model=${LLAMA}&batch=4`)
  await page.getByRole('tab', { name: 'Profile' }).click()
  const { maxSequence, maxBatch, capacity } = estimated({ model: LLAMA, batch: 4 })
  const sentence = page.locator('oom-profile p.crossing')
  await expect(sentence).toHaveText(
    `At ${digits(maxSequence + 1)} tokens with 4 sequences the KV cache crosses the capacity of ${room(capacity)}.`,
  )
  await page.locator('oom-profile').getByText('Along batch').click()
  await expect(sentence).toContainText(`At ${digits(maxBatch + 1)} sequences of 8k tokens the KV cache crosses`)
  await expect(page).toHaveURL(/view=profile/)
})

test('training is crossed by its activations; what is too large by its weights', async ({ page }) => {
  const link = 'model=meta-llama/Llama-2-7b-hf&task=full&runtime=transformers&gpu=B200&seq=2k&view=profile'
  await page.goto(`./?engine=cpu#${link}`)
  const sentence = page.locator('oom-profile p.crossing')
  await expect(sentence).toContainText(/the activations cross the capacity/)
  await page.goto('./?engine=cpu#model=meta-llama/Llama-3.1-70B&view=profile')
  await page.reload()
  await expect(sentence).toContainText('Not even one token')
  await expect(sentence).toContainText('the weights')
})

test('the table says what the plot shows', async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=profile`)
  await page.locator('oom-profile').getByText('Table').click()
  const rows = page.locator('oom-profile tbody tr')
  for (const sequence of [2048, 8192, 16_384]) {
    const { perGpu } = estimated({ model: LLAMA, batch: 4, sequence })
    const row = rows.filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${sequence / 1024}k`) }) })
    await expect(row.locator('td').first()).toHaveText(used(perGpu.total))
    await expect(row).toContainText(used(perGpu.kvCache))
  }
})

test('walks by keyboard, says what is there, and pins', async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=profile`)
  const slider = page.getByRole('slider', { name: /Enter pins/ })
  await slider.focus()
  await expect(slider).toHaveAttribute('aria-valuenow', '8192')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(slider).toHaveAttribute('aria-valuenow', '16384')
  const { perGpu } = estimated({ model: LLAMA, batch: 4, sequence: 16_384 })
  await expect(slider).toHaveAttribute('aria-valuetext', new RegExp(`Out of memory, ${used(perGpu.total)} of`))
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText('4 sequences of 16k tokens')
})

test('what does not fit at all is drawn whole, and nothing is written over anything else', async ({ page }) => {
  for (const link of [
    'model=meta-llama/Llama-3.3-70B-Instruct',
    `model=${LLAMA}&batch=4`,
    `model=${LLAMA}&batch=60&seq=1k`,
    `model=${LLAMA}&seq=256`,
  ]) {
    await page.goto('about:blank')
    await page.goto(`./?engine=cpu#${link}&view=profile`)
    const svg = page.locator('oom-profile svg[aria-hidden]').last()
    await expect(svg.locator('circle.mark')).toHaveCount(1)
    await expect(svg.locator('.capacityname')).toHaveText(/GiB/)
    await expect(svg.locator('.safename')).toHaveText(/^Tight/)
    const met = await svg.evaluate((element) => {
      const texts = [...element.querySelectorAll('text')]
      const boxes = texts.map((text) => text.getBoundingClientRect())
      return boxes.flatMap((a, i) =>
        boxes
          .slice(i + 1)
          .map((b, j) => ({ b, other: texts[i + 1 + j].textContent }))
          // Lines of text may touch, as lines do.
          .filter(({ b }) => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
          .map(({ other }) => `${texts[i].textContent} × ${other}`),
      )
    })
    expect(met, link).toEqual([])
  }
})
