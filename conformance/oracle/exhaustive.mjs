// Runs exhaustive.py in CPython compiled to WebAssembly: node exhaustive.mjs PYODIDE
// PYODIDE is the folder of the npm package pyodide. Standard input and output are those of exhaustive.py.
import {readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const {loadPyodide} = await import(pathToFileURL(resolve(process.argv[2], 'pyodide.mjs')).href);
const python = await loadPyodide();
python.FS.writeFile('exhaustive.py', readFileSync(join(here, 'exhaustive.py')));
python.runPython('import sys; sys.path.insert(0, ""); import exhaustive');
process.on('uncaughtException', (error) => {
  console.error(error.message);
  process.exit(1);
});
const answer = python.runPython('lambda frame: exhaustive.answer(frame.to_bytes())');

const put = bytes => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(bytes.length);
  process.stdout.write(head);
  process.stdout.write(bytes);
};

put(Buffer.from(python.runPython('sys.version.split()[0]')));
let pending = [];
let have = 0;
for await (const chunk of process.stdin) {
  pending.push(chunk);
  have += chunk.length;
  for (;;) {
    if (have < 4) break;
    if (pending[0].length < 4) pending = [Buffer.concat(pending)];
    const end = 4 + pending[0].readUInt32BE(0);
    if (have < end) break;
    const all = Buffer.concat(pending);
    pending = [all.subarray(end)];
    have = pending[0].length;
    const result = answer(Uint8Array.from(all.subarray(4, end)));
    put(result.toJs());
    result.destroy();
  }
}
