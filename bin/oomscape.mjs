#!/usr/bin/env node
/** Starts the command line; inside a clone of the repository it is built first when its sources are newer. */
import { existsSync } from 'node:fs'

if (existsSync(new URL('../src/cli', import.meta.url))) {
  const { buildCli } = await import('../scripts/build-cli.mjs')
  if (!buildCli()) process.exit(1)
}
await import(new URL('../dist/cli/main.js', import.meta.url).href)
