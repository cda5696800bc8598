/** Kit names a build by its time in milliseconds; any other name is shown as it is. */
export function formatBuild(name: string): string {
  const at = new Date(Number(name));
  if (!/^\d{13}$/.test(name) || Number.isNaN(at.getTime())) return name;
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
