// Runs a Python script in CPython compiled to WebAssembly: node pyodide.mjs DIR SCRIPT < input > output
// DIR holds node_modules/pyodide. The script sees standard input, standard output and nothing else.
import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const [dir, script] = process.argv.slice(2);
const module = pathToFileURL(resolve(dir, 'node_modules/pyodide/pyodide.mjs'));
const {loadPyodide} = await import(module.href);
const python = await loadPyodide();

const chunks = [];
for await (const chunk of process.stdin) {
  chunks.push(chunk);
}
const input = new Uint8Array(Buffer.concat(chunks));
let at = 0;
python.setStdin({
  read(buffer) {
    const piece = input.subarray(at, at + buffer.length);
    buffer.set(piece);
    at += piece.length;
    return piece.length;
  },
});
const output = [];
python.setStdout({
  write(buffer) {
    output.push(buffer.slice());
    return buffer.length;
  },
});
python.runPython(readFileSync(script, 'utf8'));
python.runPython('import sys; sys.stdout.flush()');
process.stdout.write(Buffer.concat(output));
