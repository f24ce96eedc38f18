#!/usr/bin/python3
"""Articles made from templates, as many as are asked for, always the same ones: what archives are measured with.

    tests/made.py COUNT [FIRST] > articles.jsonl

An article has about ten quotes, by people of a town of 20,000 of whom a few are heard often and most seldom; each has an office.
"""
import json
import random
import sys

FIRST = """Ada Agnes Albert Alice Amir Amina Andrea Anna Anton Arthur Beatrice Benjamin Boris Brenda Bridget Bruno Carla Carlos Cecilia Charles
Chloe Clara Claudia Conrad Daniel Daphne David Deborah Diana Dmitri Dora Edith Edward Elena Elias Elizabeth Emil Emma Eric Esther Eva Felix Fiona
Florence Frank Frida George Gerald Gloria Grace Gregory Hanna Harold Harriet Hassan Heather Hector Helen Henry Hugo Ian Ida Ingrid Irene Isaac Isabel
Ivan Jack Jacob James Jane Jasmine Jennifer Joan Johan John Jonas Joseph Judith Julia Karen Karl Katherine Kenneth Laura Leila Leo Lillian Linda
Louis Lucas Lucy Magnus Marcus Margaret Maria Marta Martin Mary Maya Michael Miriam Monica Nadia Nathan Nicholas Nina Nora Oliver Olga Omar Oscar
Patricia Paul Paula Peter Philip Rachel Ralph Rebecca Richard Robert Rosa Ruth Samuel Sandra Sarah Sean Simon Sofia Sonia Stella Stephen Susan
Teresa Theo Thomas Tobias Ursula Vera Victor Vincent Walter Wendy William Yasmin Yusuf Zoe""".split()
LAST_A = """Ash Beck Birch Black Brad Brook Burn Carl Cliff Cold Crane Dal Dun East Ed El Fair Farn Fen Field Ford Glen Gold Grant Green Hale Hart Hazel
Heath Hill Hol Hunt Kel Kirk Lang Law Lind Long Mans Mar Mer Mid Mill Mor Nor North Oak Old Pen Red Rich Rock Rose Rush Sand Shel Snow South Stan
Stone Thorn Thor Under Wal Ward Wat West Whit Wild Win Wood York""".split()
LAST_B = "bury by croft dale den field ford gate ham hurst land ley ling man mere more ner ridge row sen shaw side stead ster stone ton ville wald ward way well wick wood worth".split()
PLACES = """Ardmore Ashby Bellport Brackley Calder Carnforth Clayton Dunmore Eastleigh Elmsford Fairhaven Glenrock Granton Halford Harwick Holbrook
Inverley Kelby Kingsport Lakefield Langford Lowmoor Marlow Millbrook Newbridge Northam Oakdale Oldham Penrith Portmore Queensbury Redcliff
Riverton Rosedale Salford Seabrook Stanmore Stonehaven Thornbury Tilbury Upton Wakefield Warnham Westport Whitmore Winslow""".split()
BODIES = """City Council|County Court|Fire Department|Harbour Authority|Health Board|Historical Society|Housing Association|Museum of Art|Police Department|
Port Authority|School District|Teachers Union|Transport Authority|University|Water Company|Chamber of Commerce|General Hospital|Football Club|Farmers Association|Steel Corp.|
Power Company|Savings Bank|Daily Courier|Railway Company|Symphony Orchestra|Planning Commission""".replace("\n", "").split("|")
TITLES = """chairman|chairwoman|chief executive|director|deputy director|finance director|head of communications|lawyer|president|press officer|professor|
regional manager|research director|secretary|senior analyst|spokesman|spokeswoman|treasurer|vice president|chief engineer|chief inspector|coach|captain|curator|editor""".replace("\n", "").split("|")
WHO = """the council|our members|the drivers|every household|the engineers|the new owners|the whole valley|the pupils|the night shift|these families|
the auditors|the lenders|the inspectors|most tenants|the fishermen|the younger players|the volunteers|the growers|both ministries|the jury""".replace("\n", "").split("|")
DOES = """will need|have waited for|cannot afford|should welcome|have never asked for|were promised|deserve|may lose|must rebuild|voted for|will remember|
are tired of|have paid for|are ready for|argued against|had planned for|will not accept|rely on|can live with|have measured""".replace("\n", "").split("|")
KIND = """second|cheaper|proper|old|cleaner|longer|wintry|honest|larger|missing|slower|new|first|smaller|eastern|fair|northern|better|closed|common|third|warmer|
open|local|joint|public|private|wooden|brick|narrow|deep|hidden|early|costly|modest|urgent|annual|broken|careful|distant|double|empty|famous|final|frozen|
hollow|humble|inner|leaking|lonely|minor|noisy|outer|painted|plain|quiet|rapid|rural|rusty|secret|shallow|sharp|silent|simple|steep|strange|sunken|temporary|
tidal|tired|unpaid|upper|useful|vacant|vast|western|wider|worn|yearly|young""".replace("\n", "").split("|")
THING = """bridge|ticket|inquiry|harbour|pipeline|contract|timetable|ledger|ward|archive|line|pump|draft|levy|road|classroom|hearing|pier|radio|mill|fund|turbine|
room|wall|tender|workshop|aqueduct|ballot|bandstand|barge|barn|basin|beacon|bench|boiler|brewery|budget|cable|canal|canteen|catalogue|cellar|chapel|charter|chimney|
clinic|clock|compass|concert|corridor|cottage|crane|crossing|culvert|deposit|depot|diary|ditch|dock|drain|drill|embankment|engine|estate|fence|festival|fleet|fountain|
furnace|garage|garden|gate|generator|granary|greenhouse|grove|gutter|hangar|hatchery|hedge|hostel|hydrant|jetty|kiln|kitchen|ladder|lagoon|lantern|laundry|lease|library|
lift|lighthouse|loan|lobby|locker|loom|market|meadow|meter|monument|moor|mortgage|nursery|orchard|organ|oven|paddock|parade|park|pasture|path|pavement|pension|permit|
pharmacy|pitch|plaza|pond|pool|postbox|pottery|prison|quarry|quay|raft|railing|ramp|registry|relic|reservoir|roof|roundabout|sawmill|scaffold|schedule|shelter|shrine|
sluice|stable|staircase|statue|stove|subsidy|switchboard|tannery|tariff|theatre|tower|tramway|treaty|trench|trolley|tunnel|vault|veranda|viaduct|vineyard|warehouse|wharf|
windmill|workhouse|yard""".replace("\n", "").split("|")
WHEN = """before the spring|within two years|by the end of June|after the flood|in spite of the cost|as long as it takes|without another vote|at any price|
before the next season|since the fire|for a third year|while prices rise|until the court decides|on the same terms|with half of the staff|
under the new law|when the ferry stops|in the coming weeks|whatever the report says|once the survey is done""".replace("\n", "").split("|")
TAIL = """and nobody has told us why|and that is only the beginning|but we are patient|and I will say so in public|which is what we asked for in the autumn|
and the numbers are clear|but it is not too late|and everybody in %s knows it|because the work was never finished|and we will pay %d pounds of it ourselves|
though %d people signed against it|and I have seen %d such cases|but the people of %s were not heard|and it took %d days""".replace("\n", "").split("|")
SAYS = ["said"] * 8 + ["warned", "added", "argued", "insisted", "explained", "promised"]


class Town:
    """Who lives there: made once."""

    def __init__(self):
        dice = random.Random(20240)
        last = ["%s%s" % (a, b) for a in LAST_A for b in LAST_B if a[-1:].lower() != b[0]]
        bodies = ["%s %s" % (place, body) for place in PLACES for body in BODIES]
        self.people = [("%s %s" % (dice.choice(FIRST), dice.choice(last)), dice.choice(TITLES), dice.choice(bodies)) for _ in range(20000)]

    def somebody(self, dice):
        return self.people[int(len(self.people) * dice.random() ** 3)]


def filled(text, dice):
    return text % dice.choice(PLACES) if "%s" in text else text % dice.randrange(3, 9000) if "%d" in text else text


def seldom(dice, items):
    """The first ones often, the last ones seldom, as with words."""
    return items[int(len(items) * dice.random() ** 2)]


def thing(dice):
    return "the %s %s" % (seldom(dice, KIND), seldom(dice, THING))


def words(dice):
    text = "%s %s %s %s" % (dice.choice(WHO), dice.choice(DOES), thing(dice), dice.choice(WHEN))
    return text + (", " + filled(dice.choice(TAIL), dice) if dice.random() < 0.7 else "")


def capital(text):
    return text[0].upper() + text[1:]


def paragraph(person, dice, known):
    name, title, body = person
    verb = dice.choice(SAYS)
    who = name.split()[-1] if known else "%s, %s of %s," % (name, title, body)
    shape = dice.random()
    if shape < 0.6:
        return "\u201c%s,\u201d %s %s." % (capital(words(dice)), verb, who.rstrip(","))
    if shape < 0.8:
        return "%s %s that %s." % (who, verb if verb not in ("added", "promised") else "said", words(dice))
    return "%s said: \u201c%s. %s.\u201d" % (who, capital(words(dice)), capital(words(dice)))


def article(town, number):
    dice = random.Random(number)
    people = [town.somebody(dice) for _ in range(dice.randrange(2, 6))]
    place, what = dice.choice(PLACES), thing(dice)
    parts = ["%s residents met on Monday to talk about %s." % (place, what)]
    known = set()
    for _ in range(10):
        person = dice.choice(people)
        parts.append(paragraph(person, dice, person[0] in known))
        known.add(person[0])
    day = "%04d-%02d-%02d" % (2000 + number // 360 % 25, number // 30 % 12 + 1, number % 30 % 28 + 1)
    return {"id": "made-%d" % number, "headline": "%s talks about %s" % (place, what), "published": day, "text": "\n\n".join(parts)}


def main():
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    town = Town()
    for number in range(first, first + count):
        print(json.dumps(article(town, number), ensure_ascii=False))


if __name__ == "__main__":
    main()
