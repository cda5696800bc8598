/** What is used of the package, which brings no types. */
declare module '@inlang/plugin-message-format' {
  import type { compileMessage } from '@inlang/paraglide-js';

  type Parts = Parameters<typeof compileMessage>;

  interface Imported {
    bundles: { id: string; declarations: Parts[0] }[];
    messages: (Parts[1] & { bundleId: string })[];
    variants: (Parts[2][number] & { messageBundleId: string })[];
  }

  const plugin: {
    importFiles(from: {
      files: { locale: string; content: Uint8Array }[];
      settings: { baseLocale: string; locales: string[] };
    }): Promise<Imported>;
  };
  export default plugin;
}
