/** The questions people come with: how many actions each takes, and whether the answers agree with each other. */
const viewports = [
  { width: 1440, height: 900, isMobile: false },
  { width: 390, height: 844, isMobile: true },
]

/** What has to be seen at once: the controls of the question, the verdict, the breakdown. */
const together = [
  'oom-controls oom-combobox',
  'oom-controls oom-select.half',
  'oom-controls oom-quantity',
  'oom-answer .verdict',
  'oom-map .target',
  'oom-breakdown .bar',
]

/**
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function measureAsking(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const ask = new Asker(page, url)
  const rows = [
    await fits(ask),
    await limits(ask),
    await whichGpu(ask),
    await compared(ask),
    ...(await Promise.all(viewports.map((viewport) => inOneViewport(browser, url, viewport)))),
  ]
  await page.close()
  return rows
}

/** Somebody at the page who counts what they do: choosing in one control, or pressing one button, is one action. */
class Asker {
  /** @type {string[]} */
  done = []

  /**
   * @param {import('playwright').Page} page
   * @param {string} url
   */
  constructor(page, url) {
    this.page = page
    this.url = url
  }

  async open() {
    this.done = []
    await this.page.goto('about:blank')
    await this.page.goto(this.url)
    await this.page.locator('oom-map path.boundary').first().waitFor({ state: 'attached' })
  }

  /**
   * @param {string} name
   * @param {() => Promise<unknown>} action
   */
  async act(name, action) {
    this.done.push(name)
    await action()
  }

  /**
   * Types into a searchable field and takes what is found.
   * @param {string} label
   * @param {string} text
   */
  choose(label, text) {
    return this.act(`${label} “${text}”`, async () => {
      await this.page.getByRole('combobox', { name: label, exact: true }).fill(text)
      await this.page.keyboard.press('Enter')
    })
  }

  verdict() {
    return this.page.locator('oom-answer .verdict').innerText()
  }

  /**
   * @param {string} what
   * @param {number} target
   * @param {boolean} answered
   * @param {string} answer
   * @returns {import('./table.mjs').Row}
   */
  row(what, target, answered, answer) {
    const { length } = this.done
    const actions = length === 0 ? 'no action' : `${length} (${this.done.join(', ')})`
    return {
      what,
      value: `${actions}: ${answer}`,
      target: target === 0 ? '0 actions' : `≤ ${target} ${target === 1 ? 'action' : 'actions'}`,
      met: answered && length <= target,
      fixed: true,
    }
  }
}

/** @param {Asker} ask */
async function fits(ask) {
  await ask.open()
  const { page } = ask
  await ask.choose('Model', 'llama 3.3 70b')
  await ask.choose('GPU', 'h100 80')
  await page.locator('oom-answer .verdict.oom').waitFor()
  const before = await ask.verdict()
  const fix = page.locator('oom-answer .fix[aria-disabled=false]').first()
  const name = await fix.locator('b').innerText()
  await ask.act(name, () => fix.click())
  await page.locator('oom-answer .verdict:not(.oom)').waitFor()
  return ask.row('1. Will it fit, and what makes it fit?', 3, true, `“${before}”, then “${await ask.verdict()}”`)
}

/** @param {Asker} ask */
async function limits(ask) {
  await ask.open()
  const { page } = ask
  const value = async (/** @type {string} */ name) =>
    (await page.locator('oom-answer dl div', { hasText: name }).locator('dd button').innerText()).replace(/\D/g, '')
  const batch = await value('Largest batch')
  const sequence = await value('Longest sequence')
  const held = await heldByMemory(page)
  const said = `batch ${batch}, sequence ${sequence}${held ? `, memory would hold ${held}` : ''}`
  // The map's own words for the cells on both sides of each limit.
  const agrees =
    (await across(ask, 'Largest batch', 'ArrowUp')) && (await across(ask, 'Longest sequence', 'ArrowRight'))
  return ask.row(
    '2. Largest batch, longest sequence?',
    0,
    agrees,
    `${said}, ${agrees ? 'equal to' : 'NOT'} the map’s boundary`,
  )
}

/**
 * The longest sequence by memory alone, where the model was made for less; empty elsewhere.
 * @param {import('playwright').Page} page
 */
async function heldByMemory(page) {
  const below = page.locator('oom-answer dl div', { hasText: 'Longest sequence' }).locator('small')
  return (await below.innerText()).replace(/\D/g, '')
}

/**
 * Goes to a limit and asks the map whether the cell there fits and the one after does not.
 * @param {Asker} ask
 * @param {string} name
 * @param {string} key
 */
async function across({ page }, name, key) {
  const map = page.getByRole('application')
  const spoken = page.locator('oom-map [aria-live]')
  const button = page.locator('oom-answer dl div', { hasText: name }).getByRole('button')
  const held = name === 'Longest sequence' ? await heldByMemory(page) : ''
  // The map knows memory alone.
  if (held) {
    await page.locator('oom-controls').getByLabel('Tokens per sequence', { exact: true }).fill(held)
    await page.keyboard.press('Enter')
  } else if (await button.count()) await button.click()
  await map.focus()
  const words = async (/** @type {string} */ step) => {
    const before = await spoken.innerText()
    await page.keyboard.press(`Alt+${step}`)
    await page.waitForFunction(
      ([element, text]) => element?.textContent !== text,
      /** @type {const} */ ([await spoken.elementHandle(), before]),
    )
    return spoken.innerText()
  }
  const beyond = await words(key)
  const at = await words(key === 'ArrowUp' ? 'ArrowDown' : 'ArrowLeft')
  await page.keyboard.press('Escape')
  return /out of memory/.test(beyond) && /: (fits|tight)/.test(at)
}

/** @param {Asker} ask */
async function whichGpu(ask) {
  await ask.open()
  await ask.act('GPUs', () => ask.page.getByRole('tab', { name: 'GPUs' }).click())
  const rows = ask.page.locator('oom-gpu-atlas [role=row], oom-gpu-atlas tr')
  await rows.nth(5).waitFor()
  const count = await rows.count()
  return ask.row('3. Which GPU, and how many?', 1, true, `${count} rows, ranked`)
}

/** @param {Asker} ask */
async function compared(ask) {
  await ask.open()
  await ask.act('KV cache', () => ask.page.locator('oom-segmented[label=Compare]').getByText('KV cache').click())
  await ask.page.locator('oom-map path.boundary').nth(1).waitFor({ state: 'attached' })
  const maps = await ask.page.locator('oom-map path.boundary').count()
  return ask.row('4. How do precisions compare?', 1, maps > 1, `${maps} maps side by side`)
}

/**
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @param {{ width: number, height: number, isMobile: boolean }} viewport
 * @returns {Promise<import('./table.mjs').Row>}
 */
async function inOneViewport(browser, url, { width, height, isMobile }) {
  const page = await browser.newPage({ viewport: { width, height }, isMobile, hasTouch: isMobile })
  await page.goto(url)
  await page.locator('oom-map path.boundary').first().waitFor({ state: 'attached' })
  /** @type {string[]} */
  const outside = []
  for (const selector of together) {
    const box = await page.locator(selector).last().boundingBox()
    if (!box || box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height)
      outside.push(selector)
  }
  await page.close()
  return {
    what: `Controls, verdict, map and breakdown at ${width} × ${height}`,
    value: outside.length === 0 ? 'in one viewport' : `outside: ${outside.join(', ')}`,
    target: 'one viewport',
    met: outside.length === 0,
    fixed: true,
  }
}
