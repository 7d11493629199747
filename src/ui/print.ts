/** What paper has to be told, because it has no address bar: where the page is, and when it was printed. */
export function tellPaper(): void {
  const note = document.createElement('p')
  note.className = 'printed'
  document.body.append(note)
  const write = () => {
    const day = new Date().toLocaleDateString('en', { dateStyle: 'long' })
    note.textContent = `${day}, ${location.href}`
  }
  window.addEventListener('beforeprint', write)
  matchMedia('print').addEventListener('change', write)
}
