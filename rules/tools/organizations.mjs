// organizations, teams, media
import fs from 'node:fs';
import path from 'node:path';
import { List, cache, dataJson, dataLines, fold, isLatin, once, plainQuotes } from './lib.mjs';
import { censusRank, compromiseTitled } from './sources.mjs';
import { isGiven, isSurname } from './people.mjs';
import { cities, countries, countryCode, divisions, geography, usStates } from './places.mjs';
import { allCommon, calendar, isCommon, isKnownGiven, isKnownSurname, isOneWord, particles } from './wash.mjs';
import { above, nouns, pointersOf, sense } from './wordnet.mjs';
import { band } from './words.mjs';

const isPlace = (name) => [cities, countries, divisions, usStates, geography].some((list) => list().has(name)) || countryCode().has(fold(name));

// Not a name of an organization alone: an ordinary word, a place, a name of a person, a calendar word.
function isUnclean(name) {
  const key = fold(name);
  if (name.length < 2 || !isLatin(name) || /^[\d\p{Ll}]/u.test(name) || particles.has(key) || calendar.has(key) || isPlace(name))
    return true;
  const words = name.split(/[ -]/);
  if (words.length === 1)
    return band(key) <= 60 || isGiven(name) || isKnownSurname(name, 5000) || (/^\p{Lu}{1,2}$/u.test(name));
  // "John Smith": a person; "First Class", "Best Price": ordinary words
  if (words.length === 2 && isKnownGiven(words[0], 1000) && isSurname(words[1]) && !isCommon(words[1], 35))
    return true;
  return allCommon(name, 20);
}

// ---- name-suggestion-index: the description in Wikidata says what it is

const shops = /\b(chain|retail|retailer|store|stores|shop|shops|restaurant|supermarket|hypermarket|brand|bakery|pharmacy|cafe|café|coffeehouse|hotel|franchise|pizzeria|bookstore|boutique|salon|gym|cinema|grocery|flag|city|town|village|district|municipality|county|commune|country|state of|province|borough|park|building|school|song|film|album|television series|family name|surname|given name|disambiguation|wikimedia|river|island|parish|region|bicycle|bike|bus network|bus route|metro line|religion|denomination|ethnic|language)\b/;

function kindOf(description) {
  const d = description.toLowerCase();
  if (/\b(university|college)\b/.test(d) && !/\b(library|store|shop|town|hospital|health|credit union|bus|transit|network|school)\b/.test(d))
    return 'university';
  if (/\b(bank|banking|credit union|building society|financial institution)\b/.test(d) && !/\b(food bank|blood bank|west bank|river|retail chain|store|chain of)\b/.test(d))
    return 'bank';
  if (/\b(government (agency|department|ministry|body|organization)|ministry|federal agency|state agency|executive (branch|agency)|law enforcement agency|armed forces|military branch|navy|air force|intelligence|police force|regulator|central government|public authority|statutory authority|national agency|independent agency|department of)\b/.test(d))
    return 'government';
  if (shops.test(d))
    return '';
  if (/\b(company|corporation|conglomerate|manufacturer|airline|multinational|automaker|carmaker|enterprise|subsidiary|holding|business group|utility|railway operator|operator|producer|firm|insurer|group)\b/.test(d))
    return 'company';
  if (/\b(nonprofit|non-profit|non-governmental|charity|charitable|humanitarian|international organi[sz]ation|trade union|federation|association|foundation|political party|scouting organi[sz]ation)\b/.test(d))
    return 'other';
  return '';
}

const suffix = /,? (Inc\.?|Incorporated|Corp\.?|Co\.?|Ltd\.?|Limited|LLC|L\.L\.C\.|PLC|plc|S\.A\.?|SA|AG|SE|NV|N\.V\.|B\.V\.|BV|GmbH|A\/S|AS|ASA|AB|Oyj|Oy|S\.p\.A\.|SpA|Pty|LP|LLP|K\.K\.|Kft\.?|Zrt\.?|s\.r\.o\.|a\.s\.|d\.o\.o\.|d\.d\.)$/;

const cleanName = (raw) => plainQuotes(raw.normalize('NFC')).replace(/\s*\([^)]*\)/g, '').replace(/^The /, '').replace(/[™®]/g, '').trim();

function* suggestions() {
  const file = path.join(cache, 'npm/node_modules/name-suggestion-index/dist/wikidata/wikidata.json');
  const { wikidata } = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const id of Object.keys(wikidata).sort()) {
    const { label, description } = wikidata[id];
    if (!label || !description)
      continue;
    const kind = kindOf(description);
    if (kind)
      yield { name: cleanName(label), kind };
  }
}

// ---- WordNet

const orgRoots = once(() => new Set(['organization:1', 'social group:1'].map((x) => {
  const [word, n] = x.split(':');
  return sense(word, Number(n)).id;
})));

function wordnetKind(synset) {
  const names = [...above(synset).values()].flatMap((s) => s.words);
  const is = (...words) => words.some((word) => names.includes(word));
  if (is('university', 'college', 'educational institution'))
    return 'university';
  if (is('company', 'corporation', 'firm', 'business', 'enterprise', 'broadcasting company', 'airline'))
    return 'company';
  if (is('bank', 'depository financial institution', 'central bank', 'financial institution'))
    return 'bank';
  if (is('government', 'agency', 'government department', 'executive department', 'military unit', 'armed service', 'legislature', 'law enforcement agency', 'court', 'bureau', 'administrative unit', 'judiciary', 'parliament', 'intelligence', 'independent agency'))
    return 'government';
  return 'other';
}

function* wordnetOrganizations() {
  for (const synset of nouns().values()) {
    if (synset.file !== 14 && !(synset.file === 6 && pointersOf(synset, '@i').length && /\buniversity\b/.test(synset.gloss)))
      continue;
    const up = above(synset);
    if (synset.file === 14 && ![...up.keys()].some((id) => orgRoots().has(id)))
      continue;
    if ([...up.values()].some((s) => s.words.some((w) => /^(family|dynasty|people|nation|ethnic group|social class|class|country|colony|empire|race|kin|gathering|crowd|music group|society|Greek|school|culture|religion|faith|jury|audience|constellation|meeting|set|revolution)$/.test(w))))
      continue;
    for (const raw of synset.words) {
      const name = cleanName(raw);
      const acronym = /^(\p{Lu}{3,6}|(\p{Lu}\.){2,})$/u.test(name);
      const several = / /.test(name) && name.split(' ').filter((w) => /^\p{Lu}/u.test(w)).length >= 2;
      if (acronym || several)
        yield { name, kind: wordnetKind(synset) };
    }
  }
}

export const organizations = once(() => {
  const list = new List('organizations', 'org', {
    case: 'capital',
    source: 'npm name-suggestion-index@8.0.20260918 (Wikidata labels and descriptions), deb wordnet-base 3.0, dariusk/corpora (fortune500, nasdaq, djia, us_federal_agencies, charities; in rules/tools/data), npm compromise@14.17.0',
    license: 'BSD-3-Clause, CC0, WordNet, MIT',
    script: 'organizations.mjs',
    tags: 'company; bank; government = ministries, agencies, forces; university; other; amb = also a name of persons or ordinary words',
    tagOrder: ['company', 'bank', 'government', 'university', 'other', 'amb'],
  });
  const stop = new Set(dataLines('org-stop.txt').map(fold));
  const keep = new Set(dataLines('org-keep.txt').map(fold));
  const put = (raw, kind, sure = false) => {
    for (const name of new Set([raw, raw.replace(suffix, '')])) {
      const key = fold(name);
      if (stop.has(key) || list.has(name) || name.split(' ').length > 8 || /[:;!?"]|\d{4}/.test(name))
        continue;
      const unclean = isUnclean(name);
      if (keep.has(key)) {
        list.add(name, [kind, unclean && 'amb']);
        continue;
      }
      if (unclean || (!sure && isOneWord(name) && name.length < 4))
        continue;
      const amb = isOneWord(name) && ((censusRank().get(key) || 1e9) <= 20000 || isSurname(name));
      if (amb && !sure)
        continue;
      list.add(name, [kind, amb && 'amb']);
    }
  };
  for (const name of dataJson('us_federal_agencies.json').agencies)
    put(cleanName(name), 'government', true);
  for (const name of dataJson('charities.json').charities)
    put(cleanName(name), 'other', true);
  for (const { name } of dataJson('djia.json').corporations)
    put(cleanName(name), 'company', true);
  for (const name of dataJson('fortune500.json').companies)
    put(cleanName(name), 'company', true);
  for (const { name } of dataJson('nasdaq.json').corporations)
    put(cleanName(name), 'company', true);
  for (const { name, kind } of wordnetOrganizations())
    put(name, kind, true);
  for (const { name, kind } of suggestions())
    put(name, kind);
  const caps = new Map(dataLines('org-caps.txt').map((name) => [fold(name), name]));
  for (const name of compromiseTitled('Organization'))
    if (caps.has(fold(name)))
      put(caps.get(fold(name)), 'company', true);
  return list;
});

// ---- teams

export const teams = once(() => {
  const list = new List('teams', 'team', {
    case: 'capital',
    source: 'npm compromise@14.17.0 (SportsTeam), dariusk/corpora (nfl, nba, mlb, nhl, epl, laliga, serieA teams; in rules/tools/data)',
    license: 'MIT, CC0',
    script: 'organizations.mjs',
    tags: 'full = with the place; nick = the nickname alone; club = a football club; amb = also an ordinary word or a place',
    tagOrder: ['full', 'nick', 'club', 'amb'],
  });
  const put = (name, kind) => {
    const one = isOneWord(name);
    const ambiguous = isPlace(name) || (one && (isCommon(name, 60) || isKnownGiven(name) || isKnownSurname(name)));
    list.add(name, [kind, ambiguous && 'amb']);
  };
  const american = ['nfl_teams', 'nba_teams', 'mlb_teams', 'nhl_teams'].flatMap((file) => dataJson(`${file}.json`)[file].map((team) => team.name));
  for (const name of american) {
    put(name, 'full');
    if (/Football Team| of /.test(name))
      continue;
    const nick = /( (?:(?:Red|White) Sox|Blue Jays|Trail Blazers|Maple Leafs|Red Wings|Blue Jackets|Golden Knights|Football Team)$)/.exec(name);
    put(nick ? nick[1].trim() : name.split(' ').pop(), 'nick');
  }
  const clubs = [...dataJson('epl_teams.json').epl_teams, ...dataJson('laliga_teams.json').laLiga_teams, ...dataJson('serieA.json').serieA_teams].map((team) => team.name);
  for (const name of clubs)
    put(name.replace('Middlesborough', 'Middlesbrough'), 'club');
  for (const raw of compromiseTitled('SportsTeam')) {
    const name = raw.replace(/\b(Fc|Sc|La)\b/g, (w) => w.toUpperCase()).replace(/^LA (?!Galaxy)/, 'La ').replace(/^St Louis/, 'St. Louis');
    const football = /^(Aston Villa|Blackburn Rovers|Cardiff City|Leicester City|Manchester City|Queens Park Rangers|Stoke City|Tottenham Hotspur)$/.test(name);
    if (!list.has(name))
      put(name, football ? 'club' : isOneWord(name) || /^(White Sox)$/.test(name) ? 'nick' : 'full');
  }
  return list;
});

// ---- media

export const media = once(() => {
  const list = new List('media', 'media', {
    case: 'capital',
    source: 'dariusk/corpora (newspapers; in rules/tools/data)',
    license: 'CC0',
    script: 'organizations.mjs',
    tags: 'paper = a newspaper; amb = also an ordinary word or a place',
    tagOrder: ['paper', 'amb'],
  });
  for (const raw of dataJson('newspapers.json').newspapers) {
    const name = cleanName(raw.replace(/\.$/, ''));
    if (isOneWord(name) && (isPlace(name) || isCommon(name, 35)))
      continue;
    list.add(name, ['paper', allCommon(name, 35) && 'amb']);
  }
  return list;
});

