/** Fetches a model's config.json from Hugging Face, because the reader asked for it; explains every way in which that fails. */
import { BringError } from './understand.ts'

const HOST = 'https://huggingface.co'
const MOST_BYTES = 1_000_000
const PATIENCE = 20_000

/** `meta-llama/Llama-3.1-8B`, also as it stands in an address. @throws BringError */
export function modelId(text: string): string {
  const path = text.trim().replace(/^(https?:\/\/)?(www\.)?(huggingface\.co|hf\.co)\//, '')
  const match = /^([\w.-]{1,96})(?:\/([\w.-]{1,96})(?:[/?#].*)?)?$/.exec(path)
  if (!match || /^\.+$/.test(match[1])) {
    throw new BringError('Write the id as on huggingface.co, such as Qwen/Qwen3-8B.')
  }
  return match[2] ? `${match[1]}/${match[2]}` : match[1]
}

/** The text of `config.json`. @throws BringError with a remedy */
export async function fetchConfig(id: string): Promise<string> {
  const response = await request(`${HOST}/${id}/resolve/main/config.json`)
  if (response.status === 401 || response.status === 403) {
    throw new BringError(
      `${id} does not exist, or its files are only for those who are logged in and accepted its terms. Download its config.json there and drop it here.`,
    )
  }
  if (response.status === 404)
    throw new BringError(`huggingface.co has no config.json for ${id}. Check the id, or drop a GGUF file.`)
  if (!response.ok)
    throw new BringError(`huggingface.co answered ${response.status}. Try again later, or drop the file here.`)
  return limited(response)
}

async function request(url: string): Promise<Response> {
  try {
    return await fetch(url, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(PATIENCE),
    })
  } catch (error) {
    if (!navigator.onLine)
      throw new BringError('There is no connection. Everything but fetching works offline: paste or drop the file.')
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      throw new BringError(
        `huggingface.co did not answer within ${PATIENCE / 1000} seconds. Try again, or drop the file here.`,
      )
    }
    throw new BringError(
      'huggingface.co could not be reached: it, the network or an extension of this browser refuses requests from other pages (CORS). Download config.json there and drop it here.',
    )
  }
}

/** Stops reading what is too long to be a config. */
async function limited(response: Response): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (let step = await reader?.read(); step && !step.done; step = await reader?.read()) {
    text += step.value
    if (text.length <= MOST_BYTES) continue
    await reader?.cancel()
    throw new BringError('What huggingface.co sent is larger than any config.json.')
  }
  return text
}
