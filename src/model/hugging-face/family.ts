/** A family knows how one or more `model_type`s are built; it reads the (text) config and returns the plan. */
import type { ModelPlan } from './assemble.ts'
import type { ConfigReader } from './config-reader.ts'

export type Family = (config: ConfigReader) => ModelPlan
export type Families = Record<string, Family>
