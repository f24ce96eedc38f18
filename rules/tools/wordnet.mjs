// WordNet 3.0 as the Debian package wordnet-base brings it: synsets with their words and pointers.
import { debText, once } from './lib.mjs';

const folder = 'usr/share/wordnet/';

function readData(file) {
  const synsets = new Map();
  for (const line of debText(folder + file).split('\n')) {
    if (!/^\d/.test(line))
      continue;
    const [head, gloss] = line.split(' | ');
    const f = head.trim().split(' ');
    const count = parseInt(f[3], 16);
    const words = [];
    for (let i = 0; i < count; i++)
      words.push(f[4 + 2 * i].replace(/\([a-z]+\)$/, '').replace(/_/g, ' '));
    const pointers = [];
    const at = 4 + 2 * count;
    for (let i = 0; i < parseInt(f[at], 10); i++)
      pointers.push({ type: f[at + 1 + 4 * i], to: f[at + 2 + 4 * i], pos: f[at + 3 + 4 * i] });
    synsets.set(f[0], { id: f[0], file: parseInt(f[1], 10), words, pointers, gloss: gloss || '' });
  }
  return synsets;
}

// word (spaces for underscores, lower case) -> synset ids in the order of the senses
function readIndex(file) {
  const index = new Map();
  for (const line of debText(folder + file).split('\n')) {
    if (!line || line.startsWith(' '))
      continue;
    const f = line.trim().split(' ');
    index.set(f[0].replace(/_/g, ' '), f.slice(-parseInt(f[2], 10)));
  }
  return index;
}

export const nouns = once(() => readData('data.noun'));
export const adjectives = once(() => readData('data.adj'));
export const nounIndex = once(() => readIndex('index.noun'));
export const verbIndex = once(() => readIndex('index.verb'));
export const adjectiveIndex = once(() => readIndex('index.adj'));
export const adverbIndex = once(() => readIndex('index.adv'));

export const pointersOf = (synset, ...types) => synset.pointers.filter((p) => types.includes(p.type));

// The synset in which `word` has its n-th noun sense (from 1).
export function sense(word, n = 1) {
  const ids = nounIndex().get(word.toLowerCase());
  if (!ids || !ids[n - 1])
    throw new Error(`WordNet has no sense ${n} of ${word}`);
  return nouns().get(ids[n - 1]);
}

// All synsets under these roots (hyponyms, and instances if wanted), the roots too.
export function below(roots, instances = false) {
  const seen = new Map();
  const stack = [...roots];
  while (stack.length) {
    const synset = stack.pop();
    if (seen.has(synset.id))
      continue;
    seen.set(synset.id, synset);
    for (const p of pointersOf(synset, '~', ...(instances ? ['~i'] : [])))
      stack.push(nouns().get(p.to));
  }
  return seen;
}

// All hypernyms of a synset, with those of what it is an instance of.
export function above(synset) {
  const seen = new Map();
  const stack = [synset];
  while (stack.length) {
    const s = stack.pop();
    for (const p of pointersOf(s, '@', '@i'))
      if (!seen.has(p.to)) {
        seen.set(p.to, nouns().get(p.to));
        stack.push(nouns().get(p.to));
      }
  }
  return seen;
}
