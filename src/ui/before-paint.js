/**
 * Stands in the page itself (scripts/first-picture.mjs puts it there, with the address of the code) and runs before anything is painted: the
 * reader's theme holds from the first frame on, and the page shows its opening answer only where the address asks for no other. The code comes
 * after that answer is painted, because evaluating it takes longer than a frame; beside it comes what the address makes it ask for.
 */
const root = document.documentElement
const linked = location.hash.length > 1
if (linked) root.classList.add('linked')
try {
  const theme = JSON.parse(localStorage.getItem('oomscape.theme') ?? 'null')
  if (theme) root.dataset.theme = theme
} catch {
  // Storage is switched off: the system's theme holds.
}
const code = '__CODE__'
for (const [entry, parts] of [
  // The page has one model itself.
  ['model=(?!__DEFAULT__(&|$))', '__CATALOGUE__'],
  ['task=', '__TRAINING__'],
]) {
  if (!RegExp(`[#&]${entry}`).test(location.hash)) continue
  for (const href of parts.split(' ')) {
    const link = document.createElement('link')
    link.rel = 'modulepreload'
    link.href = href
    document.head.append(link)
  }
}
const start = () => import(code)
document.addEventListener('DOMContentLoaded', () => {
  // A page in the background is not painted.
  if (linked || document.hidden) start()
  else requestAnimationFrame(() => setTimeout(start))
})
