// Words for what a person is: offices, professions, ranks, and other roles.
import { List, dataJson, dataLines, fold, once } from './lib.mjs';
import { compromise } from './sources.mjs';
import { above, below, nounIndex, nouns, sense } from './wordnet.mjs';
import { band, brillTags } from './words.mjs';

// Roots in WordNet: word:sense. What is below several gets the first kind that fits.
const roots = {
  religious: 'religious person:1 religious leader:1 clergyman:1 spiritual leader:1 religious:1',
  military: 'military man:1 military officer:1 military personnel:1 serviceman:1 commissioned officer:1 veteran:2 militant:1',
  political: 'head of state:1 politician:1 politician:2 ruler:1 legislator:1 diplomat:1 government minister:1 civil servant:1 head:4 official:1 official:2 ' +
    'mayor:1 aristocrat:1 public servant:1 representative:1 premier:2 chancellor:3 spokesperson:1 negotiator:1 emissary:1 administrator:1 ' +
    'political leader:1 statesman:1 activist:1 governor:1 president:1 campaigner:1 candidate:1',
  job: 'worker:1 professional:1 employee:1 specialist:1 scientist:1 artist:1 performer:1 entertainer:1 athlete:1 writer:1 lawyer:1 ' +
    'businessperson:1 businessman:1 executive:1 health professional:1 educator:1 skilled worker:1 journalist:1 capitalist:2 adviser:1 ' +
    'scholar:1 athlete:1 ballplayer:1 football player:1 trainer:1 supervisor:1 manager:1 director:1 policeman:1 engineer:1 ' +
    'craftsman:1 merchant:1 seller:1 judge:1 analyst:1 commentator:1 investigator:1 leader:1 peacekeeper:3',
  other: 'student:1 witness:1 criminal:1 victim:1 prisoner:1 survivor:1 suspect:2 defendant:1 founder:2 refugee:1 immigrant:1 rebel:1 ' +
    'terrorist:1 supporter:1 opponent:1 protester:1 critic:2 resident:1 voter:1 passenger:1 patient:1 chairman:1 colleague:1 ally:1 winner:2 ' +
    'winner:1 champion:1 offspring:1 spouse:1 parent:1 neighbor:1',
};

// Tags that the corpora and compromise entries get by their words.
const byWord = [
  ['military', /\b(general|colonel|captain|lieutenant|sergeant|admiral|soldier|marine|major|brigadier|commodore|corporal|infantry|artillery|sniper)\b/],
  ['religious', /\b(priest|bishop|rabbi|imam|pastor|nun|monk|cardinal|pope|clergy|cleric|chaplain|minister of religion|deacon|vicar)\b/],
  ['political', /\b(president|minister|senator|mayor|governor|congress|ambassador|diplomat|legislator|politician|councillor|lawmaker|chancellor|premier)\b/],
];

const person = () => sense('person', 1).id;

const rootIds = once(() => {
  const ids = new Map();
  for (const [kind, names] of Object.entries(roots))
    for (const [, word, n] of names.matchAll(/([a-z][a-z ]*):(\d)/g)) {
      let synset;
      try {
        synset = sense(word, Number(n));
      } catch {
        continue;
      }
      if (synset.file === 18 && !ids.has(synset.id))
        ids.set(synset.id, kind);
    }
  return ids;
});

function kindOf(synset) {
  const ids = [synset.id, ...above(synset).keys()];
  for (const kind of Object.keys(roots))
    if (ids.some((id) => rootIds().get(id) === kind))
      return kind;
  return '';
}

const irregular = new Map(Object.entries({ woman: 'women', man: 'men', person: 'people', child: 'children', wife: 'wives', thief: 'thieves', chief: 'chiefs',
  'chief of staff': 'chiefs of staff', 'attorney general': 'attorneys general', 'secretary general': 'secretaries general', 'man at arms': 'men at arms',
  'surgeon general': 'surgeons general', 'solicitor general': 'solicitors general', 'governor general': 'governors general', 'poet laureate': 'poets laureate',
  'passerby': 'passersby', 'president elect': 'presidents elect', 'alumnus': 'alumni', 'alumna': 'alumnae', 'clergy': '', 'staff': '', 'personnel': '', 'police': '' }));

function plural(word) {
  if (irregular.has(word))
    return irregular.get(word);
  const head = /^(.+?)( (?:of|in|at|to|on|for) .+|-in-.+|-at-.+|-general|-elect| general$| emeritus$| laureate$)$/.exec(word);
  if (head && !/(major|brigadier|lieutenant|postmaster|adjutant)[ -]general$/.test(word))
    return plural(head[1]) + head[2];
  const m = /^(.*[ -])?([^ -]+)$/.exec(word);
  const [before, last] = [m[1] || '', m[2]];
  if (irregular.has(last))
    return before + irregular.get(last);
  if (/(wo)?man$/.test(last) && !/^(human|shaman|german|roman|norman|talisman|ottoman|brahman|mussulman|cayman)$/.test(last))
    return before + last.replace(/man$/, 'men');
  if (/[^aeiou]y$/.test(last))
    return before + last.replace(/y$/, 'ies');
  if (/(s|x|z|ch|sh)$/.test(last))
    return before + (/(people|ics|folk)$/.test(last) ? last : `${last}es`);
  return before + (/(people|folk|personnel|police|kin)$/.test(last) ? '' : `${last}s`) || '';
}

export const roles = once(() => {
  const list = new List('roles', 'role', {
    case: 'any',
    source: 'deb wordnet-base 3.0 (nouns of persons), dariusk/corpora (occupations; in rules/tools/data), npm compromise@14.17.0 (Actor), rules/tools/data/roles-more.txt',
    license: 'WordNet, CC0, MIT',
    script: 'roles.mjs',
    tags: 'political, military, religious, job, other = kind; plural = a plural; amb = more often something else than a person',
    tagOrder: ['political', 'military', 'religious', 'job', 'other', 'plural', 'amb'],
  });
  const stop = new Set(dataLines('role-stop.txt'));
  const ambiguous = new Set(dataLines('role-amb.txt'));
  const put = (word, kind, amb) => {
    const one = !/[ -]/.test(word);
    if (stop.has(word) || list.has(word) || !/^[a-z][a-z' -]+[a-z]$/.test(word) || (one && word.length < 3))
      return;
    const uncertain = amb || ambiguous.has(word);
    list.add(word, [kind, uncertain && 'amb']);
    const many = plural(word);
    if (many && many !== word && !stop.has(many))
      list.add(many, [kind, 'plural', uncertain && 'amb']);
  };
  // hand additions first: their kinds win
  for (const line of dataLines('roles-more.txt')) {
    const [kind, ...words] = line.split(/\s*[:,]\s*/);
    for (const word of words)
      if (word)
        put(word, kind);
  }
  const top = nouns().get(person());
  for (const synset of below([top]).values()) {
    const kind = kindOf(synset);
    if (!kind)
      continue;
    for (const word of synset.words) {
      if (!/^[a-z]/.test(word))
        continue;
      if (/[ -]/.test(word)) {
        // several words: the last must be a common word, all of them known
        const parts = word.split(/[ -]/);
        const limit = kind === 'job' || kind === 'other' ? 35 : 50;
        if (parts.every((p) => band(p.replace(/'s$/, '')) <= limit) && !/[A-Z]/.test(word))
          put(word, kind);
        continue;
      }
      if (band(word) > (kind === 'other' ? 35 : 50) || (kind === 'other' && /(aholic|hater|lover)$/.test(word)))
        continue;
      const senses = nounIndex().get(word) || [];
      const place = senses.indexOf(synset.id);
      // The sense must be the first, or the second with the first a person too; other words are ambiguous or left out.
      const firstIsPerson = senses.length > 0 && nouns().get(senses[0]).file === 18;
      const tags = brillTags(word);
      const notNoun = tags.length > 0 && !/^NN/.test(tags[0]);
      if (place > 2 || ((!firstIsPerson || (notNoun && band(word) > 35)) && !ambiguous.has(word)))
        continue;
      put(word, kind, !firstIsPerson || notNoun);
    }
  }
  const kindByWord = (word) => (byWord.find(([, pattern]) => pattern.test(word)) || ['job'])[0];
  for (const word of dataJson('occupations.json').occupations)
    if (!/[A-Z,()/]/.test(word) && word.split(' ').length <= 3 && /(er|or|ist|ian|man|ant|ent|ee|eer|ess|ic|ive)$/.test(word) && word.split(/[ -]/).every((p) => band(p) <= 60) && !/ (and|or) /.test(word))
      put(fold(word), kindByWord(word), false);
  for (const word of compromise('Actor'))
    if (/^[a-z' -]+$/.test(word) && /[ -]/.test(word) ? word.split(/[ -]/).every((p) => band(p) <= 60) : band(word) <= 60 && nounIndex().has(word) && nouns().get(nounIndex().get(word)[0]).file === 18)
      put(word, kindByWord(word), false);
  return list;
});
