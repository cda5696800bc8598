/** Whether a TEMPLATE is one: Jinja where it has Jinja's statements, else Go's. */
import { goTemplateFault } from '#core/template/go-template';
import { isJinja } from '#core/template/kind';

/** A sentence's end, such as `unclosed action`; null where nothing is wrong. */
export async function templateFault(template: string): Promise<string | null> {
  if (!isJinja(template)) return goTemplateFault(template);
  // Few templates come this way, and the parser is large beside the host.
  const { parseJinja } = await import('#core/template/jinja');
  try {
    parseJinja(template);
    return null;
  } catch (error) {
    const deep = error instanceof RangeError;
    return deep
      ? 'it is nested too deeply'
      : error instanceof Error
        ? error.message
        : String(error);
  }
}
