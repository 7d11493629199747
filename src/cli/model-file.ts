/** A model as a file on the disk: a config.json, or a GGUF file, of which the header is read, however large it is. */
import { type FileHandle, open } from 'node:fs/promises'
import type { Architecture } from '../model/architecture.ts'
import { mostConfigBytes, unbounded } from '../model/bounds.ts'
import { ggufArchitecture } from '../model/gguf/architecture.ts'
import { readGguf } from '../model/gguf/read.ts'
import { importHuggingFaceConfig } from '../model/hugging-face/import.ts'
import { parsePythonJson } from '../model/python-json.ts'
import { formatInteger } from '../units.ts'
import { UsageError } from './arguments.ts'
import { readJson, reasonOf } from './input.ts'

/** @param name of a file; `-` is a config.json on standard input. @throws UsageError, ModelImportError */
export async function readModel(name: string): Promise<Architecture> {
  if (name === '-') return readConfig(name)
  const file = await opened(name)
  try {
    const reader = (at: number, length: number) => bytesOf(file, at, length)
    if (Buffer.from(await reader(0, 4)).toString('latin1') === 'GGUF') return ggufArchitecture(await readGguf(reader))
    checkSize((await file.stat()).size)
  } catch (error) {
    // A folder is opened, but not read.
    if ((error as NodeJS.ErrnoException).code)
      throw new UsageError(`${name} cannot be read: ${reasonOf(error as Error)}`)
    throw error
  } finally {
    await file.close()
  }
  return readConfig(name)
}

async function readConfig(name: string): Promise<Architecture> {
  const json = await readJson(name, (text) => {
    checkSize(text.length)
    return parsePythonJson(text)
  })
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new UsageError('this is not a config.json: it has to be an object, { … }')
  }
  if (Object.hasOwn(json, 'weight_map')) {
    throw new UsageError(
      'weight_map: this is the index of safetensors files, which holds no sizes; give the config.json beside it',
    )
  }
  const reason = unbounded(json)
  if (reason) throw new UsageError(`the config.json ${reason}`)
  return importHuggingFaceConfig(json)
}

function checkSize(bytes: number): void {
  if (bytes <= mostConfigBytes) return
  throw new UsageError(
    `it is ${formatInteger(Math.ceil(bytes / 1e6))} MB, too large for a config.json: give that file itself, or a GGUF file`,
  )
}

async function opened(name: string): Promise<FileHandle> {
  try {
    return await open(name)
  } catch (error) {
    throw new UsageError(`${name} cannot be read: ${reasonOf(error as Error)}`)
  }
}

async function bytesOf(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, at)
  return buffer.subarray(0, bytesRead)
}
