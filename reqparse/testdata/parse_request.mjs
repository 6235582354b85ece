// Runs parse_request.py in a CPython that was compiled to WebAssembly.
// usage: node parse_request.mjs PYODIDE.mjs < input > output
import fs from 'node:fs';

const {loadPyodide} = await import(process.argv[2]);
const python = await loadPyodide();
const script = new URL('parse_request.py', import.meta.url);
python.globals.set('__name__', 'parse_request');
python.runPython(fs.readFileSync(script, 'utf8'));
const version = python.runPython('sys.version.split()[0]');
const answer = python.globals.get('answer');
const lines = fs.readFileSync(0, 'latin1').split('\n').filter(line => line !== '');
const answers = lines.map(line => answer(line));
fs.writeSync(1, [version, ...answers, ''].join('\n'));
