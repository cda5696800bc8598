/** Whether a TEMPLATE is one: Jinja where it has Jinja's statements, else Go's. */
import { parseGo } from '#core/template/go/parse';
import { TemplateFault } from '#core/template/go/tree';
import { isJinja } from '#core/template/kind';

/** A sentence's end, such as `unclosed action`; null where nothing is wrong. */
export async function templateFault(template: string): Promise<string | null> {
  if (!isJinja(template)) return goFault(template);
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

function goFault(template: string): string | null {
  try {
    parseGo(template);
    return null;
  } catch (error) {
    if (error instanceof TemplateFault) return error.message;
    throw error;
  }
}
