/** What a command works on: a JSON file, standard input (`-`), or nothing but settings. */
import { readFile } from 'node:fs/promises'
import { type Arguments, UsageError } from './arguments.ts'

/** The parsed JSON, or an empty object when there are only settings. @throws UsageError */
export async function readInput({ operands, settings }: Arguments, what: string): Promise<unknown> {
  if (operands.length > 1) throw new UsageError(`one ${what} at a time; ${operands.length} were named`)
  if (operands.length === 1) return readJson(operands[0])
  if (settings.length === 0) {
    throw new UsageError(
      `name a ${what} file, - for standard input, or fields such as model=meta-llama/Meta-Llama-3-8B`,
    )
  }
  return {}
}

/** A JSON file; `-` is standard input. @throws UsageError */
export async function readJson(file: string, parse: (text: string) => unknown = JSON.parse): Promise<unknown> {
  const name = file === '-' ? 'standard input' : file
  const text = await readText(file, name)
  if (text.trim() === '') throw new UsageError(`${name} is empty; a JSON object was expected`)
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${name} is not JSON: ${(error as Error).message}`)
  }
}

async function readText(file: string, name: string): Promise<string> {
  try {
    const text = file === '-' ? await readStandardInput() : await readFile(file, 'utf8')
    return text.replace(/^\ufeff/, '')
  } catch (error) {
    throw new UsageError(`${name} cannot be read: ${reasonOf(error as Error)}`)
  }
}

/** Why a file failed, in plain words. */
export const reasonOf = ({ code, message }: NodeJS.ErrnoException): string => (code && reasons[code]) ?? message

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  ERR_STRING_TOO_LONG: 'it is longer than 512 MiB; split it',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB; split it',
}

async function readStandardInput(): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
