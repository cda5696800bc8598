/** Whether an answer is what was asked for, by its head. */
import { changedSize, missing, network, refusal, restart } from './faults';

type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

/** The body of a whole file. @throws PaddockError as `refusal` */
export function checkPlain(url: string, response: Response): Body {
  if (response.status !== 200) throw refusal(url, response);
  return bodyOf(url, response);
}

/**
 * The body of exactly this range of a file of `size` bytes. @throws PaddockError as `refusal`; with detail `restart`
 * where the host has no ranges, with `discard` where its file has another size
 */
export function checkRange(
  url: string,
  response: Response,
  [from, to]: [number, number],
  size: number,
): Body {
  const { status } = response;
  const said = response.headers.get('content-range');
  if (status === 416) {
    const total = /^bytes \*\/(\d+)$/.exec(said ?? '')?.[1];
    if (total !== undefined && Number(total) !== size) throw changedSize(url, Number(total), size);
    throw restart(url, 'whole', 'the host answers 416 to a range of its file');
  }
  if (status === 200) {
    bodyOf(url, response); // a page is not the file
    throw restart(url, 'whole', 'the host answers a range with the whole file');
  }
  if (status !== 206) throw refusal(url, response);
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(said ?? '');
  if (match) {
    const [start, last, total] = match.slice(1).map(Number) as [number, number, number];
    if (total !== size) throw changedSize(url, total, size);
    if (start !== from || last !== to - 1) {
      throw network(url, `bytes ${from}-${to - 1} were asked for and ${start}-${last} came`);
    }
  } else if (said !== null || response.type !== 'cors') {
    // Another site may hide the header: the body's length and the digest are the guard then.
    throw network(url, `the host names the range "${said ?? ''}"`);
  }
  return bodyOf(url, response);
}

function bodyOf(url: string, response: Response): Body {
  // Hosts of single-page apps answer every path with 200 and their page.
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    throw missing(url, 'the host answers with a page');
  }
  if (!response.body) throw network(url, 'the answer has no body');
  return response.body;
}
