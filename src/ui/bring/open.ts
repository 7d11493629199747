/** Opens the dialog for one's own models and GPUs, fetched when it is wanted. */
import type { OomBring } from './bring-dialog.ts'

/** @throws when it cannot be loaded */
export async function bring(what: 'model' | 'gpu'): Promise<void> {
  await import('./bring-dialog.ts')
  const dialog = document.querySelector<OomBring>('oom-bring') ?? document.createElement('oom-bring')
  if (!dialog.isConnected) document.body.append(dialog)
  await (dialog as OomBring).show(what)
}
