// What every list script needs: where the data lie, folding, reading, and writing a list file.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const here = path.dirname(fileURLToPath(import.meta.url));
export const cache = path.resolve(process.env.LISTS_CACHE || path.join(here, '../../build/lists-cache'));

const npm = path.join(cache, 'npm');
export const requireNpm = createRequire(path.join(npm, 'index.js'));
export const importNpm = (name) => import(pathToFileURL(requireNpm.resolve(name)).href);
export const npmText = (file) => fs.readFileSync(path.join(npm, 'node_modules', file), 'utf8');
export const npmDir = (dir) => fs.readdirSync(path.join(npm, 'node_modules', dir)).sort();
export const debText = (file) => fs.readFileSync(path.join(cache, 'deb/root', file), 'utf8');
export const debDir = (dir) => fs.readdirSync(path.join(cache, 'deb/root', dir)).sort();
export const cacheText = (file) => fs.readFileSync(path.join(cache, file), 'utf8');
export const dataJson = (file) => JSON.parse(fs.readFileSync(path.join(here, 'data', file), 'utf8'));

// The lines of a text file in data/: one entry a line, # begins a comment.
export function dataLines(file) {
  return fs.readFileSync(path.join(here, 'data', file), 'utf8').split('\n')
    .map((line) => line.replace(/#.*/, '').trim()).filter(Boolean);
}

// Run a function once and keep its result.
export function once(make) {
  let value;
  return () => (value === undefined ? (value = make()) : value);
}

const letters = { ø: 'o', ł: 'l', đ: 'd', ð: 'd', ı: 'i', æ: 'ae', œ: 'oe', ħ: 'h', ə: 'a', ß: 'ss' };

// As the program folds: lower case, no diacritics, plain quotation marks and hyphens.
export function fold(text) {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')
    .replace(/[øłđðıæœħəß]/g, (c) => letters[c])
    .replace(/[‘’‚‛′ʼʻʹ`]/g, "'").replace(/[‐‑−]/g, '-').replace(/\s+/g, ' ').trim();
}

export const plainQuotes = (text) => text.replace(/[‘’‛′ʼʻʹ`]/g, "'").replace(/[‐‑−]/g, '-').replace(/\s+/g, ' ').trim();

const small = new Set(['of', 'the', 'and', 'de', 'la', 'le', 'du', 'des', 'del', 'di', 'da', 'do', 'dos', 'das', 'e', 'y',
  'al', 'el', 'on', 'upon', 'in', 'for', 'und', 'et', 'a', 'am', 'an', 'der', 'sur', 'por', 'para']);

// "new south wales" -> "New South Wales", "o'brien" -> "O'Brien", "jean-luc" -> "Jean-Luc"
export function titleCase(text) {
  return text.split(' ').map((word, i) => (i > 0 && small.has(word) ? word : capitalise(word))).join(' ');
}

export function capitalise(word) {
  return word.replace(/(^|-|^[od]')(\p{Ll})/gu, (all, before, c) => (before.length > 1 ? before[0].toUpperCase() + before.slice(1) : before) + c.toUpperCase())
    .replace(/^([OD]')(\p{Ll})/u, (all, before, c) => before + c.toUpperCase());
}

// Only Latin letters (with or without diacritics), spaces, and the marks that are found in names.
export const isLatin = (text) => /^[\p{Script=Latin}\p{M} .'&\-–/0-9]+$/u.test(text);

const byteOrder = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

// Collects entries; of those that fold alike the first stays and takes over the tags of the later ones.
export class List {
  constructor(name, feature, header) {
    this.name = name;
    this.feature = feature;
    this.header = header;
    this.entries = new Map();
    this.exact = header.case === 'exact';
  }

  key(surface) {
    return this.exact ? surface : fold(surface);
  }

  has(surface) {
    return this.entries.has(this.key(surface));
  }

  add(surface, tags = [], attributes = {}) {
    const text = plainQuotes(surface.normalize('NFC')).replace(/^The /, '');
    if (!text || /[\t\p{C}]/u.test(text) || text.split(/[ -]/).length > 10)
      return;
    const key = this.key(text);
    let entry = this.entries.get(key);
    if (!entry)
      this.entries.set(key, entry = { surface: text, tags: new Set(), attributes: {} });
    for (const tag of tags)
      if (tag)
        entry.tags.add(tag);
    for (const [name, value] of Object.entries(attributes))
      if (value && !entry.attributes[name])
        entry.attributes[name] = value;
  }

  write(folder) {
    const { source, license, tags } = this.header;
    const lines = [
      `# list: ${this.name}`,
      `# feature: ${this.feature}`,
      `# case: ${this.header.case}`,
      `# source: ${source}   license: ${license}   made by: rules/tools/${this.header.script}`,
      `# tags: ${tags}`,
    ];
    const order = this.header.tagOrder;
    const entries = [...this.entries.values()].sort((a, b) => byteOrder(a.surface, b.surface));
    for (const { surface, tags: set, attributes } of entries) {
      const sorted = [...set].sort((a, b) => order.indexOf(a) - order.indexOf(b));
      for (const tag of sorted)
        if (!order.includes(tag))
          throw new Error(`${this.name}: unknown tag ${tag} of ${surface}`);
      const values = Object.keys(attributes).sort().map((name) => `${name}=${attributes[name]}`);
      lines.push([surface, ...sorted, ...values].join('\t'));
    }
    fs.writeFileSync(path.join(folder, `${this.name}.tsv`), `${lines.join('\n')}\n`);
    return entries.length;
  }
}
