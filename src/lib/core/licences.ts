/** The licence texts that every build carries; the licences of what is in it ask for that. */

export interface LicenceFile {
  /** In the repository. */
  source: string;
  /** In the site; as text, which hosts show rather than offer to save. */
  file: string;
  /** The licence's own name; absent: the notices of what others made. */
  title?: string;
}

export const LICENCES: LicenceFile[] = [
  { source: 'LICENSE', file: 'license.txt', title: 'Apache-2.0' },
  {
    source: 'THIRD-PARTY-NOTICES.md',
    file: 'third-party-notices.txt',
  },
];
