// Tokenises all examples with VS Code's own engine: npm install && npm test
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { Registry, INITIAL, parseRawGrammar } = require('vscode-textmate');
const { loadWASM, OnigScanner, OnigString } = require('vscode-oniguruma');

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const grammarFile = join(here, '../syntaxes/rules.tmLanguage.json');
await loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')).buffer);
const registry = new Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new OnigScanner(patterns),
    createOnigString: (text) => new OnigString(text),
  }),
  loadGrammar: async () => parseRawGrammar(readFileSync(grammarFile, 'utf8'), grammarFile),
});
const grammar = await registry.loadGrammar('source.fieldhouse-rules');

function tokens(text) {
  let state = INITIAL;
  const all = [];
  text.split('\n').forEach((line, index) => {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    for (const each of result.tokens) {
      all.push({ text: line.slice(each.startIndex, each.endIndex), line: index + 1, scopes: each.scopes.slice(1).join(' ') });
    }
  });
  return all;
}

let failures = 0;
function check(condition, message) {
  if (!condition) {
    failures++;
    console.error(message);
  }
}

function scopeOf(text, piece) {
  const found = tokens(text).find((each) => each.text.trim() === piece);
  return found ? found.scopes : `(no token ${piece})`;
}

// One of each kind.
const text = 'rule "a {Hall.Light.brightness} \\n" # note\n when `küche/licht 2` turns on for 5 min\n if Hall.Light.brightness > 21.5 °C and time > 06:30 and 3 Lamp\n repeat 3 times';
for (const [piece, scope] of [
  ['rule', 'keyword.control.declaration'], ['# note', 'comment'], ['`küche/licht 2`', 'entity.name'], ['when', 'keyword'],
  ['turns', 'keyword'], ['on', 'constant.language'], ['5', 'constant.numeric'], ['min', 'keyword.other.unit'], ['21.5', 'constant.numeric'],
  ['°C', 'keyword.other.unit'], ['and', 'keyword.operator'], ['06:30', 'constant.numeric'], ['times', 'keyword.control'], ['Hall.Light', 'entity.name'],
  ['.brightness', 'variable.other.member'], ['\\n', 'constant.character.escape'], ['Lamp', 'keyword.other.unit entity.name'],
]) {
  check(scope.split(' ').some((each) => scopeOf(text, piece).includes(each)), `${piece}: ${scopeOf(text, piece)}, expected ${scope}`);
}
check(scopeOf('"open', '"').includes('string') && scopeOf('"open\nrule', 'rule').includes('keyword'), 'an open text ends with its line');

function files(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((each) => {
    const path = join(directory, each.name);
    return each.isDirectory() && each.name !== 'target' ? files(path) : path.endsWith('.rules') ? [path] : [];
  });
}

const examples = [join(root, 'examples'), join(root, 'bundles/org.fieldhouse.rules/src/test/resources')].flatMap(files);
check(examples.length > 10, `only ${examples.length} examples`);
let count = 0;
for (const file of examples) {
  for (const each of tokens(readFileSync(file, 'utf8'))) {
    count++;
    check(each.scopes !== '' || each.text.trim() === '', `${file}:${each.line}: '${each.text}' has no scope`);
    check(!each.scopes.includes('invalid'), `${file}:${each.line}: '${each.text}' is ${each.scopes}`);
  }
}
console.log(`${examples.length} files, ${count} tokens, ${failures} failures`);
process.exit(failures === 0 ? 0 : 1);
