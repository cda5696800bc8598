/** QuickJS in WebAssembly: the policy forbids `eval`, and what a program is given here is ECMAScript and nothing else. */
import variant from '@jitl/quickjs-wasmfile-release-sync';
import wasmUrl from '@jitl/quickjs-wasmfile-release-sync/wasm?url';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';

let loaded: Promise<QuickJSWASMModule> | undefined;

export function interpreter(): Promise<QuickJSWASMModule> {
  return (loaded ??= load());
}

async function load(): Promise<QuickJSWASMModule> {
  const response = await fetch(wasmUrl);
  if (!response.ok) throw new Error(`The interpreter could not be had: status ${response.status}.`);
  const wasmModule = await WebAssembly.compile(await response.arrayBuffer());
  return newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule }));
}
