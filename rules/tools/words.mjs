// Ordinary words (SCOWL), their parts of speech (Brill's lexicon, the XTAG verb table, WordNet), and the list words.tsv.
import { List, debDir, debText, importNpm, once } from './lib.mjs';
import { adjectiveIndex, adverbIndex, nounIndex, verbIndex } from './wordnet.mjs';

// word -> the smallest SCOWL band (10 … 95) in which it is, lower-case letters only
export const scowl = once(() => {
  const bands = new Map();
  for (const file of debDir('usr/share/dict/scowl')) {
    const m = /^(english|american|british|british_z|canadian|australian)-words\.(\d\d)$/.exec(file);
    if (!m)
      continue;
    for (const word of debText(`usr/share/dict/scowl/${file}`).split('\n'))
      if (/^[a-z]+$/.test(word) && (bands.get(word) || 99) > Number(m[2]))
        bands.set(word, Number(m[2]));
  }
  return bands;
});

export const band = (word) => scowl().get(word) || 99;

const brill = (await importNpm('brill')).brill;

// The Brill tags of a word, most frequent first.
export function brillTags(word) {
  const tags = Object.hasOwn(brill, word) ? brill[word] : [];
  return [...new Set([tags].flat().flatMap((tag) => (tag || '').split('|')))];
}

// form -> set of 'VB' (base), 'VBZ', 'VBG', 'VBD' (past tense or participle), from the XTAG table of verbs
const verbForms = once(() => {
  const forms = new Map();
  const put = (form, tag) => form && forms.set(form, (forms.get(form) || new Set()).add(tag));
  for (const line of debText('usr/lib/python3/dist-packages/pattern/text/en/en-verbs.txt').split('\n')) {
    if (!line || line.startsWith(';'))
      continue;
    const f = line.split(',');
    put(f[0], 'VB');
    put(f[3], 'VBZ');
    put(f[5], 'VBG');
    put(f[10], 'VBD');
    put(f[11], 'VBD');
  }
  return forms;
});

const functionTags = new Set(['DT', 'PDT', 'IN', 'CC', 'PRP', 'PRP$', 'MD', 'TO', 'WDT', 'WP', 'WP$', 'WRB', 'EX', 'RP', 'POS']);
// Words whose first tag is one of a function word, but that are ordinary words all the same.
const notFunction = new Set('akin em counter far pie wee pro providing raising teeth route fiscal male read books'.split(' '));
// Function words to which Brill gives another tag first.
const alsoFunction = new Set(('but so no once less much many more most since until off out over up then when where why how who whom what may might must ' +
  'shall should could would can will some any such to that which ought plus per versus via').split(' '));

// Function words that Brill's lexicon lacks.
const moreFunction = new Set('amid amidst amongst atop astride whilst unto whomever whoever whichever thereof therein thereby whereby wherein whereas albeit oneself'.split(' '));

function tagsOf(word) {
  const tags = new Set();
  if (moreFunction.has(word))
    return tags.add('f');
  const from = brillTags(word);
  for (const t of from) {
    if (t === 'NN' || t === 'NNS')
      tags.add('n');
    else if (t.startsWith('VB'))
      tags.add('v');
    else if (t.startsWith('JJ'))
      tags.add('a');
    else if (/^RB|^WRB/.test(t))
      tags.add('r');
    if (functionTags.has(t) && band(word) <= 20 && (t === from[0] || alsoFunction.has(word)) && !notFunction.has(word))
      tags.add('f');
    if (t === 'VBD' || t === 'VBN')
      tags.add('past');
    if (t === 'VBG')
      tags.add('ing');
    if (t === 'VBZ')
      tags.add('pres');
  }
  if (tags.has('f')) {
    // of the many tags of a function word only the first is no accident
    const first = from[0];
    for (const t of ['n', 'v', 'a', 'r', 'past', 'ing', 'pres'])
      if (functionTags.has(first) && !from.slice(0, 2).some((x) => brillClass(x) === t))
        tags.delete(t);
  }
  if (tags.has('f') && functionTags.has(from[0]))
    return tags;
  for (const t of verbForms().get(word) || []) {
    if (t !== 'VB' || !from.length)
      tags.add('v');
    if (t === 'VBZ')
      tags.add('pres');
    else if (t === 'VBG')
      tags.add('ing');
    else if (t === 'VBD')
      tags.add('past');
  }
  if (!from.length) {
    const singular = word.replace(/(?<=[^aeiou])ies$/, 'y').replace(/(?<=(s|x|z|ch|sh))es$/, '').replace(/(?<=[^s])s$/, '');
    if (nounIndex().has(word) || (singular !== word && nounIndex().has(singular)))
      tags.add('n');
    if (verbIndex().has(word))
      tags.add('v');
    if (adjectiveIndex().has(word))
      tags.add('a');
    if (adverbIndex().has(word))
      tags.add('r');
  }
  if (!tags.size)
    guess(word, tags);
  return tags;
}

// The part of speech by the ending, for inflected forms of known words.
function guess(word, tags) {
  const known = (ending, ...replacements) => word.endsWith(ending) &&
    replacements.some((r) => band(word.slice(0, -ending.length) + r) <= 60 || band(word.slice(0, -ending.length - 1) + r) <= 60);
  if (known('ing', '', 'e'))
    ['v', 'ing'].forEach((t) => tags.add(t));
  else if (known('ed', '', 'e') || known('ied', 'y'))
    ['v', 'past'].forEach((t) => tags.add(t));
  else if (known('est', '', 'e') || known('iest', 'y') || known('ier', 'y'))
    tags.add('a');
  else if (known('ly', '', 'le', 'l'))
    tags.add('r');
  else if (known('er', '', 'e'))
    tags.add('a');
  else if (/(ise|ize)s?$/.test(word))
    tags.add('v');
  else if (word.endsWith('s') || /(men|people|i|ae)$/.test(word))
    tags.add('n');
}

const brillClass = (t) => (/^NNS?$/.test(t) ? 'n' : t.startsWith('VB') ? 'v' : t.startsWith('JJ') ? 'a' : t.startsWith('RB') ? 'r' : '');

export function words() {
  const list = new List('words', 'word', {
    case: 'any',
    source: 'deb scowl 2020.12.07 (bands 10 to 50), npm brill@3.1.0 (tags), deb python3-pattern en-verbs.txt (XTAG verb forms), deb wordnet-base 3.0 (only for words unknown to Brill)',
    license: 'SCOWL, MIT, UPenn, WordNet',
    script: 'words.mjs',
    tags: 'common = SCOWL band 10 or 20; n, v, a, r, f = can be a noun, verb, adjective, adverb, function word; past, ing, pres = verb forms',
    tagOrder: ['common', 'n', 'v', 'a', 'r', 'f', 'past', 'ing', 'pres'],
  });
  for (const [word, b] of scowl())
    if (b <= 50)
      list.add(word, [b <= 20 && 'common', ...tagsOf(word)]);
  return list;
}
