/** A template of the older form up to where the reply goes. */
import type { GoNode, Operand, Pipe } from '#core/template/go/tree';

/** The nodes up to the first that writes `.Response`, wherever it stands; `found` tells whether one does. */
export function cutBehindResponse(nodes: readonly GoNode[]): { nodes: GoNode[]; found: boolean } {
  const kept: GoNode[] = [];
  for (const node of nodes) {
    const { cut, found } = cutNode(node);
    kept.push(cut);
    if (found) return { nodes: kept, found };
  }
  return { nodes: kept, found: false };
}

function cutNode(node: GoNode): { cut: GoNode; found: boolean } {
  if (node.type === 'action') return { cut: node, found: writesResponse(node.pipe) };
  if (node.type !== 'if' && node.type !== 'with' && node.type !== 'range') {
    return { cut: node, found: false };
  }
  let found = false;
  // What stands behind it in another branch goes too: the text ends at the reply, whichever way it took.
  const cutPart = (nodes: readonly GoNode[]) => {
    if (found) return [];
    const part = cutBehindResponse(nodes);
    found = part.found;
    return part.nodes;
  };
  const arms = node.arms.map(({ pipe, body }) => ({ pipe, body: cutPart(body) }));
  return { cut: { ...node, arms, other: cutPart(node.other) }, found };
}

function writesResponse({ commands }: Pipe): boolean {
  return commands.flat().some(isResponse);
}

function isResponse(operand: Operand): boolean {
  if (operand.type === 'pipe') return writesResponse(operand.pipe);
  return (
    (operand.type === 'dot' || operand.type === 'variable') && operand.names.includes('Response')
  );
}
