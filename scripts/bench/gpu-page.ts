/** A page of a benchmark in a Chromium with WebGPU: on SwiftShader, or with PADDOCK_GPU=real on the machine's own adapter. */
import { chromium, type Page } from 'playwright';
import { tinyMlcPlugin } from '../../tests/fixtures/tiny-mlc-plugin';
import { chromiumPath, REAL_GPU_ARGS, SWIFTSHADER_ARGS } from '../chromium';
import { serveSource } from '../serve-source';

export interface GpuPage {
  page: Page;
  /** With its version. */
  browser: string;
  close(): Promise<void>;
}

/**
 * The page is ready when it has the title `ready`.
 * @param path of an HTML file of the repository
 * @param model bytes or a path, at `/model.gguf`; the tiny MLC model's library is there as well
 */
export async function openGpuPage(path: string, model: Uint8Array | string): Promise<GpuPage> {
  const server = await serveSource(model, {
    plugins: [tinyMlcPlugin()],
    bundle: ['@mlc-ai/web-llm'],
  });
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: process.env.PADDOCK_GPU === 'real' ? REAL_GPU_ARGS : SWIFTSHADER_ARGS,
  });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.goto(server.url + path);
    await page.waitForFunction(() => document.title === 'ready');
    return { page, browser: `Chromium ${browser.version()}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}
