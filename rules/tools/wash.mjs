// The one wash for all lists: what is also an ordinary word, a calendar word, a name of a person or of a place.
import { fold, once, dataLines } from './lib.mjs';
import { band } from './words.mjs';
import { birthCount, censusRank, territories } from './sources.mjs';

export const calendar = new Set(('january february march april may june july august september october november december jan feb mar apr jun ' +
  'jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun ' +
  'christmas easter ramadan eid diwali passover hanukkah thanksgiving lent advent halloween spring summer autumn winter today tomorrow ' +
  'yesterday noon midnight').split(' '));

// Words that begin or join names, or are names of nothing.
export const particles = new Set(('the a an of and or to in on at by for from with de la le les du des del della di da do dos das den der die das dem ' +
  'van von zu zum zur el al bin ibn bint ben ter te ten op het een il lo los las un una san santa saint st mr mrs ms dr sir lord lady ' +
  'jr sr ii iii iv us uk usa un eu tv pm am no it is as be he we me my so if up go not but you all she her his him was who why how are has had were ' +
  'our out off own per via its this that they them then than when what where which who whom').split(' '));

export const isCommon = (word, limit = 50) => band(fold(word)) <= limit;

export const isOneWord = (text) => !/[ \-./&']/.test(text);

export const countryNames = once(() => {
  const names = new Set();
  for (const [code, name] of Object.entries(territories()))
    if (/^[A-Z]{2}/.test(code))
      names.add(fold(name));
  return names;
});

const givenStop = once(() => new Set(dataLines('given-stop.txt').map(fold)));
const surnameStop = once(() => new Set(dataLines('surname-stop.txt').map(fold)));

export const isStoppedGiven = (name) => givenStop().has(fold(name));
export const isStoppedSurname = (name) => surnameStop().has(fold(name));

// Is this word, alone, better known as a person's name?
export const isKnownGiven = (name, least = 5000) => birthCount(name) >= least;
export const isKnownSurname = (name, rank = 5000) => (censusRank().get(fold(name)) || 1e9) <= rank;

// Only words that are common when written small: "Central Region", "Upper River".
export const allCommon = (text, limit = 35) => text.split(/[ -]/).every((word) => band(fold(word)) <= limit || particles.has(fold(word)));
