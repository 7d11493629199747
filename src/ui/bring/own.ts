/** Models and GPUs of the reader's own, kept in this browser. What is recalled is checked as if it came from a stranger. */
import type { CustomGpu } from '../../hardware/gpu.ts'
import { limits } from '../../scenario/schema.ts'
import { Signal } from '../state/signal.ts'
import { recall, remember } from '../state/storage.ts'

export interface OwnModel {
  name: string
  config: Record<string, unknown>
}

const MOST = 50

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function recalled<T>(key: string, usable: (value: Record<string, unknown>) => T | null): T[] {
  const stored = recall<unknown>(key, [])
  if (!Array.isArray(stored)) return []
  return stored.slice(0, MOST).flatMap((value) => (isObject(value) && usable(value)) || [])
}

const model = ({ name, config }: Record<string, unknown>): OwnModel | null => {
  if (typeof name !== 'string' || name.length > 200 || !isObject(config)) return null
  // Whether it describes a model is found out when it is used.
  return { name, config }
}

const gpu = ({ name, memoryMiB, reserveMiB = 0 }: Record<string, unknown>): CustomGpu | null => {
  const whole = (n: unknown): n is number =>
    Number.isSafeInteger(n) && (n as number) >= 0 && (n as number) <= limits.memoryMiB
  if (typeof name !== 'string' || name === '' || name.length > 100) return null
  return whole(memoryMiB) && whole(reserveMiB) && reserveMiB < memoryMiB ? { name, memoryMiB, reserveMiB } : null
}

export const ownModels = new Signal<readonly OwnModel[]>(recalled('own models', model))
export const ownGpus = new Signal<readonly CustomGpu[]>(recalled('own gpus', gpu))

/** Puts one first; another of that name is replaced. */
const put = <T extends { name: string }>(list: readonly T[], one: T) =>
  [one, ...list.filter(({ name }) => name !== one.name)].slice(0, MOST)

export function keepModel(one: OwnModel): void {
  ownModels.value = put(ownModels.value, one)
  remember('own models', ownModels.value)
}

export function keepGpu(one: CustomGpu): void {
  ownGpus.value = put(ownGpus.value, one)
  remember('own gpus', ownGpus.value)
}

export function forgetModel(name: string): void {
  ownModels.value = ownModels.value.filter((one) => one.name !== name)
  remember('own models', ownModels.value)
}

export function forgetGpu(name: string): void {
  ownGpus.value = ownGpus.value.filter((one) => one.name !== name)
  remember('own gpus', ownGpus.value)
}
