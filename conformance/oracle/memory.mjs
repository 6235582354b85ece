// Answers cases with CPython compiled to WebAssembly: node memory.mjs PYODIDE SCRIPT
// PYODIDE is the folder of the npm package pyodide, SCRIPT the Python script memory.py. A job is a
// line of JSON on standard input, its answer a line of JSON on standard output.
import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';

const [folder, script] = process.argv.slice(2);
const {loadPyodide} = await import(pathToFileURL(resolve(folder, 'pyodide.mjs')).href);
const python = await loadPyodide();
python.runPython(readFileSync(script, 'utf8'));
const ask = python.globals.get('ask');
for await (const line of createInterface({input: process.stdin})) {
  process.stdout.write(ask(line) + '\n');
}
