// Runs worker.py in CPython compiled to WebAssembly: node worker.mjs PYODIDE
// PYODIDE is the folder of the npm package pyodide. Standard input and output are those of worker.py.
import {readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const {loadPyodide} = await import(pathToFileURL(resolve(process.argv[2], 'pyodide.mjs')).href);
const python = await loadPyodide();
python.FS.writeFile('memory.py', readFileSync(join(here, 'memory.py')));
python.FS.writeFile('worker.py', readFileSync(join(here, 'worker.py')));
python.runPython('import sys; sys.path.insert(0, ""); import worker');
process.on('uncaughtException', (error) => {
  console.error(error.message);
  process.exit(1);
});
const configure = python.runPython('lambda text: worker.configure(text).encode()');
const answer = python.runPython('lambda batch: worker.answer(batch.to_bytes())');

let configured = false;
let pending = Buffer.alloc(0);
for await (const chunk of process.stdin) {
  pending = Buffer.concat([pending, chunk]);
  while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE(0)) {
    const end = 4 + pending.readUInt32BE(0);
    const frame = pending.subarray(4, end);
    pending = pending.subarray(end);
    const result = configured ? answer(Uint8Array.from(frame)) : configure(frame.toString('ascii'));
    configured = true;
    const bytes = result.toJs();
    result.destroy();
    const head = Buffer.alloc(4);
    head.writeUInt32BE(bytes.length);
    process.stdout.write(head);
    process.stdout.write(bytes);
  }
}
