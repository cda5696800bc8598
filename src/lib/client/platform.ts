/** Whether ⌘ is the key of shortcuts here. */
export function onMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
