/** Where the arrow key `key` leads in a row that is read as the page is: 1 on, -1 back, 0 for another key. */
export function forwards(key: string): -1 | 0 | 1 {
  const right = document.documentElement.dir === 'rtl' ? -1 : 1;
  if (key === 'ArrowRight') return right;
  return key === 'ArrowLeft' ? (-right as -1 | 1) : 0;
}
