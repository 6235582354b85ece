// Runs parse_request.py in a CPython that was compiled to WebAssembly.
// usage: node parse_request.mjs PYODIDE.mjs < input > output
import fs from 'node:fs';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const lines = Buffer.concat(chunks).toString('latin1').split('\n').filter(line => line !== '');

const {loadPyodide} = await import(process.argv[2]);
const python = await loadPyodide();
const script = new URL('parse_request.py', import.meta.url);
python.globals.set('__name__', 'parse_request');
python.runPython(fs.readFileSync(script, 'utf8'));
const version = python.runPython('sys.version.split()[0]');
const answer = python.globals.get('answer');
const answers = lines.map(line => answer(line));
process.stdout.write([version, ...answers, ''].join('\n'));
