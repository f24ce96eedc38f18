// node build.mjs FOLDER [list…]: write the generated word lists into FOLDER.
import fs from 'node:fs';
import { media, organizations, teams } from './organizations.mjs';
import { givenNames, nationalities, surnames, useCountryCodes } from './people.mjs';
import { cities, countries, countryCode, divisions, geography, usStates } from './places.mjs';
import { roles } from './roles.mjs';
import { words } from './words.mjs';

useCountryCodes(countryCode);

const makers = {
  cities, countries, divisions, geography, 'given-names': givenNames, media, nationalities, organizations, roles, surnames, teams,
  'us-states': usStates, words,
};

const [folder, ...wanted] = process.argv.slice(2);
fs.mkdirSync(folder, { recursive: true });
for (const [name, make] of Object.entries(makers))
  if (!wanted.length || wanted.includes(name))
    console.log(`${name}: ${make().write(folder)} entries`);
